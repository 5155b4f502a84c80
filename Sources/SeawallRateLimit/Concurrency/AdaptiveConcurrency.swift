/// How a limit on calls in flight is learnt from how long calls take.
///
/// The rule is that of Envoy's adaptive concurrency filter (gradient controller): the median latency of the calls begun
/// under a limit is set against the latency of a venue that is not crowded, and the limit follows the ratio. Where a number
/// below has no other source, it is Envoy's default.
///
/// Every sample belongs to the limit under which its call began, and counts for no other. What an uncrowded venue takes is
/// measured while few calls are in flight: whenever traffic is that light, and else in a probe, for which the limit falls to
/// `probeLimit`. So it follows the venue in both directions, and calls that wait for each other never become the measure.
///
/// All calls of one limiter should be of one kind: pings that answer at once make everything else look slow.
public struct AdaptiveConcurrency: Hashable, Sendable {
    /// The limit before anything is known, after the first probe; `minimum` to `maximum`, 20 by default as in Netflix's
    /// concurrency-limits.
    public var initial: Int

    /// The floor: the limit is never below it, whatever happens; 1 to 1,000,000, 3 by default.
    public var minimum: Int

    /// The ceiling: the limit is never above it; `minimum` to 1,000,000, 200 by default as in Netflix's Gradient2.
    public var maximum: Int

    /// How many calls may be in flight for their latency to count as that of an uncrowded venue; `minimum` to `maximum`,
    /// 3 by default.
    ///
    /// A venue that handles fewer at once seems slower than it is, and the limit comes out higher by the same ratio.
    public var probeLimit: Int

    /// How many calls are measured before the limit changes, and in a probe; 5 to 1,000, 20 by default.
    ///
    /// Envoy waits for 50 in its probe; a bot makes fewer calls than a proxy.
    public var samples: Int

    /// By how much the median latency may exceed that of the uncrowded venue before the limit falls, in thousandths; 10 to
    /// 10,000, 250 by default.
    public var tolerancePerMille: Int

    /// How much of the way to its new value the limit goes at once, in thousandths; 10 to 1,000, 500 by default.
    ///
    /// At 1,000 the noise of each measurement shows in full. Ours, by simulation: Netflix takes 200, Envoy 1,000.
    public var smoothingPerMille: Int

    /// What is left of the limit after a call was dropped, in thousandths; 100 to 990, 700 by default as in RFC 9438.
    ///
    /// Drops of calls that began before the last cut change nothing: they tell of the same trouble.
    public var cutPerMille: Int

    /// The longest time for which a measurement of the uncrowded venue is believed, up to 15 % more or less by chance, so
    /// that processes do not probe in step; 1 s to 1 day, 60 s by default.
    ///
    /// A probe lasts some `samples` / `probeLimit` latencies.
    public var probeInterval: Duration

    /// Makes a configuration; it is judged when a limiter is made from it.
    public init(
        initial: Int = 20, minimum: Int = 3, maximum: Int = 200, probeLimit: Int = 3, samples: Int = 20,
        tolerancePerMille: Int = 250, smoothingPerMille: Int = 500, cutPerMille: Int = 700,
        probeInterval: Duration = .seconds(60)
    ) {
        self.initial = initial
        self.minimum = minimum
        self.maximum = maximum
        self.probeLimit = probeLimit
        self.samples = samples
        self.tolerancePerMille = tolerancePerMille
        self.smoothingPerMille = smoothingPerMille
        self.cutPerMille = cutPerMille
        self.probeInterval = probeInterval
    }
}
