import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Random histories of everything an account can do, judged by plain sums over what the exchange told.
@Suite struct ExchangeHistoryTests {
    @Test(arguments: [IdentityClass.uniqueAmongOpen, .uniqueForever, .returnsOriginal, .unchecked])
    func randomHistoriesKeepTheInvariants(identity: IdentityClass) throws {
        var fills = 0
        var cutDown = 0
        var flips = 0
        for seed in 1...25 as ClosedRange<UInt64> {
            var history = try ExchangeHistory(seed: seed, identity: identity)
            for _ in 0..<120 {
                history.step()
                history.check()
            }
            try history.closeEverything()
            fills += history.exchange.fills.count
            cutDown += history.reduceOnlyEndedEarly
            flips += history.flips
        }
        // The invariants mean little if nothing happened.
        #expect(fills > 300)
        #expect(cutDown > 5)
        #expect(flips > 5)
    }
}

extension ExchangeHistoryTests {
    @Test func amendsThatReplaceAndTradesInPiecesKeepThemToo() throws {
        var replaced = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            var history = try ExchangeHistory(seed: seed, identity: .uniqueAmongOpen, amendReplaces: true, pieces: 4)
            for _ in 0..<120 {
                history.step()
                history.check()
            }
            replaced += history.exchange.orders.count { $0.replaces != nil }
            try history.closeEverything()
        }
        #expect(replaced > 5)
    }
}

/// One random history and the naive books beside it.
struct ExchangeHistory {
    private static let names: [ClientOrderID] = ["a", "b", "c", "d", "e", "f"]

    private(set) var exchange: Exchange
    private(set) var reduceOnlyEndedEarly = 0
    private(set) var flips = 0
    private let identity: IdentityClass
    private var random: SeededGenerator
    private var cash: Decimal = 0
    private var fees: Decimal = 0
    private var position: Decimal = 0
    private var filledByOrder: [VenueOrderID: Decimal] = [:]
    /// The account as its stream tells it: orders as last heard of, and the sum of the trades.
    private var told: [VenueOrderID: Order] = [:]
    private var toldPosition: Decimal = 0

    init(seed: UInt64, identity: IdentityClass, amendReplaces: Bool = false, pieces: Int = 1) throws {
        self.identity = identity
        random = SeededGenerator(seed: seed, stream: "history")
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 100, minimum: 1)
        configuration.seed = seed
        configuration.piecesPerTrade = pieces
        let source = CandleSource.randomWalk(start: 100, seed: seed, basisPoints: 300, volume: 40)
        exchange = try Exchange(
            profile: VenueProfile.plain.with {
                $0.identity = identity
                $0.amendReplaces = amendReplaces
            },
            markets: [SimulatedMarket(.bitcoin, candles: source)], configuration: configuration, start: .origin,
            civilStart: CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000))
        exchange.hasUserListeners = true
    }

    mutating func step() {
        exchange.advance(to: exchange.clock.advanced(by: .seconds(Int64(random.below(20)))))
        read()
        let target: OrderTarget = .client(ExchangeHistory.names[Int(random.below(6))])
        switch random.below(11) {
        case 10: _ = try? exchange.force(target, symbol: VenueWorld.symbol, perMille: Int(random.below(1_100)))
        case 0: _ = try? exchange.cancel(target, symbol: VenueWorld.symbol, name: nil)
        case 1: _ = try? exchange.amend(amendment(target), name: nil)
        case 2: try? exchange.setTimer(.seconds(Int64(random.below(30))), symbol: VenueWorld.symbol)
        default: _ = try? exchange.place(order(), name: nil)
        }
        read()
    }

    /// Keeps the books by what was told: an event at a time, in order.
    private mutating func read() {
        for output in exchange.takeOutputs() {
            hear(output)
            guard case .truth(let event) = output else { continue }
            guard let orderID = event.orderID, let remaining = event.remaining, let quantity = event.quantity else {
                continue
            }
            #expect(remaining >= 0)
            #expect(remaining <= quantity)
            if event.kind == .expired, exchange.orders[(Int(orderID.rawValue) ?? 1) - 1].isReduceOnly {
                reduceOnlyEndedEarly += 1
            }
            guard event.kind == .filled, let traded = event.filled, let price = event.price, let fee = event.fee else {
                continue
            }
            let before = position
            position += event.side == .buy ? traded : -traded
            cash -= event.side == .buy ? traded * price : -traded * price
            fees += fee
            filledByOrder[orderID, default: 0] += traded
            #expect(event.position == position)
            #expect(traded > 0)
            let order = exchange.orderValue(Int(orderID.rawValue) ?? 1)
            if order.isReduceOnly {
                #expect(abs(position) < abs(before))
                #expect((position < 0) == (before < 0) || position == 0)
            } else if before != 0, position != 0, (before < 0) != (position < 0) {
                flips += 1
            }
            if let limit = order.type.price, order.status != .working || order.type.price == price {
                #expect(event.side == .buy ? price <= limit : price >= limit)
            }
        }
    }

    private mutating func hear(_ output: ExchangeOutput) {
        switch output {
        case .order(let order, _): if let id = order.venueID { told[id] = order }
        case .fill(let fill, _): toldPosition += fill.side == .buy ? fill.quantity : -fill.quantity
        case .truth, .ticker: break
        }
    }

    /// Everything that must hold at every moment.
    func check() {
        #expect(toldPosition == position)
        for id in exchange.markets[0].working { #expect(told[exchange.venueID(id)] == exchange.orderValue(id)) }
        let truth = exchange.truth()
        #expect(truth.positions[VenueWorld.symbol] == position)
        #expect(truth.wallets["USDT"]?.fees == fees)
        for order in exchange.orders {
            let value = exchange.orderValue(order.id)
            #expect(value.filled <= value.quantity)
            #expect(value.filled == filledByOrder[exchange.venueID(order.id)] ?? 0)
            #expect((order.status == .filled) == (value.filled == value.quantity))
        }
        for (name, orders) in truth.ordersByClientID {
            let open = orders.filter { $0.status == .working }.count
            switch identity {
            case .uniqueAmongOpen: #expect(open <= 1, "\(name)")
            case .uniqueForever, .returnsOriginal: #expect(orders.count == 1, "\(name)")
            case .unchecked: break
            }
        }
        let working = Set(exchange.markets[0].working)
        #expect(working == Set(exchange.orders.filter(\.isWorking).map(\.id)))
        #expect(working.isDisjoint(with: exchange.ended))
        #expect(working.count + exchange.ended.count == exchange.orders.count)
    }

    /// Flat at the end, what was made is to the last digit what was paid and received, less the fees.
    mutating func closeEverything() throws {
        _ = try exchange.cancelAll(symbol: VenueWorld.symbol, name: nil)
        read()
        var guardCount = 0
        while position != 0, guardCount < 1_000 {
            let side: Side = position > 0 ? .sell : .buy
            _ = try? exchange.place(.market(side, abs(position), reduceOnly: true), name: nil)
            exchange.advance(to: exchange.clock.advanced(by: .seconds(15)))
            read()
            guardCount += 1
        }
        for order in exchange.orders {
            #expect(told[exchange.venueID(order.id)] == exchange.orderValue(order.id))
        }
        #expect(position == 0)
        let wallet = try #require(exchange.truth().wallets["USDT"])
        #expect(wallet.realizedProfit == cash)
        #expect(wallet.balance == wallet.initial + cash - fees)
    }

    private mutating func amendment(_ target: OrderTarget) -> AmendRequest {
        var amend = AmendRequest(target: target, symbol: VenueWorld.symbol)
        if random.chance(0.7) { amend.quantity = quantity() }
        if random.chance(0.7) { amend.price = near() }
        return amend
    }

    private mutating func order() -> OrderRequest {
        let side: Side = random.chance(0.5) ? .buy : .sell
        let price = near()
        let types: [OrderType] = [
            .market, .limit(price: price), .limit(price: price), .stop(trigger: price),
            .stopLimit(trigger: price, price: near()),
        ]
        let ends = exchange.civil(exchange.clock).advanced(by: .seconds(Int64(random.below(60))))
        let times: [TimeInForce] = [
            .goodTillCancelled, .goodTillCancelled, .goodTillDate(ends), .immediateOrCancel, .fillOrKill,
        ]
        return OrderRequest(
            symbol: VenueWorld.symbol, side: side, quantity: .base(quantity()), type: types[Int(random.below(5))],
            timeInForce: times[Int(random.below(5))], isPostOnly: random.chance(0.1),
            isReduceOnly: random.chance(0.3), group: random.chance(0.2) ? "g" : nil,
            clientID: identity == .uniqueForever || identity == .returnsOriginal
                ? ClientOrderID("\(random.below(400))") : ExchangeHistory.names[Int(random.below(6))])
    }

    private mutating func quantity() -> Decimal {
        DecimalSteps(exponent: -3).value(Int64(random.below(30_000)) + 1)
    }

    private mutating func near() -> Decimal {
        let price = exchange.markets[0].price
        return DecimalSteps(exponent: -2).value(max(1, price - 200 + Int64(random.below(401))))
    }
}
