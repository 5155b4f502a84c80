/// The half of an amend that is done where an amend is a cancel and a new order in one call.
public enum FaultHalf: String, Codable, Sendable, CaseIterable {
    /// The old order is cancelled, and there is no new one.
    case cancel
    /// The new order is taken, and the old one goes on working beside it.
    case order
}
