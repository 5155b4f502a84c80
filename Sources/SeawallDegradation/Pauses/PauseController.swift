public import SeawallTime

/// What may be sent, and why not more: causes are raised, extended, cleared, released by hand, and ended by time.
///
/// Each cause has a name and a scope. Raising it again extends it and never shortens or loosens it; ending it leaves all
/// others. The effective permission of an order is the most restrictive active cause that covers it. Every method that
/// changes something returns what changed in order, with the expiries that it was the first to notice.
public final class PauseController: Sendable {
    let storage: GateStorage

    init(_ storage: GateStorage) { self.storage = storage }

    /// Makes a controller of its own, without the book of an `OrderGate`.
    public convenience init(environment: RuntimeEnvironment = RuntimeEnvironment(), boot: Int = 0) {
        self.init(GateStorage(GateCore(boot: boot), time: environment.time))
    }

    /// Raises a cause, or extends it where it is active.
    ///
    /// The stricter level stays and the later end wins; by hand holds against all, an open end against a timed one. A
    /// level of `open`, or an end that has passed, restricts nothing and changes nothing.
    ///
    /// - Parameters:
    ///   - id: Who restricts. The same id in the same scope is the same cause.
    ///   - scope: What it covers.
    ///   - level: What it still allows.
    ///   - release: What ends it.
    ///   - code: Why, in a word.
    ///   - message: Why, for a person.
    ///   - evidence: What was seen.
    ///   - episode: The episode of trouble it belongs to; nil makes one. An active cause keeps its episode.
    @discardableResult
    public func raise(
        _ id: CauseID, scope: CauseScope = .global, level: Permission, release: Release, code: ReasonCode,
        message: String, evidence: [String] = [], episode: String? = nil
    ) -> [PermissionChange] {
        storage.step { core, now in
            let key = core.normalised(CauseKey(id, scope: scope))
            return core.permissions.raise(
                key, level: level, release: release, code: code, message: message, evidence: evidence,
                episode: episode, now: now)
        }
    }

    /// Raises a cause that time ends `duration` from now, or a hand where that is nil.
    @discardableResult
    public func raise(
        _ id: CauseID, scope: CauseScope = .global, level: Permission, for duration: Duration?, code: ReasonCode,
        message: String, evidence: [String] = [], episode: String? = nil
    ) -> [PermissionChange] {
        storage.step { core, now in
            let key = core.normalised(CauseKey(id, scope: scope))
            let release = duration.map { Release.at(now.advanced(by: $0)) } ?? .byHand
            return core.permissions.raise(
                key, level: level, release: release, code: code, message: message, evidence: evidence,
                episode: episode, now: now)
        }
    }

    /// Ends a cause whose condition is gone; one that only a hand releases stays.
    @discardableResult
    public func clear(_ id: CauseID, scope: CauseScope = .global) -> [PermissionChange] {
        storage.step { core, now in core.permissions.clear(core.normalised(CauseKey(id, scope: scope)), now: now) }
    }

    /// Ends a cause by hand, whatever would have released it.
    @discardableResult
    public func release(_ id: CauseID, scope: CauseScope = .global) -> [PermissionChange] {
        storage.step { core, now in core.permissions.release(core.normalised(CauseKey(id, scope: scope)), now: now) }
    }

    /// Notices what time has ended since anybody last asked, in the order in which it ended.
    @discardableResult
    public func poll() -> [PermissionChange] {
        storage.step { core, now in core.permissions.expire(now: now) }
    }

    /// What may be sent for such an order now; without an origin, for any.
    public func permission(for origin: OrderOrigin = OrderOrigin()) -> Permission {
        storage.step { core, now in core.permission(for: origin, now: now) }
    }

    /// Every active cause, until when it lasts, and what would release it.
    public var status: PauseStatus {
        storage.step { core, now in
            PauseStatus(
                global: core.permissions.effective(for: OrderOrigin(), now: now),
                causes: core.permissions.active(now: now))
        }
    }

    /// The earliest instant at which time ends a cause; nil where none ends by time.
    public var nextExpiry: MonotonicInstant? {
        storage.step { core, _ in core.permissions.nextExpiry }
    }

    /// A count of all changes so far, that of time included up to now.
    public var version: UInt64 {
        storage.step { core, now in core.permissions.version(at: now) }
    }
}
