/// The name of the request that the current task makes, by which the venue's truth is tied to a record of the edge.
public enum VenueRequest {
    /// Set by whoever records what is handed to the venue; nil where nobody does.
    @TaskLocal public static var id: String?
}
