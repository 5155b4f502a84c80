/// Where on the way of a call something happens.
public enum FaultMoment: String, Codable, Sendable, CaseIterable {
    /// Before the call reaches the venue.
    case before
    /// After the venue is done with it, and before the reply reaches the caller.
    case after
}
