public import Seawall

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a run is: everything that a judge must know before the first event.
public struct RunHeader: Sendable {
    /// One breaker of the layer, with what its promise depends on.
    public struct Breaker: Sendable {
        /// The breaker's name.
        public var name: String

        /// How many probes it may admit at once.
        public var probes: Int

        /// How long a probe may take before its place is given to another.
        public var lease: Duration
    }

    /// The version of the log's schema.
    ///
    /// 2 added `disk`, `world` and `sweep` lines, `heals_at` to `run`, and `release` to `permission`.
    public static let schema = 2

    /// The seed.
    public var seed: UInt64

    /// The scenario's name.
    public var scenario: String

    /// The civil time at instant zero.
    public var civilAtZero: CivilInstant

    /// The venue's profile.
    public var venue: VenueProfile

    /// What is traded.
    public var symbols: [Symbol]

    /// The positions at the start, signed.
    public var positions: [Symbol: Decimal]

    /// The layer's breakers.
    public var breakers: [Breaker]

    /// From when on nothing strikes any more and the venue is well; nil where that is not promised.
    public var healsAt: MonotonicInstant?
}
