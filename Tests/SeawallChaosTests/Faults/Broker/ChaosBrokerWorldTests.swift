import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Faults that strike the world at a call, which then goes on.
@Suite struct ChaosBrokerWorldTests {
    private let time = ManualTime()
    private let base = DeterministicBroker()
    private let order = OrderRequest(
        symbol: "BTCUSDT", side: .buy, quantity: .base(1), type: .limit(price: 100), clientID: "c1")

    private func broker(_ plan: FaultPlan, _ world: RecordingWorld) throws -> ChaosBroker {
        try ChaosBroker(base, plan: plan, environment: RuntimeEnvironment(time: time), world: world)
    }

    @Test(arguments: [
        (FaultEffect.clockStep(.seconds(-30)), "step \(Duration.seconds(-30))"),
        (.machineSleep(.seconds(600)), "sleep \(Duration.seconds(600))"),
        (.diskFailure(.full, for: .seconds(5)), "disk full \(Duration.seconds(5))"),
        (.venueMode(.cancelOnly, for: .seconds(60)), "mode cancel_only \(Duration.seconds(60))"),
        (.authenticationExpiry(for: .seconds(20)), "expire \(Duration.seconds(20))"),
        (.secondProcess(perMille: 800, for: .seconds(9)), "spend 800 \(Duration.seconds(9))"),
    ])
    func theWorldIsStruckBeforeTheCallWhichGoesOn(effect: FaultEffect, deed: String) async throws {
        let base = base
        let world = RecordingWorld(onDeed: { _ in #expect(base.callCount(of: .place) == 0) })
        let broker = try broker([.once(effect)], world)
        #expect(try await broker.place(order).status == .working)
        #expect(world.deeds == [deed])
        #expect(broker.report == [FaultCount(fault: effect.name, operation: .place, count: 1)])
        #expect(try await broker.cancel(.client("c1"), symbol: "BTCUSDT").status == .cancelled)
        #expect(world.deeds == [deed])
    }

    @Test func aCrashBeforeTheCallKeepsItFromTheVenue() async throws {
        let world = RecordingWorld()
        let broker = try broker([.once(.crash(.before)), .after(1, .lostAfter(.reset(after: .zero)))], world)
        let error = await #expect(throws: BrokerError.self) { try await broker.place(order) }
        #expect(error?.delivery == .maybeSent)
        #expect(world.deeds == ["crash"])
        #expect(base.calls.isEmpty)
        #expect(broker.report.map(\.fault) == ["crash"], "what never happened is no strike")
        await #expect(throws: BrokerError.self, "the call was counted by both") { try await broker.place(order) }
        #expect(base.orders.count == 1)
    }

    @Test func aCrashAfterTheCallComesBeforeItsReply() async throws {
        let base = base
        let world = RecordingWorld(onDeed: { _ in #expect(base.orders.count == 1) })
        let broker = try broker([.once(.crash(.after))], world)
        await #expect(throws: BrokerError.self) { try await broker.place(order) }
        #expect(world.deeds == ["crash"])
        #expect(base.orders.count == 1)
    }

    @Test func aFillComesBeforeTheAcknowledgement() async throws {
        let base = base
        let world = RecordingWorld(onDeed: { _ in #expect(base.orders.count == 1) })
        let broker = try broker([.once(.fill(perMille: 500, at: .after, hold: .seconds(2)))], world)
        async let placed = broker.place(order)
        await time.waitForSleepers()
        #expect(world.deeds == ["fill V1 BTCUSDT 500"])
        #expect(time.nextDeadline == .origin.advanced(by: .seconds(2)))
        time.advance(by: .seconds(2))
        #expect(try await placed.venueID == "V1")
    }

    @Test func aFillComesBeforeTheCancelArrives() async throws {
        let base = base
        let world = RecordingWorld(onDeed: { _ in #expect(base.callCount(of: .cancel) == 0) })
        let broker = try broker([.once(.fill(perMille: 1_000, at: .before, hold: .zero))], world)
        _ = try await broker.place(order)
        #expect(world.deeds == [], "nothing can be filled before it is placed")
        _ = try await broker.cancel(.client("c1"), symbol: "BTCUSDT")
        #expect(world.deeds == ["fill c1 BTCUSDT 1000"])
    }

    @Test func anOrderWhoseReplyIsLostIsFilledByItsOwnName() async throws {
        let world = RecordingWorld()
        let broker = try broker(
            [
                .once(.lostAfter(.reset(after: .zero)), on: .on(.place)),
                .once(.fill(perMille: 1, at: .after, hold: .zero)),
            ], world)
        await #expect(throws: BrokerError.self) { try await broker.place(order) }
        #expect(world.deeds == ["fill c1 BTCUSDT 1"])
    }

    @Test func aFaultOfTheCallAndOneOfTheWorldStrikeTogether() async throws {
        let world = RecordingWorld()
        let broker = try broker([.once(.clockStep(.seconds(1))), .once(.lostBefore(.reset(after: .zero)))], world)
        await #expect(throws: BrokerError.self) { try await broker.place(order) }
        #expect(broker.report.map(\.fault) == ["clock_step", "lost_before"])
        #expect(world.deeds.count == 1)
        #expect(base.calls.isEmpty)
    }

    @Test(arguments: [false, true]) func aSteppedClockIsSetRightWhenTheRunHeals(hasMachine: Bool) throws {
        let simulation = try Simulation(seed: 1, configuration: SimulationConfiguration(healsAt: .seconds(10)))
        let report = simulation.run { world in
            @Sendable func stepAndWait(_ time: any TimeSource) async throws {
                let start = time.civilNow
                world.stepClock(by: .seconds(-90))
                try await time.sleep(for: .seconds(5))
                world.stepClock(by: .seconds(30))
                #expect(start.duration(to: time.civilNow) == .seconds(-55))
                try await time.sleep(for: .seconds(6))
                #expect(start.duration(to: time.civilNow) == .seconds(11))
                world.stepClock(by: .seconds(7))
                try await time.sleep(for: .seconds(60))
                #expect(start.duration(to: time.civilNow) == .seconds(78), "what comes later stays")
            }
            guard hasMachine else { return try await stepAndWait(world.time) }
            try await world.machine { try await stepAndWait($0.time) }
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func withoutAWorldAPlanMayNotStrikeIt() throws {
        let plan: FaultPlan = [.once(.delay(.zero)), .once(.crash(.before)), .once(.clockStep(.zero))]
        let error = try #require(throws: InvalidFields.self) { try ChaosBroker(base, plan: plan) }
        #expect(error.fields.map(\.name) == ["actions[1].effect", "actions[2].effect.duration", "actions[2].effect"])
        #expect(error.description.contains("actions[1].effect is crash, expected a fault of calls"))
        #expect(throws: InvalidFields.self) { try broker(plan, RecordingWorld()) }
    }
}
