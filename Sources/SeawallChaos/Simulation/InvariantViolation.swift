public import SeawallTime

/// Something that a user demanded of a run and that did not hold.
public struct InvariantViolation: Sendable, Hashable, CustomStringConvertible {
    /// The name of the invariant.
    public let name: String

    /// What was wrong, in the words of the invariant.
    public let message: String

    /// The virtual time at which it was seen.
    public let instant: MonotonicInstant

    /// How many jobs had run when it was seen.
    public let step: Int

    /// The name, what was wrong, and when.
    public var description: String { "invariant \(name) violated at \(instant), step \(step): \(message)" }
}
