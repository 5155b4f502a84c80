public import SeawallTime

/// What is known of the request that the current task makes, beside what it asks.
public enum VenueRequest {
    /// The request's name, by which the venue's truth is tied to a record of the edge.
    ///
    /// Set by whoever records what is handed to the venue; nil where nobody does.
    @TaskLocal public static var id: String?

    /// The civil time of the caller's machine at which the request was signed.
    ///
    /// Set by whoever carries requests of a machine whose clock is its own; nil takes the clock of the venue's environment
    /// at the call, counted back to when the guard handed the call over.
    @TaskLocal public static var signedAt: CivilInstant?
}
