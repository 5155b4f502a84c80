/// Which part of a broker a fault works on; of each site at most one fault strikes a call or an event.
public enum FaultSite: String, Codable, Sendable, CaseIterable {
    /// The call itself: its request, its answer.
    case call
    /// Fills on their way, in answers and on the account's stream.
    case fills
    /// What a stream brings, counted by the event; for a stream that flaps, by the connection.
    case stream
    /// What lies beyond calls: the machine, the venue, the account. The call then goes on.
    case world
}
