public import SeawallTime

/// A cause began, grew, or ended: what a log of permissions has a line for.
public struct PermissionChange: Hashable, Sendable {
    /// What happened to the cause.
    public enum Event: String, Codable, Sendable, CaseIterable {
        /// It began.
        case raised
        /// It became stricter, or lasts longer.
        case extended
        /// It was cleared, or released by hand.
        case cleared
        /// Time ended it.
        case expired
    }

    /// Where the change stands among all changes of one gate, from 1 on, without holes.
    public var sequence: UInt64

    /// What happened.
    public var event: Event

    /// The cause after it, or, where it ended, as it was last.
    public var cause: Cause

    /// When it became true: for a cause that time ended that is its end, though it may be noticed later.
    public var at: MonotonicInstant

    /// The name of the cause's stay, the same from its raising to its end, and never used again.
    public var id: String { cause.record }

    /// What the cause covers.
    public var scope: CauseScope { cause.key.scope }

    /// What the cause still allows.
    public var level: Permission { cause.level }

    /// Why.
    public var code: ReasonCode { cause.code }

    /// The episode of trouble that it belongs to.
    public var episode: String { cause.episode }

    /// When time will end it; nil where time does not.
    public var until: MonotonicInstant? { cause.release.until }
}

extension PermissionChange: CustomStringConvertible {
    /// The event and the cause on one line.
    public var description: String { "\(event.rawValue) \(cause)" }
}
