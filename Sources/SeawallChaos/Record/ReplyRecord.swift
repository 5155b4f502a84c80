public import Seawall

/// The answer to a request is back at the edge, or nobody waits for it any more.
public struct ReplyRecord: Sendable {
    /// How a request came back.
    public enum Event: String, Sendable {
        /// In time.
        case answered
        /// The library stopped waiting.
        case gaveUp
        /// After the library had stopped waiting.
        case late
    }

    /// The request.
    public var id: String

    /// How it came back.
    public var event: Event

    /// What the edge saw; nil where nothing came.
    public var outcome: String?

    /// The HTTP status, where there was one.
    public var status: Int?

    /// Retry-After as it came.
    public var retryAfter: String?

    /// The scope that the venue limited.
    public var limitScope: LimitScope?

    /// Until when, as the venue meant it.
    public var until: MonotonicInstant?

    /// The page of the list that follows, where the answer is a page and says that there is another.
    public var next: PageCursor?
}
