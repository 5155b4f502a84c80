import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

/// A venue's word of when to come back holds retry, breaker and limiter alike.
@Suite struct HintedBreakersTests {
    @Test func anOpenBreakerStaysOpenAsLongAsTheVenueIsShut() throws {
        try Rig.run { rig in
            rig.script.next(
                .place, .lose(.reset), .lose(.reset), .lose(.reset), .lose(.reset), .lose(.reset))
            for number in 0..<5 { _ = try await rig.failure(of: Rig.buy(IntentID("lost-\(number)"))) }
            let opened = try #require(rig.layer.breakers.status(of: "orders"))
            #expect(opened.state == .open)
            // A read hears that the address is shut for two minutes: its retry, the probes and all else wait for that.
            rig.script.next(.ticker, .fail(.limited(seconds: 120)))
            let end = rig.time.now.advanced(by: .seconds(120))
            async let price = rig.broker.ticker(for: Rig.symbol)
            try await rig.pass(.seconds(1))
            let told = try #require(rig.layer.breakers.status(of: "orders"))
            #expect(told.state == .open && told.until == end)
            #expect(told.detail == "the venue shut ip")
            let count = rig.script.operations.count
            try await rig.time.sleep(until: end.advanced(by: .nanoseconds(-1)))
            #expect(rig.script.operations.count == count)
            _ = try await price
            try await rig.pass(.seconds(5))
            #expect(rig.layer.breakers.status(of: "orders")?.state == .closed)
        }
    }

    @Test func aClosedBreakerAndAnotherScopeAreLeftAlone() throws {
        try Rig.run(seeds: 0..<1) { rig in
            try await rig.shut(seconds: 60)
            #expect(rig.layer.breakers.statuses.allSatisfy { $0.state == .closed })
            try rig.layer.breakers.isolate("reads", reason: "test")
            let breakers = rig.layer.breakers.all
            let hinted = HintedBreakers(orders: breakers[0], reads: breakers[1], profile: .kraken)
            _ = breakers[0].forceOpen(reason: "test", until: rig.time.now.advanced(by: .seconds(10)))
            // Orders do not fall under the counter of calls, and what an operator has set stays.
            hinted.stayOpen(for: "api_counter", until: rig.time.now.advanced(by: .seconds(100)))
            #expect(rig.layer.breakers.status(of: "orders")?.until == rig.time.now.advanced(by: .seconds(10)))
            hinted.stayOpen(for: .ip, until: rig.time.now.advanced(by: .seconds(100)))
            #expect(rig.layer.breakers.status(of: "orders")?.until == rig.time.now.advanced(by: .seconds(100)))
            #expect(rig.layer.breakers.status(of: "reads")?.state == .isolated)
        }
    }
}
