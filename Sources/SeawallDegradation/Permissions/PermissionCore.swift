package import SeawallTime

/// The causes that restrict, as a pure state machine: a set of causes, each monotone while it lasts.
///
/// The effective permission at an instant is the most restrictive of the active causes that cover the order. Instants
/// that go back are taken for the latest seen. What must outlive the process is exactly `causes`.
package struct PermissionCore: Sendable {
    /// Active causes, and those whose end nobody has noticed yet.
    package private(set) var causes: [CauseKey: Cause] = [:]

    /// Counts changes: while it stands still, and `nextExpiry` is ahead, no permission has changed.
    package private(set) var version: UInt64 = 0

    /// The earliest instant at which time ends a cause.
    package private(set) var nextExpiry: MonotonicInstant?

    private let boot: Int
    private var stays: UInt64 = 0
    private var latest = MonotonicInstant(nanoseconds: .min)

    /// Makes a core without causes; `boot` keeps the names of stays apart from those of earlier starts of the process.
    package init(boot: Int = 0) { self.boot = boot }

    /// Raises a cause, or extends it where it is active: the stricter level stays, the later end wins.
    ///
    /// A level of `open`, or an end that has passed, restricts nothing and changes nothing.
    package mutating func raise(
        _ key: CauseKey, level: Permission, release: Release, code: ReasonCode, message: String,
        evidence: [String] = [], episode: String? = nil, now: MonotonicInstant
    ) -> [PermissionChange] {
        var changes = expire(now: now)
        guard level != .open, isAhead(release) else { return changes }
        if var cause = causes[key] {
            let before = (cause.level, cause.release)
            cause.extend(level: level, release: release, code: code, message: message, evidence: evidence)
            causes[key] = cause
            if before != (cause.level, cause.release) { changes.append(change(.extended, cause, at: latest)) }
        } else {
            stays += 1
            let record = "\(boot).\(stays)"
            var cause = Cause(
                key: key, record: record, level: level, release: release, code: code, message: message, evidence: [],
                episode: episode ?? record, raisedAt: latest)
            cause.note(evidence)
            causes[key] = cause
            changes.append(change(.raised, cause, at: latest))
        }
        findNextExpiry()
        return changes
    }

    /// Brings back a cause of an earlier run of the process under its record, unless one of its key stands already.
    package mutating func restore(_ cause: Cause, now: MonotonicInstant) -> [PermissionChange] {
        var changes = expire(now: now)
        guard causes[cause.key] == nil, isAhead(cause.release) else { return changes }
        causes[cause.key] = cause
        changes.append(change(.raised, cause, at: latest))
        findNextExpiry()
        return changes
    }

    /// Ends a cause whose condition is gone; one that only a hand releases stays.
    package mutating func clear(_ key: CauseKey, now: MonotonicInstant) -> [PermissionChange] {
        var changes = expire(now: now)
        if let cause = causes[key], cause.release != .byHand { changes.append(end(cause)) }
        return changes
    }

    /// Ends a cause by hand, whatever would have released it.
    package mutating func release(_ key: CauseKey, now: MonotonicInstant) -> [PermissionChange] {
        var changes = expire(now: now)
        if let cause = causes[key] { changes.append(end(cause)) }
        return changes
    }

    /// Removes what time has ended, in the order in which it ended.
    package mutating func expire(now: MonotonicInstant) -> [PermissionChange] {
        latest = max(latest, now)
        guard let next = nextExpiry, next <= latest else { return [] }
        let ended = causes.values.filter { !$0.isActive(at: latest) }
            .sorted { ($0.release.until ?? latest, $0.key) < ($1.release.until ?? latest, $1.key) }
        let changes = ended.map { cause in
            causes[cause.key] = nil
            return change(.expired, cause, at: cause.release.until ?? latest)
        }
        findNextExpiry()
        return changes
    }

    /// The most restrictive active cause that covers the order decides; without one everything may be sent.
    package func effective(for origin: OrderOrigin, now: MonotonicInstant) -> Permission {
        let now = max(latest, now)
        var permission = Permission.open
        for cause in causes.values where cause.isActive(at: now) && cause.key.scope.covers(origin) {
            permission = min(permission, cause.level)
        }
        return permission
    }

    /// Every active cause that `isIncluded` takes, the most restrictive first.
    package func active(
        now: MonotonicInstant, where isIncluded: (Cause) -> Bool = { _ in true }
    ) -> [CauseStatus] {
        let now = max(latest, now)
        return causes.values.filter { $0.isActive(at: now) && isIncluded($0) }
            .sorted { ($0.level, $0.key) < ($1.level, $1.key) }
            .map { CauseStatus($0, now: now) }
    }

    /// The count of changes, with those that time has made up to `now` and nobody has noticed.
    package func version(at now: MonotonicInstant) -> UInt64 {
        guard let nextExpiry, nextExpiry <= now else { return version }
        return version + UInt64(causes.values.count { !$0.isActive(at: now) })
    }

    private func isAhead(_ release: Release) -> Bool {
        guard let until = release.until else { return true }
        return latest < until
    }

    private mutating func end(_ cause: Cause) -> PermissionChange {
        causes[cause.key] = nil
        findNextExpiry()
        return change(.cleared, cause, at: latest)
    }

    private mutating func change(
        _ event: PermissionChange.Event, _ cause: Cause, at instant: MonotonicInstant
    ) -> PermissionChange {
        version += 1
        return PermissionChange(sequence: version, event: event, cause: cause, at: instant)
    }

    private mutating func findNextExpiry() {
        nextExpiry = causes.values.compactMap(\.release.until).min()
    }
}

extension Cause {
    /// Takes in another raising of the same cause, which never shortens nor loosens it.
    fileprivate mutating func extend(
        level: Permission, release: Release, code: ReasonCode, message: String, evidence: [String]
    ) {
        var lines = evidence
        if level < self.level {
            // The stricter raising decides, so its reason is the one to show; the other stays as evidence.
            if message != self.message { lines.insert(self.message, at: 0) }
            self.level = level
            self.code = code
            self.message = message
        } else if message != self.message {
            lines.insert(message, at: 0)
        }
        self.release = self.release.extended(by: release)
        note(lines)
    }
}
