import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A bot at the limit that trips, and one that has to share its limit with a stranger.
@Suite struct LimitedTripTests {
    /// Everything that is handed over, with its lane.
    private final class Gatekeeper: InterceptingBroker {
        struct Passage: Sendable {
            var operation: BrokerOperation
            var lane: Lane
            var at: MonotonicInstant
        }

        let base: any Broker
        private let time: any TimeSource
        private let seen = Lock([Passage]())

        init(_ base: any Broker, _ time: any TimeSource) {
            self.base = base
            self.time = time
        }

        var passages: [Passage] { seen.withLock { $0 } }

        func intercept<Answer: Sendable>(
            _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
        ) async throws -> Answer {
            let lane = RequestContext.current?.lane ?? "none"
            seen.withLock { $0.append(Passage(operation: call.operation, lane: lane, at: time.now)) }
            return try await proceed()
        }
    }

    /// Where every cancel is a call of its own.
    private static var oneByOne: VenueProfile {
        var profile = VenueProfile.binanceUSDM
        profile.capabilities.subtract([.cancelAll, .cancelMany])
        for operation in [BrokerOperation.cancelAll, .cancelMany] { profile.costs[operation] = nil }
        return profile
    }

    private static func order(_ number: Int) -> OrderRequest {
        .resting(.buy, Decimal(1) / 1_000, intent: IntentID("i\(number)"))
    }

    /// Reads as fast as it is let, until it is told to stop.
    private static func hammer(_ broker: any Broker, _ time: any TimeSource, until end: MonotonicInstant) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while time.now < end, !Task.isCancelled {
                        _ = try? await broker.openOrders(for: nil, page: nil)
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<6)
    func aBotAtTheLimitWithAHundredAndTwentyOrdersGetsItsCancelsOutFirst(seed: Int) throws {
        let report = try Simulation(seed: UInt64(seed)).run(for: .seconds(900)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(Self.oneByOne, markets: [market])
            let gate = Gatekeeper(venue, world.time)
            let guarded = try world.layer(venue: Self.oneByOne, broker: gate)
            try await guarded.layer.start(symbols: [VenueWorld.symbol])
            try await world.time.sleep(for: .seconds(60))
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<120 { group.addTask { _ = try? await guarded.broker.place(Self.order(number)) } }
            }
            #expect(venue.truth().workingOrders.count == 120)
            let end = world.time.now.advanced(by: .seconds(240))
            async let hammering: Void = Self.hammer(guarded.broker, world.time, until: end)
            // By then the reads have used up what is theirs, and stand in line for more.
            try await world.time.sleep(for: .seconds(70))
            #expect(guarded.layer.limiter.status.waiting > 0)
            let count = gate.passages.count
            guarded.layer.kill(reason: "test")
            let killedAt = world.time.now
            while !venue.truth().workingOrders.isEmpty, world.time.now < end {
                try await world.time.sleep(for: .milliseconds(100))
            }
            #expect(venue.truth().workingOrders.isEmpty)
            // Within a window, most of them at once; and while some wait for it, nothing of a lower lane goes out. What
            // goes at one instant may go in any order.
            #expect(killedAt.duration(to: world.time.now) < .seconds(62))
            let after = gate.passages[count...]
            let cancels = after.filter { $0.operation == .cancel }
            #expect(cancels.count >= 120)
            #expect(cancels.count { $0.at < killedAt.advanced(by: .seconds(2)) } >= 90)
            let (first, last) = (try #require(cancels.first).at, try #require(cancels.last).at)
            let between = after.filter { $0.at > first && $0.at < last }
            #expect(between.allSatisfy { $0.lane == .cancel || $0.lane == .resolve })
            let counts = venue.truth().counts
            #expect(counts.limited == 0 && counts.banned == 0)
            try await world.time.sleep(until: end)
            await hammering
        }
        #expect(report.brokenPromises.isEmpty, "\(report)")
        #expect(report.thrown == nil, "\(report)")
    }

    @Test(arguments: 0..<6)
    func headersKeepUsBelowTheLimitThatAnotherProcessEatsUp(seed: Int) throws {
        for hears in [true, false] {
            var believed = VenueProfile.binanceUSDM
            if !hears { believed.usageHeaders = [:] }
            let profile = believed
            let limited = Lock(0)
            let asked = Lock(0)
            let report = try Simulation(seed: UInt64(seed)).run(for: .seconds(900)) { world in
                let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
                let venue = try world.venue(.binanceUSDM, markets: [market])
                let guarded = try world.layer(venue: profile, broker: venue)
                try await guarded.layer.start(symbols: [VenueWorld.symbol])
                try await world.time.sleep(for: .seconds(60))
                venue.spendLimits(perMille: 600, for: .seconds(600))
                let end = world.time.now.advanced(by: .seconds(300))
                await Self.hammer(guarded.broker, world.time, until: end)
                limited.withLock { $0 = venue.truth().counts.limited }
                asked.withLock { $0 = venue.truth().counts.requests }
            }
            #expect(report.thrown == nil, "\(report)")
            if hears {
                #expect(limited.withLock { $0 } == 0)
                // A third of the limit is ours still, in each of five minutes.
                #expect(asked.withLock { $0 } > 5 * 2_400 / 40 / 6)
            } else {
                #expect(limited.withLock { $0 } > 0)
            }
        }
    }
}
