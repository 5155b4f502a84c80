import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a trip does at the venue, through the whole layer.
@Suite struct SweepTests {
    private static func working(_ venueID: VenueOrderID, _ side: Side = .buy, _ quantity: Int = 1) -> Order {
        Order(
            venueID: venueID, symbol: Rig.symbol, side: side, quantity: Decimal(quantity), type: .limit(price: 100),
            status: .working)
    }

    private static func open(_ rig: Rig) -> [String] {
        rig.base.orders.filter { !$0.status.isTerminal }.compactMap { $0.venueID?.rawValue }.sorted()
    }

    @Test func aKillCancelsEverythingOfItsScopeAndEndsWhenTheVenueHasShownNothingTwice() throws {
        try Rig.run { rig in
            _ = try await rig.broker.place(Rig.buy("ours"))
            rig.base.update { $0.orders.append(Self.working("by-hand")) }
            rig.layer.kill(reason: "enough")
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig).isEmpty)
            let steps = rig.recorder.sweeps.map(\.step)
            #expect(steps.first == .begin)
            #expect(steps.last == .end)
            #expect(steps.count { $0 == .listed } >= 3)
            #expect(!steps.contains(.residual))
            let alert = try #require(rig.layer.alerts.history.last { $0.code == "swept" })
            #expect(alert.severity == .info)
            #expect(alert.message.contains("2 orders cancelled"))
            // The last two lists were asked for when whatever was on its way could no longer arrive.
            let lists = rig.script.instants(of: .openOrders).suffix(2)
            #expect(lists.allSatisfy { $0 >= MonotonicInstant.origin.advanced(by: .seconds(12)) })
        }
    }

    @Test func killingAgainSweepsNothingAnewUntilTheSwitchWasReleased() throws {
        try Rig.run { rig in
            rig.layer.kill(reason: "enough")
            try await rig.pass(.seconds(60))
            rig.base.update { $0.orders.append(Self.working("later")) }
            rig.layer.kill(reason: "again")
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig) == ["later"])
            #expect(rig.recorder.sweeps.count { $0.step == .begin } == 1)
            #expect(rig.layer.status.causes.first?.cause.evidence == ["again"])
            rig.layer.releaseKill()
            rig.layer.kill(reason: "anew")
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig).isEmpty)
            #expect(rig.recorder.sweeps.count { $0.step == .begin } == 2)
        }
    }

    @Test func aGuardKeepsWhatOnlyClosesThePosition() throws {
        try Rig.run { rig in
            rig.base.update { answers in
                answers.orders = [
                    Self.working("sell-2", .sell, 2), Self.working("sell-9", .sell, 9), Self.working("buy-1"),
                ]
            }
            try await rig.start(position: 3)
            try rig.layer.trip("loss", reason: "more than a tenth")
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig) == ["sell-2"])
            #expect(rig.recorder.sweeps.last { $0.step == .residual }?.orders == ["sell-2"])
            let alert = try #require(rig.layer.alerts.history.last { $0.code == "swept" })
            #expect(alert.message.contains("kept as protection: sell-2, not cancelled: none"))
            #expect(rig.layer.status.global == .reduceOnly)
            rig.layer.releaseTrip("loss")
            #expect(rig.layer.status.global == .open)
        }
    }

    @Test func anOrderUnderWayIsCancelledWhenItTurnsOutToBeThere() throws {
        try Rig.run { rig in
            rig.script.next(.place, .answerLate(.seconds(3)))
            async let placing = rig.broker.place(Rig.buy("slow"))
            try await rig.pass(.seconds(1))
            // Nothing shows the order before its answer.
            rig.script.always(.openOrders, .fail(.reset))
            rig.layer.kill(reason: "enough")
            _ = try await placing
            try await rig.pass(.seconds(1))
            #expect(Self.open(rig).isEmpty)
            rig.script.always(.openOrders, nil)
            try await rig.pass(.seconds(60))
            #expect(rig.recorder.sweeps.last?.step == .end)
            #expect(rig.layer.alerts.history.count { $0.code == "swept" } == 1)
        }
    }

    @Test func listsThatFailProveNothingAndTheSweepGoesOn() throws {
        try Rig.run { rig in
            rig.base.update { $0.orders.append(Self.working("by-hand")) }
            rig.script.always(.openOrders, .fail(.reset))
            rig.layer.kill(reason: "enough")
            try await rig.pass(.seconds(300))
            #expect(rig.recorder.sweeps.count { $0.step == .end } == 0)
            rig.script.always(.openOrders, nil)
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig).isEmpty)
            #expect(rig.recorder.sweeps.last?.step == .end)
        }
    }

    @Test func whatTheVenueWillNotCancelIsNamed() throws {
        try Rig.run { rig in
            rig.base.update { $0.orders.append(Self.working("stuck")) }
            rig.script.always(.cancel, .fail(.answered("-1102")))
            rig.layer.kill(reason: "enough")
            try await rig.pass(.seconds(120))
            #expect(rig.script.attempts(of: .cancel) == 3)
            #expect(rig.recorder.sweeps.last { $0.step == .residual }?.orders == ["stuck"])
            let alert = try #require(rig.layer.alerts.history.last { $0.code == "swept" })
            #expect(alert.severity == .critical)
            #expect(alert.message.contains("not cancelled: stuck"))
        }
    }

    @Test func nothingIsSentIntoABanAndTheSweepWaits() throws {
        try Rig.run { rig in
            rig.base.update { $0.orders.append(Self.working("by-hand")) }
            rig.script.next(.ticker, .fail(.banned(seconds: 90)))
            _ = try? await rig.broker.ticker(for: Rig.symbol)
            let count = rig.script.operations.count
            rig.layer.kill(reason: "enough")
            try await rig.pass(.seconds(89))
            #expect(rig.script.operations.count == count)
            try await rig.pass(.seconds(61))
            #expect(Self.open(rig).isEmpty)
        }
    }

    @Test func nothingIsSentForACauseThatWasReleased() throws {
        try Rig.run { rig in
            rig.base.update { $0.orders.append(Self.working("by-hand")) }
            rig.script.next(.openOrders, .answerLate(.seconds(2)))
            rig.layer.kill(reason: "by mistake")
            try await rig.pass(.seconds(1))
            rig.layer.releaseKill()
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig) == ["by-hand"])
            #expect(rig.script.attempts(of: .openOrders) == 1)
            #expect(rig.recorder.sweeps.map(\.step) == [.begin, .released, .end])
        }
    }

    @Test func aSweepWhoseCauseIsReleasedInTheSameInstantEndsAsReleased() throws {
        try Rig.run { rig in
            rig.base.update { $0.orders.append(Self.working("by-hand")) }
            rig.layer.kill(reason: "by mistake")
            rig.layer.releaseKill()
            #expect(rig.recorder.sweeps.map(\.step) == [.begin, .released, .end])
            try await rig.pass(.seconds(60))
            #expect(rig.recorder.sweeps.count == 3)
            #expect(rig.script.attempts(of: .openOrders) == 0)
            rig.layer.kill(reason: "meant")
            try await rig.pass(.seconds(60))
            #expect(Self.open(rig).isEmpty)
            #expect(rig.recorder.sweeps.last?.step == .end)
            #expect(rig.recorder.sweeps.count { $0.step == .released } == 1, "one that has ended is not called off")
            rig.layer.releaseKill()
            #expect(rig.recorder.sweeps.last?.step == .end)
        }
    }

    @Test func anOrderThatWaitsToBeSentIsTakenBack() throws {
        try Rig.run { rig in
            try await rig.shut(seconds: 4)
            async let failure = rig.failure(of: Rig.buy("waits"))
            try await rig.pass(.seconds(1))
            rig.layer.kill(reason: "enough")
            #expect(rig.recorder.states(of: "waits").last == .cancelled)
            let error = try await failure
            #expect(error?.code == .notSent)
            #expect(rig.script.attempts(of: .place) == 1)
        }
    }

    @Test func aRestartGoesOnWithASweepAndDoesNotRepeatOneThatHasEnded() throws {
        for seed in UInt64(0)..<4 {
            let report = try Simulation(seed: seed).run(for: .seconds(3_600)) { world in
                let storage = MemoryStorage()
                let base = DeterministicBroker()
                base.update { $0.orders.append(Self.working("by-hand")) }
                func boot() throws -> Rig { try Rig(world.environment, journal: storage.next(), base: base) }
                let first = try boot()
                first.script.always(.openOrders, .fail(.reset))
                first.layer.kill(reason: "enough")
                try await first.pass(.seconds(5))
                storage.crash()
                // The dead process asks on, and reaches nothing.
                first.script.always(.openOrders, .arriveLate(.seconds(3_000)))
                let second = try boot()
                try await second.pass(.seconds(60))
                #expect(second.recorder.sweeps.first?.step == .resumed)
                #expect(second.recorder.sweeps.last?.step == .end)
                #expect(Self.open(second).isEmpty)
                storage.crash()
                let third = try boot()
                base.update { $0.orders.append(Self.working("later")) }
                third.layer.kill(reason: "again")
                try await third.pass(.seconds(60))
                #expect(third.recorder.sweeps.isEmpty)
                #expect(Self.open(third) == ["later"])
            }
            #expect(report.outcome == .finished, "\(report)")
        }
    }
}

extension EventRecorder {
    var sweeps: [SweepEvent] {
        events.compactMap { event in if case .sweep(let sweep) = event { sweep } else { nil } }
    }
}
