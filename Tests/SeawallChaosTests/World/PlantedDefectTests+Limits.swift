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

/// Defects of the limiter, of the lanes, of the breaker and of order itself.
extension PlantedDefectTests {
    // MARK: A lane that a ban does not stop

    private func limitedWithACancel(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        let limited = FaultAction(.rateLimited(retryAfter: "7"), on: FaultMatch(operations: [.ticker]), times: 1)
        return try Road(seed: seed, faults: [limited]).run(guardian) { desk in
            let order = try await desk.broker.place(.resting(.buy, 1, intent: "first"))
            let target: OrderTarget = .venue(try #require(order.venueID))
            await withTaskGroup { group in
                group.addTask { _ = try? await desk.broker.ticker(for: VenueWorld.symbol) }
                group.addTask {
                    try? await desk.time.sleep(for: .seconds(1))
                    _ = try? await desk.broker.cancel(target, symbol: VenueWorld.symbol)
                }
            }
        }
    }

    @Test(arguments: seeds) func aLaneThatIsExemptFromALimitIsSeen(seed: UInt64) throws {
        expectBroken([.nothingIntoABan], try limitedWithACancel(seed, .defective { LeakyGuard(bench: $0) }))
    }

    @Test(arguments: seeds) func theLayerHoldsCancelsToALimitToo(seed: UInt64) throws {
        expectKept(.nothingIntoABan, try limitedWithACancel(seed, .layer))
    }

    // MARK: Windows

    private static let rule = LimitRule(
        name: "request_weight_1m", scope: .ip, counts: .weight, shape: .rolling, limit: 100, window: .seconds(10))

    /// After a rest, more reads than a window takes, as fast as may be.
    private func crowd(
        _ seed: UInt64, _ shape: LimitRule.Shape, _ guardian: Road.Guardian
    ) throws -> SimulationReport {
        var road = Road(seed: seed)
        var rule = Self.rule
        rule.shape = shape
        road.profile.limits = [rule]
        road.profile.costs = [.time: [rule.name: 1], .balances: [rule.name: 1]]
        road.profile.costsWithoutSymbol = [:]
        road.profile.usageHeaders = [:]
        return try road.run(guardian) { desk in
            // In the midst of a window of the venue's clock.
            try await desk.time.sleep(for: .seconds(33))
            await withTaskGroup { group in
                for _ in 0..<160 { group.addTask { _ = try? await desk.broker.balances() } }
            }
        }
    }

    @Test(arguments: [1]) func aBucketThatIsFullAgainAfterARestIsSeen(seed: UInt64) throws {
        for shape in [LimitRule.Shape.rolling, .fixed] {
            let report = try crowd(seed, shape, .defective { BurstingGuard(bench: $0, rule: Self.rule) })
            expectBroken([.windowsHold], report)
        }
    }

    @Test(arguments: [1]) func weightThatComesBackWithTheAnswerIsSeen(seed: UInt64) throws {
        for shape in [LimitRule.Shape.rolling, .fixed] {
            let report = try Road(seed: seed, profile: Self.profile(shape)).run(
                .defective { GivingBackGuard(bench: $0, rule: Self.rule) }
            ) { desk in
                for _ in 0..<40 {
                    await withTaskGroup { group in
                        for _ in 0..<10 { group.addTask { _ = try? await desk.broker.balances() } }
                    }
                }
            }
            expectBroken([.windowsHold], report)
        }
    }

    private static func profile(_ shape: LimitRule.Shape) -> VenueProfile {
        var profile = VenueProfile.binanceUSDM
        var rule = rule
        rule.shape = shape
        profile.limits = [rule]
        profile.costs = [.balances: [rule.name: 1]]
        profile.costsWithoutSymbol = [:]
        profile.usageHeaders = [:]
        return profile
    }

    @Test(arguments: [1]) func theLayerFillsNoWindowBeyondItsLimit(seed: UInt64) throws {
        for shape in [LimitRule.Shape.rolling, .fixed] {
            expectKept(.windowsHold, try crowd(seed, shape, .layer))
        }
    }

    // MARK: Breakers

    private func oneRead(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        try Road(seed: seed, length: .seconds(300)).run(guardian) { desk in
            _ = try? await desk.broker.balances()
            try await desk.time.sleep(for: .seconds(280))
        }
    }

    @Test(arguments: seeds) func twoProbesAtOnceAreSeen(seed: UInt64) throws {
        expectBroken([.halfOpenEnds], try oneRead(seed, .defective { EagerProber(bench: $0) }))
    }

    @Test(arguments: seeds) func aHalfOpenBreakerThatNobodyTriesIsSeen(seed: UInt64) throws {
        expectBroken([.halfOpenEnds], try oneRead(seed, .defective { ForgottenBreaker(bench: $0) }))
    }

    @Test(arguments: [1]) func theLayerTriesAHalfOpenBreakerUntilItCloses(seed: UInt64) throws {
        let outage = FaultAction(.outage(for: .seconds(60), as: .refused), times: 1, from: .seconds(5))
        let report = try Road(seed: seed, faults: [outage], length: .seconds(300)).run(.layer) { desk in
            for number in 0..<90 {
                _ = try? await desk.broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
                try await desk.time.sleep(for: .seconds(1))
            }
        }
        expectKept(.halfOpenEnds, report)
    }

    // MARK: Order

    private static let isHashingRandom =
        ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] == nil

    private func crowdOfOrders(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        try Road(seed: seed).run(guardian) { desk in
            await withTaskGroup { group in
                for number in 0..<16 {
                    group.addTask {
                        _ = try? await desk.broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
                    }
                }
            }
        }
    }

    @Test(
        .enabled(if: Self.isHashingRandom, "hashes are the same in every process here, so that no set betrays itself"))
    func aSetThatDecidesTheOrderIsSeen() throws {
        // Of many runs, two are alike by chance only.
        let hashes = try (0..<4).map { _ in
            try crowdOfOrders(1, .defective { ShufflingGuard(bench: $0) }).recordHash
        }
        #expect(Set(hashes).count > 1)
    }

    @Test func theLayerLeavesTheSameBytes() throws {
        #expect(try crowdOfOrders(1, .layer).recordHash == crowdOfOrders(1, .layer).recordHash)
    }
}
