public import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How a simulated venue behaves where its profile does not say.
public struct SimulatedVenueConfiguration: Hashable, Sendable {
    /// The seed of the latencies.
    ///
    /// Default: 0.
    public var seed: UInt64

    /// How long a request takes to the venue.
    ///
    /// Default: 10 to 30 ms.
    public var requestLatency: ClosedRange<Duration>

    /// How long a reply, or an event of a stream, takes back.
    ///
    /// Default: 10 to 30 ms.
    public var replyLatency: ClosedRange<Duration>

    /// How long the venue's one server works on a request; those that arrive meanwhile queue.
    ///
    /// Default: 1 ms.
    public var serviceTime: Duration

    /// What the account begins with.
    ///
    /// Default: 100,000 of each market's quote currency.
    public var balances: [Asset: Decimal]?

    /// What the account holds of each symbol from the first price on, signed, in base.
    ///
    /// Default: nothing.
    public var positions: [Symbol: Decimal]

    /// How many times its margin a position may be worth, 1 to 125.
    ///
    /// Default: 10.
    public var leverage: Int

    /// What trading costs, in whole millionths.
    ///
    /// Default: 0.0002 for makers, 0.0005 for takers.
    public var fees: FeeRates

    /// How much trades at a price.
    public var liquidity: SimulatedLiquidity

    /// How long an order that was taken stays invisible, at most the profile's.
    ///
    /// Queries and the lists of open and past orders see nothing of it until then. Fills, balances, positions, streams
    /// and the answer to its place see it at once, and it can be changed and cancelled. Default: 0.
    public var visibilityLag: Duration

    /// How much longer, at most, each order stays invisible, drawn from the seed; with the lag at most the profile's.
    ///
    /// Default: 0.
    public var visibilityJitter: Duration

    /// How many requests into a rate limit turn it into a ban, at least 1; what was under way already is forgiven.
    ///
    /// Default: 3.
    public var requestsUntilBan: Int

    /// How far the venue's clock is ahead of the machine's at the beginning; negative where it is behind.
    ///
    /// Requests are judged by the venue's clock, and everything it says is in its time. Default: 0.
    public var clockOffset: Duration

    /// How many pieces, at most, a trade comes in, drawn from the seed, 1 to 100.
    ///
    /// Default: 1.
    public var piecesPerTrade: Int

    /// How many events wait for the consumer of a stream before the oldest are lost, at least 1.
    ///
    /// Default: 4,096.
    public var streamBuffer: Int

    /// Makes a configuration; what is left out has the default that the property names.
    public init(
        seed: UInt64 = 0,
        requestLatency: ClosedRange<Duration> = .milliseconds(10) ... .milliseconds(30),
        replyLatency: ClosedRange<Duration> = .milliseconds(10) ... .milliseconds(30),
        serviceTime: Duration = .milliseconds(1),
        balances: [Asset: Decimal]? = nil,
        positions: [Symbol: Decimal] = [:],
        leverage: Int = 10,
        fees: FeeRates = FeeRates(
            maker: Decimal(sign: .plus, exponent: -4, significand: 2),
            taker: Decimal(sign: .plus, exponent: -4, significand: 5)),
        liquidity: SimulatedLiquidity = SimulatedLiquidity(),
        visibilityLag: Duration = .zero,
        requestsUntilBan: Int = 3,
        streamBuffer: Int = 4_096,
        visibilityJitter: Duration = .zero,
        clockOffset: Duration = .zero,
        piecesPerTrade: Int = 1
    ) {
        self.seed = seed
        self.requestLatency = requestLatency
        self.replyLatency = replyLatency
        self.serviceTime = serviceTime
        self.balances = balances
        self.positions = positions
        self.leverage = leverage
        self.fees = fees
        self.liquidity = liquidity
        self.visibilityLag = visibilityLag
        self.requestsUntilBan = requestsUntilBan
        self.streamBuffer = streamBuffer
        self.visibilityJitter = visibilityJitter
        self.clockOffset = clockOffset
        self.piecesPerTrade = piecesPerTrade
    }

    /// A venue that answers in no time, for tests of something else.
    public static let instant = SimulatedVenueConfiguration(
        requestLatency: .zero ... .zero, replyLatency: .zero ... .zero, serviceTime: .zero)
}
