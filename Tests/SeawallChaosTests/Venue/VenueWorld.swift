import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A number written as text, so that no Double stands between.
func number(_ text: String) throws -> Decimal {
    try #require(Decimal(string: text), "\(text) is no number")
}

/// A simulated venue on manual time that answers at once, with everything that it told.
struct VenueWorld {
    static let symbol: Symbol = "BTCUSDT"

    let time: ManualTime
    let spawner = TaskSpawner()
    let venue: SimulatedVenue
    private let log: EventLog

    var events: [VenueEvent] { log.events }
    func events(_ kind: VenueEvent.Kind) -> [VenueEvent] { log.events.filter { $0.kind == kind } }

    /// Makes a venue; a flat market at 100 for ever unless candles are given.
    init(
        _ candles: [Candle]? = nil,
        profile: VenueProfile = .plain,
        configuration: SimulatedVenueConfiguration = .instant,
        markets: [SimulatedMarket]? = nil,
        time: ManualTime = ManualTime()
    ) throws {
        self.time = time
        let log = EventLog()
        self.log = log
        let flat = candles ?? [Candle.flat(100)]
        venue = try SimulatedVenue(
            profile: profile,
            markets: try markets ?? [SimulatedMarket(.bitcoin, candles: .recorded(flat))],
            configuration: configuration,
            environment: RuntimeEnvironment(time: time, spawner: spawner),
            observe: { log.append($0) })
    }

    /// Asks the venue to live up to now by looking at it.
    @discardableResult
    func look() -> VenueTruth { venue.truth() }

    func place(_ order: OrderRequest) async throws -> Order { try await venue.place(order) }

    /// Every trade, page by page.
    func allFills(_ symbol: Symbol? = nil) async throws -> [Fill] {
        var fills: [Fill] = []
        var cursor: FillCursor?
        while true {
            let page = try await venue.fills(since: cursor, symbol: symbol)
            fills += page.fills
            cursor = page.cursor
            if !page.hasMore { return fills }
        }
    }

    var position: Decimal { look().positions[VenueWorld.symbol] ?? 0 }
}

/// What a venue told, in order.
final class EventLog: Sendable {
    private let storage = Lock<[VenueEvent]>([])

    var events: [VenueEvent] { storage.withLock { $0 } }
    func append(_ event: VenueEvent) { storage.withLock { $0.append(event) } }
}

extension Candle {
    /// A minute at one price.
    static func flat(_ price: Decimal, volume: Decimal = 1_000) -> Candle { walk(price, price, price, price, volume) }

    /// A minute of four prices.
    static func walk(
        _ open: Decimal, _ high: Decimal, _ low: Decimal, _ close: Decimal, _ volume: Decimal = 1_000
    ) -> Candle {
        Candle(
            openTime: CivilInstant(nanosecondsSinceEpoch: 0), open: open, high: high, low: low, close: close,
            volume: volume)
    }
}

extension InstrumentRules {
    /// A tick and a lot of one hundredth and one thousandth, and no minimum to speak of.
    static let bitcoin = InstrumentRules(
        symbol: VenueWorld.symbol, tick: Decimal(sign: .plus, exponent: -2, significand: 1),
        lot: Decimal(sign: .plus, exponent: -3, significand: 1),
        minimumQuantity: Decimal(sign: .plus, exponent: -3, significand: 1), minimumNotional: 5, base: "BTC",
        quote: "USDT")

    /// The same under another name.
    static func named(_ symbol: Symbol) -> InstrumentRules {
        var rules = bitcoin
        rules.symbol = symbol
        return rules
    }
}

extension VenueProfile {
    /// A venue that has everything, with limits that no test meets by accident; it speaks as Binance USD-M does.
    static let plain = VenueProfile(
        name: "plain", identity: .uniqueAmongOpen, clientIDLength: 36, errors: [], limits: [], costs: [:],
        usageHeaders: [:], visibilityLag: .seconds(5), receiveWindow: .seconds(5),
        capabilities: [
            .manyTickers, .candles, .depth, .rules, .history, .queryByClientID, .cancelByClientID, .amend, .cancelMany,
            .cancelAll, .deadManTimer, .reduceOnly, .linkedGroups, .quoteQuantity, .fees, .permissions, .limits,
            .status, .serverTime, .marketStream, .userStream,
        ],
        defaultBan: .seconds(120), defaultRetryAfter: .seconds(60), heartbeat: .seconds(10), pageSize: 3,
        wordings: VenueProfile.binanceUSDM.wordings)

    func with(_ change: (inout VenueProfile) -> Void) -> VenueProfile {
        var profile = self
        change(&profile)
        return profile
    }
}

extension OrderRequest {
    static func market(
        _ side: Side, _ quantity: Decimal, reduceOnly: Bool = false, id: ClientOrderID? = nil
    ) -> OrderRequest {
        OrderRequest(
            symbol: VenueWorld.symbol, side: side, quantity: .base(quantity), type: .market, isReduceOnly: reduceOnly,
            clientID: id)
    }

    static func limit(
        _ side: Side, _ quantity: Decimal, at price: Decimal, _ timeInForce: TimeInForce = .goodTillCancelled,
        postOnly: Bool = false, reduceOnly: Bool = false, group: LinkID? = nil, id: ClientOrderID? = nil
    ) -> OrderRequest {
        OrderRequest(
            symbol: VenueWorld.symbol, side: side, quantity: .base(quantity), type: .limit(price: price),
            timeInForce: timeInForce, isPostOnly: postOnly, isReduceOnly: reduceOnly, group: group, clientID: id)
    }

    static func stop(
        _ side: Side, _ quantity: Decimal, at trigger: Decimal, price: Decimal? = nil, reduceOnly: Bool = false,
        group: LinkID? = nil, id: ClientOrderID? = nil
    ) -> OrderRequest {
        OrderRequest(
            symbol: VenueWorld.symbol, side: side, quantity: .base(quantity),
            type: price.map { .stopLimit(trigger: trigger, price: $0) } ?? .stop(trigger: trigger),
            isReduceOnly: reduceOnly, group: group, clientID: id)
    }
}

/// The venue's code of the error that a call threw, or a test failure.
func code(of call: () async throws -> some Sendable) async -> String? {
    do {
        let answer = try await call()
        Issue.record("expected a refusal, got \(answer)")
        return nil
    } catch let error as BrokerError {
        return error.venueCode ?? error.code.rawValue
    } catch {
        Issue.record("expected a BrokerError, got \(error)")
        return nil
    }
}
