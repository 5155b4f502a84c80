import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Defects of latches, sweeps and alerts, on a machine that loses its power.
extension PlantedDefectTests {
    @Test(
        arguments: [
            (KeeperDefect.alertsBeforeTheSync, [Promise.latchIsDurable]),
            (.sweepsBeforeTheSync, [.latchIsDurable]),
            (.neverSyncs, [.latchIsDurable]),
            (.forgetsAtRestart, [.latchIsDurable]),
            (.latchesAfterCancels, [.tripActsOnce]),
            (.sweepsTwice, [.tripActsOnce]),
            (.sweepsAgainAfterARestart, [.tripActsOnce]),
            (.neverSweeps, [.tripActsOnce]),
            (.leavesAnOrderUnnamed, [.tripActsOnce]),
            (.sendsWhatHadWaited, [.reduceOnlyHolds, .tripActsOnce]),
            (.alertsAgainAfterARestart, [.oneAlertPerEpisode]),
            (.alertsTwice, [.oneAlertPerEpisode]),
        ])
    func aKeeperOfLatchesThatGoesWrongIsSeen(_ defect: KeeperDefect, _ promises: [Promise]) throws {
        for seed in Self.seeds {
            expectBroken(Set(promises), try KeeperRoad(seed: seed, defect: defect).run())
        }
    }

    @Test(arguments: seeds) func aSweepThatNeverEndsIsSeen(seed: UInt64) throws {
        let road = KeeperRoad(
            seed: seed, defect: .neverEndsItsSweep, length: .seconds(400), afterwards: .seconds(250))
        expectBroken([.tripActsOnce], try road.run())
    }

    @Test(arguments: seeds) func aKeeperThatTakesUnreadableStateForNoneIsSeen(seed: UInt64) throws {
        let road = KeeperRoad(seed: seed, defect: .startsAfreshOnUnreadableState, harm: .unreadable)
        expectBroken([.latchIsDurable], try road.run())
    }

    /// The keeper without a defect keeps every promise, with a good disk, a full one, and one that is harmed.
    @Test(arguments: seeds) func aKeeperWithoutADefectIsSeenToKeepEverything(seed: UInt64) throws {
        for failure in [nil, DiskFailure.full, .failing, .unsyncable] {
            let report = try KeeperRoad(
                seed: seed,
                disk: { disk in
                    if let failure { disk.fail(failure, for: .seconds(60)) }
                }
            ).run()
            for promise: Promise in [.latchIsDurable, .tripActsOnce, .oneAlertPerEpisode] {
                expectKept(promise, report)
            }
        }
        expectKept(.latchIsDurable, try KeeperRoad(seed: seed, harm: .unreadable).run())
    }

    /// The layer in the keeper's place: it pulls the kill switch, sweeps, dies, and comes back killed.
    @Test(arguments: seeds) func theLayerKeepsItsKillSwitchOverACrash(seed: UInt64) throws {
        let report = try Simulation(seed: seed).run(for: .seconds(400)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            try await world.machine { machine in
                let pen = RunPen(log: world.log, fence: machine.fence)
                let layer = try ReliabilityLayer(
                    venue: .binanceUSDM, broker: world.edge(.binanceUSDM, venue, on: machine), journal: machine.disk,
                    environment: machine.environment, recorder: LayerLogger(pen: pen))
                try layer.alerts.register(AlertLogger(pen: pen))
                let broker = world.face(layer.broker, on: machine)
                try await layer.start(symbols: [VenueWorld.symbol])
                if machine.boot == 0 {
                    _ = try await broker.place(.resting(.buy, 1, intent: "wish"))
                    layer.kill(reason: "test")
                    try await machine.time.sleep(for: .seconds(100))
                    machine.crash()
                }
                _ = try? await broker.place(.resting(.buy, 1, intent: "after"))
                try await machine.time.sleep(for: .seconds(100))
            }
        }
        #expect(report.thrown == nil, "\(report)")
        for promise: Promise in [.latchIsDurable, .tripActsOnce, .oneAlertPerEpisode] { expectKept(promise, report) }
        #expect(report.counts.restarts == 1 && report.counts.orders == 1)
    }
}
