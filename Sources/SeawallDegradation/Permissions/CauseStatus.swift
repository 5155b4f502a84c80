package import SeawallTime

/// A cause as a status shows it: with how long it still lasts.
public struct CauseStatus: Hashable, Sendable {
    /// The cause.
    public var cause: Cause

    /// How long until time ends it; nil where time does not.
    public var remaining: Duration?

    package init(_ cause: Cause, now: MonotonicInstant) {
        self.cause = cause
        remaining = cause.release.until.map { now.duration(to: $0) }
    }
}

extension CauseStatus: CustomStringConvertible {
    /// The cause on one line, with the time that remains.
    public var description: String {
        guard let remaining else { return cause.description }
        return "\(cause) (\(remaining) left)"
    }
}
