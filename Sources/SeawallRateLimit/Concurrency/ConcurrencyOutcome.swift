/// How a call ended that was in flight, as far as a learnt limit is concerned.
public enum ConcurrencyOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// The venue did its work, whatever it answered: how long that took counts.
    case succeeded

    /// The venue was overloaded, said that there were too many calls, or did not answer in time: the limit is cut.
    case dropped

    /// It says nothing of the venue's load: cancelled, never sent, refused at the door. The limit learns nothing.
    case ignored
}
