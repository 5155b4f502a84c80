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

/// A defect that shows only where a fault strikes, and which faults those are.
struct ShrunkDefect: Sendable, CustomTestStringConvertible {
    /// What is wrong.
    var name: String
    var promise: Promise
    /// What the fault that matters strikes.
    var operations: Set<BrokerOperation>
    /// Of which kind it is; nil for any that makes a call fail.
    var kinds: Set<FaultEffect.Kind>?
    var length = Duration.seconds(60)
    var healAfter = 0.6
    var body: SeedSearch.Body
    /// The same with the layer in the place of what is wrong; nil where the defect is no guard.
    var sound: SeedSearch.Body?

    var testDescription: String { "\(promise.rawValue), \(name)" }

    static let all: [ShrunkDefect] = [
        road(
            "an order sent again under a fresh name", .oneOrderPerIntent, [.place], Road(), trade
        ) { ResubmittingGuard(base: $0.edge) },
        road(
            "a cancel taken for done", .reduceOnlyHolds, [.place, .cancel], Road(position: 1), close
        ) { OptimisticGuard(bench: $0) },
        road(
            "a lane that no limit stops", .nothingIntoABan, Set(BrokerOperation.allCases), Road(), readAndCancel,
            kinds: [.rateLimited, .banned, .secondProcess]
        ) { LeakyGuard(bench: $0) },
        road(
            "a limiter that begins anew", .windowsHold, [.balances], Road(profile: narrow), crowd
        ) { RenewingLimiter(bench: $0, limit: 14, span: .seconds(12)) },
        road(
            "a breaker that stops cancels", .cancelsGetThrough, [.place], Road(), trade
        ) { ClosingGuard(bench: $0) },
        keeper("a latch that a restart forgets", .latchIsDurable, .forgetsAtRestart),
        keeper("a sweep made again after a restart", .tripActsOnce, .sweepsAgainAfterARestart),
        road(
            "a lost reply called a rejection", .nothingUnproven, [.place], Road(), trade
        ) { HastyGuard(bench: $0) },
        road(
            "two probes at once", .halfOpenEnds, [.place], Road(), trade
        ) { TrippingProber(bench: $0) },
        keeper("an alert told again after a restart", .oneAlertPerEpisode, .alertsAgainAfterARestart),
        road(
            "a wait that the system draws", .sameSeedSameBytes, Set(BrokerOperation.allCases), Road(), trade
        ) { DrawingGuard(bench: $0) },
        left(),
    ]

    private static func road(
        _ name: String, _ promise: Promise, _ operations: Set<BrokerOperation>, _ road: Road,
        _ bot: @escaping @Sendable (Road.Desk) async throws -> Void, kinds: Set<FaultEffect.Kind>? = nil,
        _ guardian: @escaping @Sendable (Road.Workbench) -> any Broker
    ) -> ShrunkDefect {
        ShrunkDefect(
            name: name, promise: promise, operations: operations, kinds: kinds,
            body: road.body(.defective(guardian), bot: bot), sound: road.body(.layer, bot: bot))
    }

    private static func keeper(_ name: String, _ promise: Promise, _ defect: KeeperDefect) -> ShrunkDefect {
        ShrunkDefect(
            name: name, promise: promise, operations: Set(BrokerOperation.allCases), kinds: [.crash],
            body: KeeperRoad(seed: 0, defect: defect).killing)
    }

    /// What is left undone is seen only long after all has healed.
    private static func left() -> ShrunkDefect {
        var defect = road(
            "an unknown order that nobody asks for", .progress, [.place], Road(),
            { desk in
                try await trade(desk)
                try await desk.time.sleep(for: .seconds(400))
            }
        ) { LeavingGuard(bench: $0) }
        defect.length = .seconds(420)
        defect.healAfter = 0.1
        return defect
    }

    // MARK: Bots

    /// Places and cancels.
    private static let trade: @Sendable (Road.Desk) async throws -> Void = { desk in
        for number in 0..<10 {
            let order = try? await desk.broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
            try await desk.time.sleep(for: .seconds(1))
            _ = try? await desk.broker.cancel(
                .venue(order?.venueID ?? VenueOrderID("none\(number)")), symbol: VenueWorld.symbol)
            try await desk.time.sleep(for: .seconds(2))
        }
    }

    /// Under a pause asks for an order that closes the position, takes it back, and asks for the next.
    private static let close: @Sendable (Road.Desk) async throws -> Void = { desk in
        try desk.pause()
        for number in 0..<10 {
            let order = try? await desk.broker.place(.resting(.sell, 1, intent: IntentID("close\(number)")))
            try await desk.time.sleep(for: .seconds(1))
            if let id = order?.venueID { _ = try? await desk.broker.cancel(.venue(id), symbol: VenueWorld.symbol) }
            try await desk.time.sleep(for: .seconds(1))
        }
    }

    /// Reads, and cancels beside it.
    private static let readAndCancel: @Sendable (Road.Desk) async throws -> Void = { desk in
        await withTaskGroup { group in
            group.addTask {
                for _ in 0..<30 {
                    _ = try? await desk.broker.ticker(for: VenueWorld.symbol)
                    try? await desk.time.sleep(for: .seconds(1))
                }
            }
            group.addTask {
                for number in 0..<30 {
                    _ = try? await desk.broker.cancel(.venue(VenueOrderID("w\(number)")), symbol: VenueWorld.symbol)
                    try? await desk.time.sleep(for: .milliseconds(1_100))
                }
            }
        }
    }

    /// Reads as often as it is let, in bursts.
    private static let crowd: @Sendable (Road.Desk) async throws -> Void = { desk in
        for _ in 0..<8 {
            await withTaskGroup { group in
                for _ in 0..<16 { group.addTask { _ = try? await desk.broker.balances() } }
            }
            try await desk.time.sleep(for: .seconds(4))
        }
    }

    /// A venue that takes 20 reads of balances in ten seconds.
    private static let narrow: VenueProfile = {
        var profile = VenueProfile.binanceUSDM
        let rule = LimitRule(
            name: "request_weight_1m", scope: .ip, counts: .weight, shape: .rolling, limit: 20, window: .seconds(10))
        profile.limits = [rule]
        profile.costs = [.balances: [rule.name: 1]]
        profile.costsWithoutSymbol = [:]
        profile.usageHeaders = [:]
        return profile
    }()
}

extension KeeperRoad {
    /// A bot on a machine whose keeper pulls the kill switch at once, under the faults of its world.
    var killing: SeedSearch.Body {
        { [defect] world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let chaos = try world.chaos(try world.venue(.binanceUSDM, markets: [market]))
            try await world.machine { machine in
                let bench = bench(on: machine, in: world, chaos)
                let keeper = Keeper(bench: bench, disk: machine.disk, defect: defect, boot: machine.boot)
                let broker = world.face(bench.edge, on: machine)
                try await keeper.start()
                if machine.boot == 0 { try await keeper.kill([]) }
                while true {
                    _ = try? await broker.balances()
                    try await machine.time.sleep(for: .seconds(1))
                }
            }
        }
    }
}
