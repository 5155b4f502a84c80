/// Which answer comes back of a request that reached the venue twice.
public enum FaultCopy: String, Codable, Sendable, CaseIterable {
    /// The answer to the first.
    case first
    /// The answer to the second.
    case second
}
