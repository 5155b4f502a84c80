/// What became of the spans that an exporter was given, since it was made.
///
/// The numbers add up to all spans that were given.
public struct OTLPStatus: Hashable, Sendable {
    /// Spans that the server has taken.
    public var delivered: Int

    /// Spans of delivered batches that the server did not want.
    public var rejected: Int

    /// Spans of batches that were given up: the server refused them, or could not be reached in time.
    public var failed: Int

    /// Spans that were never sent: there was no room, a span alone was too large, or the exporter was shut down.
    public var dropped: Int

    /// Spans that wait, or are under way.
    public var waiting: Int

    /// Why a batch was given up or spans were rejected, the last time; nil where neither has happened.
    ///
    /// No address is in it, and of what the server said at most 1,000 characters.
    public var lastFailure: String?
}
