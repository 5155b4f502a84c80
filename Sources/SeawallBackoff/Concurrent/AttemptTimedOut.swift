/// The error of an attempt that took longer than its timeout: an ambiguous failure, whatever the caller calls it.
public struct AttemptTimedOut: Error, Sendable, CustomStringConvertible {
    /// The timeout, shortened where the deadline came first.
    public var timeout: Duration

    /// What the attempt threw after it had been cancelled; nil where it was abandoned.
    public var underlying: (any Error)?

    /// Timeout and underlying error in one line.
    public var description: String {
        "no answer within \(timeout)" + (underlying.map { "; the attempt then threw \($0)" } ?? "; it was abandoned")
    }
}
