import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The dead-man timer against the list of everything it was set to.
@Suite struct VenueTimerTests {
    @Test func randomHistoriesFireWhenTheListOfArmsSays() throws {
        var fired = 0
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "timer")
            var exchange = try Exchange(
                profile: .plain, markets: [SimulatedMarket(.bitcoin, candles: .recorded([.flat(100)]))],
                configuration: .instant, start: .origin, civilStart: CivilInstant(nanosecondsSinceEpoch: 0))
            var arms: [(at: Int64, timeout: Int64)] = []
            var now: Int64 = 0
            var told: [Int64] = []
            func listen(_ exchange: inout Exchange) {
                for case .truth(let event) in exchange.takeOutputs() where event.kind == .cancelled {
                    told.append(event.time.nanoseconds / 1_000_000_000)
                }
            }
            for _ in 0..<40 {
                now += Int64(random.below(5))
                exchange.advance(to: MonotonicInstant(nanoseconds: now * 1_000_000_000))
                listen(&exchange)
                let timeout = Int64(random.below(7))
                let isNil = random.chance(0.2)
                try exchange.setTimer(isNil ? nil : .seconds(timeout), symbol: VenueWorld.symbol)
                arms.append((now, isNil ? 0 : timeout))
                // There is always exactly one order for it to cancel.
                if exchange.markets[0].working.isEmpty {
                    _ = try exchange.place(.limit(.buy, 1, at: 90), name: nil)
                }
            }
            exchange.advance(to: MonotonicInstant(nanoseconds: (now + 100) * 1_000_000_000))
            listen(&exchange)
            let expected = firings(arms)
            #expect(told == expected, "seed \(seed)")
            fired += expected.count
        }
        #expect(fired > 200)
    }

    /// Each arm fires at its end unless the next one came before.
    private func firings(_ arms: [(at: Int64, timeout: Int64)]) -> [Int64] {
        arms.enumerated().compactMap { index, arm in
            let end = arm.at + arm.timeout
            let isReplaced = index + 1 < arms.count && arms[index + 1].at < end
            return arm.timeout == 0 || isReplaced ? nil : end
        }
    }

    private func world(_ rule: DeadManRule) throws -> VenueWorld {
        let markets = try [VenueWorld.symbol, "ETHUSDT"].map {
            try SimulatedMarket(.named($0), candles: .recorded([.flat(100)]))
        }
        return try VenueWorld(profile: VenueProfile.plain.with { $0.deadMan = rule }, markets: markets)
    }

    private func order(_ symbol: Symbol) -> OrderRequest {
        var order = OrderRequest.limit(.buy, 1, at: 90)
        order.symbol = symbol
        return order
    }

    @Test(arguments: [DeadManRule.Scope.symbol, .account])
    func oneTimerIsOfOneSymbolOrOfTheAccount(scope: DeadManRule.Scope) async throws {
        let world = try world(DeadManRule(scope: scope))
        for symbol in [VenueWorld.symbol, "ETHUSDT"] { _ = try await world.place(order(symbol)) }
        try await world.venue.setDeadManTimer(.seconds(10), symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(10))
        #expect(world.look().workingOrders.map(\.symbol) == (scope == .account ? [] : ["ETHUSDT"]))
    }

    @Test func aTimerMaySpareWhatProtects() async throws {
        let world = try world(DeadManRule(cancelsProtection: false))
        _ = try await world.place(.market(.buy, 2))
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "entry"))
        _ = try await world.place(.stop(.sell, 1, at: 80, id: "stop"))
        _ = try await world.place(.limit(.sell, 1, at: 150, reduceOnly: true, id: "target"))
        try await world.venue.setDeadManTimer(.seconds(10), symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(10))
        #expect(world.look().workingOrders.map(\.clientID) == ["stop", "target"])
    }

    @Test func timesOutsideTheRuleAreRefusedAndChangeNothing() async throws {
        let world = try world(DeadManRule(shortest: .seconds(5), longest: .seconds(60)))
        _ = try await world.place(order(VenueWorld.symbol))
        try await world.venue.setDeadManTimer(.seconds(5), symbol: VenueWorld.symbol)
        for bad in [Duration.seconds(4), .seconds(61), .seconds(-1)] {
            let code = await code { try await world.venue.setDeadManTimer(bad, symbol: VenueWorld.symbol) }
            #expect(code == "-1102")
        }
        world.time.advance(by: .seconds(5))
        #expect(world.look().workingOrders.isEmpty)
    }
}
