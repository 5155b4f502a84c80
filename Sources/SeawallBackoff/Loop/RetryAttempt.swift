public import SeawallTime

/// What an operation is told about the attempt that it is.
public struct RetryAttempt: Hashable, Sendable {
    /// Its number, from 1.
    public let number: Int

    /// The instant by which it should have ended: the deadline, or the attempt's own timeout if that is earlier.
    ///
    /// Hand it down to what the operation calls. The plain retry does not cut an attempt off when it passes.
    public let deadline: MonotonicInstant?

    @inlinable init(number: Int, deadline: MonotonicInstant?) {
        self.number = number
        self.deadline = deadline
    }
}
