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
    private static let cases = ConformanceWorld.names.compactMap(ConformanceWorld.profile).flatMap { profile in
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

    @Test(arguments: ConformanceWorld.names)
    func whoDoesNotListenIsBanned(name: String) async throws {
        let world = try ConformanceWorld(name)
        // Whatever costs most of a limit.
        let operation: BrokerOperation =
            name.hasPrefix("binance") ? .balances : name == "my-exchange" ? .place : .ticker
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

    private static let telling = ConformanceWorld.names.filter {
        ConformanceWorld.profile($0)?.usageHeaders.isEmpty == false
    }

    @Test func everyCaseIsThatOfAVenue() {
        #expect(Set(Self.cases.map(\.name)) == Set(ConformanceWorld.names))
        #expect(Set(Self.cases.map(\.operation)) == [.place, .balances, .ticker])
        #expect(!Self.telling.isEmpty)
    }

    @Test(arguments: telling)
    func theHeadersTellWhatEachCallHasUsed(name: String) async throws {
        let profile = try #require(ConformanceWorld.profile(name))
        for operation in [BrokerOperation.place, .openOrders, .ticker] {
            let world = try ConformanceWorld(name)
            for number in 1...3 {
                let headers = await world.headers {
                    switch operation {
                    case .place: _ = try await world.rest(ClientOrderID("o\(number)"))
                    case .openOrders: _ = try await world.venue.openOrders(for: VenueWorld.symbol, page: nil)
                    default: _ = try await world.venue.ticker(for: VenueWorld.symbol)
                    }
                }
                let expected = profile.usageHeaders.map { limit, header in
                    (header, String(number * (profile.costs[operation]?[limit] ?? 0)))
                }
                #expect(headers == Dictionary(uniqueKeysWithValues: expected), "\(operation.rawValue) \(number)")
            }
        }
    }

    /// A call that changes an order by its age, and an age of that order.
    struct AgedCall: Sendable, CustomTestStringConvertible {
        var name: String
        var operation: BrokerOperation
        var limit: String
        var age: Duration
        var cost: Int

        var testDescription: String { "\(name) \(operation.rawValue) at \(age)" }
    }

    private static let agedCalls = ConformanceWorld.names.flatMap { name -> [AgedCall] in
        let table = ConformanceWorld.profile(name)?.costsByAge ?? [:]
        return table.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { operation, limits in
            limits.sorted { $0.key < $1.key }.flatMap { limit, steps in
                let ages = [Duration.zero] + steps.flatMap { [$0.under - .nanoseconds(1), $0.under] }
                return ages.map { age in
                    AgedCall(
                        name: name, operation: operation, limit: limit, age: age,
                        cost: steps.first { age < $0.under }?.cost ?? 0)
                }
            }
        }
    }

    @Test func anyVenueCountsTheAgeOfOrders() { #expect(!Self.agedCalls.isEmpty) }

    /// Beside a call about an order that is not there, which costs the same but for the age.
    @Test(arguments: agedCalls)
    func whatAChangeOfAYoungOrderCostsFallsWithItsAge(sample: AgedCall) async throws {
        func used(_ target: (Order) -> OrderTarget) async throws -> Int {
            let world = try ConformanceWorld(sample.name) { $0.usageHeaders = [sample.limit: "X-USED"] }
            let order = try await world.rest("one")
            world.time.advance(by: sample.age)
            let target = target(order)
            let headers = await world.headers {
                switch sample.operation {
                case .cancel: _ = try await world.venue.cancel(target, symbol: VenueWorld.symbol)
                default:
                    _ = try await world.venue.amend(
                        AmendRequest(target: target, symbol: VenueWorld.symbol, price: 91))
                }
            }
            return try #require(headers["X-USED"].flatMap { Int($0) })
        }
        #expect(try await used { .venue($0) } - used { _ in .venue("99") } == sample.cost)
    }
}
