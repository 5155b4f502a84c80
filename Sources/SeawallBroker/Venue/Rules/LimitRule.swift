/// One of a venue's limits.
///
/// Counts are integers. Where a venue counts in fractions (Kraken's counter falls by 0.33 a second), `limit`, `decay` and
/// the costs are all written in the same smaller unit, such as hundredths.
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
        /// A counter that falls steadily by `decay` a second, never below 0.
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

    /// How much the window holds, or how high a decaying counter may stand.
    public var limit: Int

    /// How long the window is; for a decaying counter, how long it takes to fall from the limit to 0, or zero.
    public var window: Duration

    /// Where fixed windows begin, after the multiple of `window`.
    public var offset: Duration

    /// How much a decaying counter falls a second.
    public var decay: Int

    /// True where what an order was charged is given back when the order begins to fill.
    public var releasesOnFill: Bool

    /// Makes a limit.
    public init(
        name: String, scope: LimitScope, counts: Subject, shape: Shape, limit: Int, window: Duration,
        offset: Duration = .zero, decay: Int = 0, releasesOnFill: Bool = false
    ) {
        self.name = name
        self.scope = scope
        self.counts = counts
        self.shape = shape
        self.limit = limit
        self.window = window
        self.offset = offset
        self.decay = decay
        self.releasesOnFill = releasesOnFill
    }

    /// True where each symbol has a counter of its own, which calls about other symbols leave alone.
    public var isPerSymbol: Bool { scope == .symbol }
}
