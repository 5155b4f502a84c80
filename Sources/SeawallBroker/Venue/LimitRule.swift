/// One of a venue's limits.
public struct LimitRule: Hashable, Codable, Sendable {
    /// What a limit counts.
    public enum Subject: String, Codable, Sendable, CaseIterable {
        /// The weight of calls.
        case weight
        /// Orders placed.
        case order
        /// Orders open at once.
        case open
    }

    /// How the window moves.
    public enum Shape: String, Codable, Sendable, CaseIterable {
        /// The last `window` before each call.
        case rolling
        /// Windows that begin at multiples of `window` (plus `offset`) on the venue's civil clock.
        case fixed
        /// A counter that falls steadily.
        case decay
    }

    /// The limit's name, unique in the profile.
    public var name: String

    /// What it counts by.
    public var scope: LimitScope

    /// What it counts.
    public var counts: Subject

    /// How its window moves.
    public var shape: Shape

    /// How much the window holds.
    public var limit: Int

    /// How long the window is.
    public var window: Duration

    /// Where fixed windows begin, after the multiple of `window`.
    public var offset: Duration

    /// How much a decaying counter falls a second.
    public var decay: Int

    /// Makes a limit.
    public init(
        name: String, scope: LimitScope, counts: Subject, shape: Shape, limit: Int, window: Duration,
        offset: Duration = .zero, decay: Int = 0
    ) {
        self.name = name
        self.scope = scope
        self.counts = counts
        self.shape = shape
        self.limit = limit
        self.window = window
        self.offset = offset
        self.decay = decay
    }
}
