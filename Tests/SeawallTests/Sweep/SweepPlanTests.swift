import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct SweepPlanTests {
    private static func plan(_ code: ReasonCode, _ scope: CauseScope = .global) throws -> SweepPlan {
        let pauses = PauseController(environment: RuntimeEnvironment(time: ManualTime()))
        let changes = pauses.raise(
            "test", scope: scope, level: .cancelOnly, release: .byHand, code: code, message: "test")
        return try #require(changes.first.flatMap { SweepPlan($0.cause) })
    }

    private static func order(_ id: Int, _ side: Side, _ quantity: Int, isReduceOnly: Bool = false) -> Order {
        Order(
            venueID: VenueOrderID("\(id)"), symbol: "X", side: side, quantity: Decimal(quantity),
            type: id % 2 == 0 ? .stop(trigger: 1) : .limit(price: 1), status: .working, isReduceOnly: isReduceOnly)
    }

    @Test func onlyTripsSweep() {
        let pauses = PauseController(environment: RuntimeEnvironment(time: ManualTime()))
        let changes = pauses.kill(reason: "x")
        #expect(changes.first.flatMap { SweepPlan($0.cause) } != nil)
        let ban = pauses.raise("ban", level: .frozen, release: .byHand, code: .venueBan, message: "x")
        #expect(ban.first.flatMap { SweepPlan($0.cause) } == nil)
    }

    /// Every set of up to three orders, before every small position: what stays never exceeds the position.
    @Test func whatIsKeptNeverClosesMoreThanThePosition() throws {
        let plan = try Self.plan(.guardTrip)
        let kinds: [(Side, Int)] = [(.buy, 1), (.buy, 2), (.sell, 1), (.sell, 2), (.sell, 3)]
        for position in -4...4 {
            for first in kinds {
                for second in kinds {
                    for third in kinds {
                        let orders = [first, second, third].enumerated().map { Self.order($0, $1.0, $1.1) }
                        let judged = plan.judge(orders) { _ in Decimal(position) }
                        let kept = Set(judged.filter(\.isKept).compactMap(\.venueID))
                        let stays = orders.filter { $0.venueID.map(kept.contains) ?? false }
                        #expect(stays.allSatisfy { ($0.side == .sell) == (position > 0) })
                        #expect(stays.reduce(0) { $0 + $1.quantity } <= Decimal(abs(position)))
                        // A stop alone that fits always stays.
                        if first.1 <= abs(position), (first.0 == .sell) == (position > 0), position != 0 {
                            #expect(kept.contains("0") || stays.contains { $0.type.trigger != nil })
                        }
                    }
                }
            }
        }
    }

    @Test func whatTheVenueGuardsStaysEvenWhereThePositionIsNotKnownAndAKillKeepsNothing() throws {
        let orders = [Self.order(1, .sell, 5, isReduceOnly: true), Self.order(2, .sell, 1)]
        let judged = try Self.plan(.guardTrip).judge(orders) { _ in nil }
        #expect(judged.filter(\.isKept).map(\.venueID) == ["1"])
        #expect(try Self.plan(.killSwitch).judge(orders) { _ in 9 }.allSatisfy { !$0.isKept })
        #expect(try Self.plan(.trip).judge(orders) { _ in 9 }.allSatisfy { !$0.isKept })
    }

    @Test func aStrategysSweepCoversItsOwnOrdersAlone() throws {
        let plan = try Self.plan(.killSwitch, .strategy("maker"))
        #expect(plan.covers("X", strategy: "maker"))
        #expect(!plan.covers("X", strategy: nil))
        #expect(!plan.coversWholeSymbols)
        #expect(try Self.plan(.killSwitch, .symbol("X")).coversWholeSymbols)
        #expect(!(try Self.plan(.killSwitch, .symbol("X")).covers("Y", strategy: nil)))
    }
}
