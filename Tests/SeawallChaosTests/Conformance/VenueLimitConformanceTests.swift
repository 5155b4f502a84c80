import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Every profile's limits, used up at its simulated venue: what it says, for whom, and when it takes calls again.
@Suite struct VenueLimitConformanceTests {
    private static let cases = VenueProfile.all.flatMap { profile in
        [BrokerOperation.place, .balances, .ticker].compactMap { operation in
            let calls = profile.limits.compactMap { limit -> Int? in
                guard let cost = profile.costs[operation]?[limit.name], cost > 0 else { return nil }
                return limit.limit / cost
            }.min()
            // More would only take longer.
            return calls.flatMap { $0 <= 1_000 ? Case(name: profile.name, operation: operation, calls: $0) : nil }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var operation: BrokerOperation
        var calls: Int

        var testDescription: String { "\(name) \(operation)" }
    }

    private func call(_ world: ConformanceWorld, _ operation: BrokerOperation, _ number: Int) async -> Outcome {
        switch operation {
        case .place:
            await world.outcome(.place) { try await world.rest(ClientOrderID("o\(number)"), quantity: 1) }
        case .balances: await world.outcome(.balances) { try await world.venue.balances() }
        default: await world.outcome(.ticker) { try await world.venue.ticker(for: VenueWorld.symbol) }
        }
    }

    @Test(arguments: cases)
    func aLimitIsReachedToldAndOverWhenItIsSaidToBe(sample: Case) async throws {
        let world = try ConformanceWorld(sample.name)
        for number in 0..<sample.calls {
            let outcome = await call(world, sample.operation, number)
            #expect(outcome == .succeeded, "call \(number)")
        }
        let refused = await call(world, sample.operation, sample.calls)
        #expect(refused.name == "rate_limited")
        let gate = try #require(refused.gate)
        let symbol: Symbol? = sample.operation == .balances ? nil : VenueWorld.symbol
        let scopes = world.profile.scopes(of: BrokerCall(sample.operation, symbol: symbol))
        #expect(scopes.contains(gate.scope), "\(gate.scope)")
        let event = try #require(world.world.events(.limited).last)
        let until = try #require(event.until)
        #expect(gate.until >= until, "nothing may be sent before the venue takes it")
        let reason: RefusalReason = sample.operation == .place && gate.scope != .ip ? .orderRateLimited : .rateLimited
        let isTold = world.profile.wording(of: reason, to: sample.operation).retryAfter != .none
        if isTold { #expect(gate.until < until.advanced(by: .seconds(1))) }
        for order in world.venue.truth().workingOrders {
            // As many may be open at Kraken as may be placed at once; the venue ends them by itself, at no cost.
            world.venue.expire(.venue(order), symbol: VenueWorld.symbol)
        }
        world.time.advance(by: world.time.now.duration(to: gate.until))
        #expect(await call(world, sample.operation, sample.calls + 1) == .succeeded)
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func whoDoesNotListenIsBanned(name: String) async throws {
        let world = try ConformanceWorld(name)
        let operation: BrokerOperation = name == "binance-spot" || name == "binance-usdm" ? .balances : .ticker
        var outcomes: [Outcome] = []
        for number in 0..<1_000 where outcomes.last?.name != "banned" {
            outcomes.append(await call(world, operation, number))
        }
        let ban = try #require(outcomes.last)
        #expect(ban.name == "banned")
        let gate = try #require(ban.gate)
        let until = try #require(world.world.events(.banned).last?.until)
        #expect(gate.until >= until)
        #expect(gate.scope == .ip)
        let cancel = await world.outcome(.cancel) {
            try await world.venue.cancel(.venue("1"), symbol: VenueWorld.symbol)
        }
        #expect(cancel.name == "banned", "a ban spares nobody")
        world.time.advance(by: world.time.now.duration(to: gate.until))
        #expect(await call(world, operation, 1_001) == .succeeded)
    }
}
