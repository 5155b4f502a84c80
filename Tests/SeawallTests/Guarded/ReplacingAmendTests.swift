import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Amends at a venue where each is a cancel and a new order, before the simulated venue.
@Suite struct ReplacingAmendTests {
    @Test(arguments: [true, false])
    func anOrderStaysOneOverItsReplacements(hasStream: Bool) throws {
        try Desk.run(hasStream: hasStream) { desk in
            let placed = try await desk.buy(2)
            desk.fill(perMille: 500)
            try await desk.pass(20)
            let first = try await desk.amend(to: 3)
            #expect(first.quantity == 3 && first.filled == 1 && first.venueID != placed.venueID)
            #expect(desk.open == 2)
            try await desk.check(filled: 1, of: 3)
            desk.fill(perMille: 500)
            try await desk.pass(20)
            try await desk.check(filled: 2, of: 3)
            _ = try await desk.amend(to: 5)
            #expect(desk.open == 3, "what both legs have filled is part of the whole")
            try await desk.check(filled: 2, of: 5)
            _ = try await desk.amend(to: nil, price: 18_000)
            #expect(desk.open == 3)
            try await desk.check(filled: 2, of: 5)
            _ = try await desk.amend(to: 3)
            #expect(desk.open == 1)
            try await desk.pass(20)
            try await desk.check(filled: 2, of: 3)
            desk.fill(perMille: 1_000)
            try await desk.pass(20)
            try await desk.check(filled: 3, of: 3)
            #expect(try await desk.known().status == .filled)
        }
    }

    @Test(arguments: [true, false])
    func whatFillsUnseenBeforeTheAmendIsPartOfTheWhole(hasStream: Bool) throws {
        try Desk.run(hasStream: hasStream) { desk in
            _ = try await desk.buy(4)
            desk.fill(perMille: 250)
            let order = try await desk.amend(to: 3)
            #expect(order.quantity == 3 && order.filled == 1)
            #expect(desk.open == 2)
            #expect(desk.counted == 2)
            try await desk.pass(20)
            try await desk.check(filled: 1, of: 3)
        }
    }

    @Test(arguments: [true, false])
    func theNameOfAReplacedLegStillMeansTheOrder(hasStream: Bool) throws {
        try Desk.run(hasStream: hasStream) { desk in
            let placed = try await desk.buy(2)
            let old = OrderTarget.venue(try #require(placed.venueID))
            _ = try await desk.amend(to: 3)
            let again = try await desk.broker.amend(AmendRequest(target: old, symbol: Desk.symbol, quantity: 4))
            #expect(again.quantity == 4)
            #expect(desk.open == 4)
            #expect(try await desk.broker.cancel(old, symbol: Desk.symbol).status == .cancelled)
            #expect(desk.open == 0 && desk.counted == 0)
        }
    }

    @Test(arguments: [true, false])
    func anAmendInDoubtIsResolvedWhateverBecameOfIt(hasStream: Bool) throws {
        let reset = FaultLoss.reset(after: .milliseconds(50))
        let cases: [(FaultEffect, open: Decimal)] = [
            (.lostAfter(reset), 2), (.lostBefore(reset), 1), (.halfAmend(.cancel), 0),
        ]
        for (effect, open) in cases {
            try Desk.run(hasStream: hasStream, plan: [.once(effect, on: .on(.amend))], isSlow: true) { desk in
                _ = try await desk.buy(2)
                desk.fill(perMille: 500)
                let answer = try? await desk.amend(to: 3)
                // Where the stream has shown what was made, the lost answer is missed by nobody.
                if let answer { #expect(hasStream && answer.quantity == 3 && open == 2) }
                #expect(desk.counted ?? 0 >= desk.open)
                if !hasStream {
                    let error = await #expect(throws: GuardError.self) { try await desk.amend(to: 9) }
                    #expect(error?.reasons == ["amend_in_flight"])
                }
                for _ in 0..<60 {
                    try await desk.pass(1)
                    #expect(desk.counted ?? 0 >= desk.open, "\(effect)")
                }
                #expect(desk.open == open)
                try await desk.check(filled: 1, of: open == 2 ? 3 : 2)
                #expect(try await desk.known().status == (open == 0 ? .cancelled : .working))
                if open > 0 { #expect(try await desk.amend(to: 5).quantity == 5) }
                #expect(desk.open == (open > 0 ? 4 : 0))
            }
        }
    }

    @Test(arguments: [true, false])
    func aCancelByAnotherHandIsSeenInTheEnd(hasStream: Bool) throws {
        try Desk.run(hasStream: hasStream) { desk in
            _ = try await desk.buy(2)
            _ = try await desk.amend(to: 3)
            _ = try await desk.venue.cancel(desk.target, symbol: Desk.symbol)
            try await desk.pass(20)
            #expect(desk.counted == 0)
            #expect(try await desk.known().status == .cancelled)
        }
    }

    @Test(arguments: [true, false])
    func anAmendToWhatIsFilledIsDenied(hasStream: Bool) throws {
        try Desk.run(hasStream: hasStream) { desk in
            _ = try await desk.buy(2)
            desk.fill(perMille: 500)
            _ = try await desk.amend(to: 3)
            let error = await #expect(throws: GuardError.self) { try await desk.amend(to: 1) }
            #expect(error?.reasons == ["already_filled"])
            #expect(desk.open == 2 && desk.counted == 2)
        }
    }

    /// The next process knows the order again, whatever the crash left of it in the journal.
    @Test(arguments: [true, false])
    func anAmendedOrderIsStillOneAfterACrash(hasStream: Bool) throws {
        let reset = FaultLoss.reset(after: .milliseconds(50))
        let plans: [(FaultPlan, open: Decimal)] = [
            ([], 2), ([.once(.lostAfter(reset), on: .on(.amend))], 2),
            ([.once(.lostBefore(reset), on: .on(.amend))], 1), ([.once(.halfAmend(.cancel), on: .on(.amend))], 0),
        ]
        for (plan, open) in plans {
            for wait in [0, 2, 30] {
                try Desk.run(hasStream: hasStream, plan: plan) { before in
                    _ = try await before.buy(2)
                    before.fill(perMille: 500)
                    _ = try? await before.amend(to: 3)
                    try await before.pass(wait)
                    let desk = try before.next()
                    #expect(desk.counted ?? 0 >= desk.open)
                    try await desk.layer.start(symbols: [Desk.symbol])
                    #expect(desk.counted ?? 0 >= desk.open)
                    try await desk.pass(60)
                    #expect(desk.open == open)
                    #expect(desk.counted == desk.open)
                    let known = try await desk.known()
                    #expect(known.filled == 1)
                    #expect(known.status == (open == 0 ? .cancelled : .working))
                    if open > 0 {
                        #expect(known.remaining == open)
                        #expect(try await desk.amend(to: 5).quantity == 5)
                        #expect(desk.open == 4)
                    }
                    try await desk.check(filled: 1, of: open > 0 ? 5 : known.quantity)
                }
            }
        }
    }
}

/// A layer, a simulated venue whose amends replace, and one order.
private struct Desk: Sendable {
    static let symbol: Symbol = "BTCUSDT"

    var layer: ReliabilityLayer
    var venue: SimulatedVenue
    var chaos: ChaosBroker
    var environment: RuntimeEnvironment
    var storage: MemoryStorage
    var profile: VenueProfile

    var broker: GuardedBroker { layer.broker }
    var target: OrderTarget { .client("wish1") }

    static func run(
        hasStream: Bool, plan: FaultPlan = [], isSlow: Bool = false,
        _ body: @escaping @Sendable (Desk) async throws -> Void
    ) throws {
        var profile = VenueProfile.binanceSpot
        if !hasStream {
            profile.capabilities.remove(.userStream)
            profile.costs[.userStream] = nil
        }
        let used = profile
        let report = try Simulation(seed: 1).run(for: .seconds(1_000)) { world in
            let rules = InstrumentRules(
                symbol: symbol, tick: 1, lot: 1, minimumQuantity: 1, minimumNotional: 5, base: "BTC", quote: "USDT")
            let candle = Candle(
                openTime: CivilInstant(millisecondsSinceEpoch: 0), open: 20_000, high: 20_000, low: 20_000,
                close: 20_000, volume: 1_000)
            let venue = try SimulatedVenue(
                profile: used, markets: [try SimulatedMarket(rules, candles: .recorded([candle]))],
                configuration: SimulatedVenueConfiguration(visibilityLag: isSlow ? .seconds(3) : .zero),
                environment: world.environment)
            let chaos = try ChaosBroker(venue, plan: plan, environment: world.environment, seed: 1)
            let storage = MemoryStorage()
            let layer = try ReliabilityLayer(
                venue: used, broker: chaos, journal: storage.next(), environment: world.environment)
            try await layer.start(symbols: [symbol])
            try await body(
                Desk(
                    layer: layer, venue: venue, chaos: chaos, environment: world.environment, storage: storage,
                    profile: used))
        }
        #expect(report.failures.isEmpty, "\(report)")
    }

    /// The next process, after a crash.
    func next() throws -> Desk {
        storage.crash()
        var next = self
        next.layer = try ReliabilityLayer(
            venue: profile, broker: chaos, journal: storage.next(), environment: environment)
        return next
    }

    func buy(_ quantity: Decimal) async throws -> Order {
        try await broker.place(
            OrderRequest(
                intent: "wish", symbol: Self.symbol, side: .buy, quantity: .base(quantity),
                type: .limit(price: 19_000), clientID: "wish1"))
    }

    @discardableResult
    func amend(to quantity: Decimal?, price: Decimal? = nil) async throws -> Order {
        try await broker.amend(
            AmendRequest(target: .client("wish1"), symbol: Self.symbol, quantity: quantity, price: price))
    }

    func fill(perMille: Int) { venue.fill(.client("wish1"), symbol: Self.symbol, perMille: perMille) }

    func pass(_ seconds: Int) async throws { try await environment.time.sleep(for: .seconds(seconds)) }

    /// What the ledger knows of the order.
    func known() async throws -> Order {
        try await broker.order(.client("wish1"), symbol: Self.symbol)
    }

    var open: Decimal { venue.truth().workingOrders.map(\.remaining).reduce(0, +) }
    var counted: Decimal? { layer.exposure(of: Self.symbol).buying }

    /// The layer counts what the venue has, and its order is one.
    func check(
        filled: Decimal, of quantity: Decimal, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let order = try await known()
        let truth = try await venue.positions().first { $0.symbol == Self.symbol }?.quantity ?? 0
        #expect(order.filled == filled, sourceLocation: sourceLocation)
        #expect(order.quantity == quantity, sourceLocation: sourceLocation)
        #expect(counted == open, sourceLocation: sourceLocation)
        #expect(layer.exposure(of: Self.symbol).position == truth, sourceLocation: sourceLocation)
    }
}
