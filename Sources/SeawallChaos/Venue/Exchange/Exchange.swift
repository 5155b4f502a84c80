internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The matching engine and the account of a simulated venue, as a value that knows no clock.
///
/// It shares nothing with what it judges: identity, reduce-only and money are kept here in the plainest way.
struct Exchange: Sendable {
    /// How long the price stays at one point.
    static let pointInterval = Duration.seconds(15)

    let profile: VenueProfile
    let configuration: SimulatedVenueConfiguration
    let start: MonotonicInstant
    let civilStart: CivilInstant
    /// Millionths of the amount traded.
    let makerRate: Int128
    let takerRate: Int128

    var markets: [ExchangeMarket]
    let marketBySymbol: [Symbol: Int]
    var orders: [ExchangeOrder] = []
    var ordersByClientID: [ClientOrderID: [Int]] = [:]
    var groups: [LinkID: [Int]] = [:]
    var fills: [ExchangeFill] = []
    /// When the request that is worked on arrived.
    var requestArrivedAt: MonotonicInstant
    /// True where some limit gives back what an order was charged once it fills.
    let givesBack: Bool
    /// Orders that have begun to fill since somebody asked.
    var releases: [OrderRelease] = []
    var ended: [Int] = []
    var wallets: [Asset: ExchangeWallet]
    var status = VenueStatus(mode: .online)
    /// When the mode ends by itself and the venue is online again.
    var modeEndsAt: MonotonicInstant?
    /// Fills of orders that have not come yet.
    var awaitedFills: [ClientOrderID: AwaitedFill] = [:]
    /// True where what there is to tell must not wait.
    var isUrgent = false

    /// Up to where the exchange has lived.
    var clock: MonotonicInstant
    /// The earliest instant at which an order may run out, or earlier.
    var nextExpiry: MonotonicInstant?
    /// True where streams of the account want to hear.
    var hasUserListeners = false
    var outputs: [ExchangeOutput] = []
    var counts = VenueTruth.Counts()
    var visibilities: SeededGenerator
    var pieces: SeededGenerator

    var now: MonotonicInstant { clock }

    func civil(_ instant: MonotonicInstant) -> CivilInstant {
        civilStart.advanced(by: start.duration(to: instant))
    }

    func monotonic(_ civil: CivilInstant) -> MonotonicInstant {
        start.advanced(by: civilStart.duration(to: civil))
    }

    /// When queries and lists begin to see an order that is taken now.
    mutating func drawVisibility() -> MonotonicInstant {
        let visible = clock.advanced(by: configuration.visibilityLag)
        guard configuration.visibilityJitter > .zero else { return visible }
        return visible.advanced(by: visibilities.duration(in: .zero...configuration.visibilityJitter))
    }

    func index(of symbol: Symbol) throws(Refusal) -> Int {
        guard let index = marketBySymbol[symbol] else { throw .unknownSymbol }
        return index
    }

    /// Takes the orders that have begun to fill, where that matters to a limit.
    mutating func takeReleases() -> [OrderRelease] {
        if releases.isEmpty { return [] }
        defer { releases = [] }
        return releases
    }

    /// Tells once whether what there is to tell must not wait.
    mutating func takeUrgency() -> Bool {
        guard isUrgent else { return false }
        isUrgent = false
        return true
    }

    /// Takes what the exchange had to tell.
    mutating func takeOutputs() -> [ExchangeOutput] {
        if outputs.isEmpty { return [] }
        defer { outputs = [] }
        return outputs
    }
}
