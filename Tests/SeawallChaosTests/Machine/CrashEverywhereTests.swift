import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A crash between any two steps of a run, and at any operation of its disk: the next process goes on from what is safe.
///
/// Every run is made twice and compared. A build for debugging takes a sample, always the same one, and one for release
/// takes all: `swift test -c release -Xswiftc -enable-testing --filter CrashEverywhereTests`. With `SEAWALL_CRASH_EVERY`
/// set to `k`, either takes every k-th crash.
@Suite struct CrashEverywhereTests {
    private static let every =
        ProcessInfo.processInfo.environment["SEAWALL_CRASH_EVERY"].flatMap { Int($0) }.map { max(1, $0) }

    #if DEBUG
    private static let sample = every ?? 241
    #else
    private static let sample = every ?? 1
    #endif

    /// How far apart crashes are: there are fewer operations of the disk than steps, and each of the others is many runs.
    private static let stride = (
        steps: sample, disk: max(1, sample / 4), nested: max(37, sample * 3), blows: max(23, sample * 5)
    )

    /// The steps are shared out, so that they are taken on all cores.
    private static let shares = 4

    private func expectRecovered(_ bench: CrashBench, _ crashes: [CrashPoint], _ what: String = "") throws {
        let result = try bench.run(crashes: crashes)
        let line = "seed \(bench.seed), crashes \(crashes) \(what)"
        #expect(result.problems.isEmpty, "\(line): \(result.problems.joined(separator: "\n"))")
        #expect(result.report.crashes == crashes.count, "\(line)")
        let again = try bench.run(crashes: crashes)
        #expect(again.report.recordHash == result.report.recordHash, "\(line): other bytes")
        #expect(again.report.hash == result.report.hash, "\(line): another schedule")
    }

    @Test func theRunItselfIsWhole() throws {
        let result = try CrashBench(seed: 1).run()
        #expect(result.problems.isEmpty, "\(result.problems.joined(separator: "\n"))")
        #expect(result.report.crashes == 0)
        #expect(result.report.steps > 1_000, "\(result.report)")
        #expect(result.diskOperations > 100)
        #expect(result.report.strikes.count >= 6, "\(result.report.strikes)")
        for promise in [Promise.oneOrderPerIntent, .reduceOnlyHolds, .latchIsDurable, .nothingUnproven] {
            #expect((result.report.findings[promise]?.checked ?? 0) > 0, "\(promise) was never tried")
        }
    }

    @Test(arguments: 0..<shares) func aCrashBetweenAnyTwoStepsIsRecovered(share: Int) throws {
        let steps = try CrashBench(seed: 1).run().report.steps
        let first = 3 + share * Self.stride.steps
        for step in Swift.stride(from: first, to: steps - 20, by: Self.stride.steps * Self.shares) {
            try expectRecovered(CrashBench(seed: 1), [.step(step)])
        }
    }

    @Test(arguments: DiskMoment.allCases) func aCrashAtAnyOperationOfTheDiskIsRecovered(moment: DiskMoment) throws {
        let operations = try CrashBench(seed: 2).run().diskOperations
        for number in Swift.stride(from: 1, through: operations, by: Self.stride.disk) {
            try expectRecovered(CrashBench(seed: 2), [.diskOperation(number, moment)])
        }
    }

    @Test func aCrashWhileTheNextProcessRecoversIsRecovered() throws {
        let steps = try CrashBench(seed: 3).run().report.steps
        for step in Swift.stride(from: 20, to: steps - 20, by: Self.stride.nested) {
            for later in [0, 4, 30] {
                try expectRecovered(
                    CrashBench(seed: 3),
                    [.step(step), .stepOfBoot(later, boot: 1), .stepOfBoot(later / 2, boot: 2)])
            }
        }
    }

    @Test func aCrashAtTheDiskWhileTheNextProcessRecoversIsRecovered() throws {
        let operations = try CrashBench(seed: 4).run().diskOperations
        for number in Swift.stride(from: 7, through: operations, by: Self.stride.disk * 5) {
            for moment in DiskMoment.allCases {
                try expectRecovered(
                    CrashBench(seed: 4),
                    [
                        .diskOperation(number, .during), .diskOperation(number + 1, moment),
                        .diskOperation(number + 3, .during),
                    ])
            }
        }
    }

    /// What befalls the machine without ending it breaks nothing either.
    @Test func whatElseBefallsTheMachineIsRecovered() throws {
        let blows: [(String, @Sendable (SimulatedWorld) -> Void)] = [
            ("sleep", { $0.sleepMachine(for: .seconds(600)) }),
            ("clock forth", { Self.stepClock(of: $0, by: .seconds(3_600)) }),
            ("clock back", { Self.stepClock(of: $0, by: .seconds(-3_600)) }),
            ("clock forth for good", { $0.stepClock(by: .seconds(3_600)) }),
            ("clock back for good", { $0.stepClock(by: .seconds(-3_600)) }),
            ("disk full", { $0.failDisk(.full, for: .seconds(4)) }),
            ("disk failing", { $0.failDisk(.failing, for: .seconds(4)) }),
            ("disk unsyncable", { $0.failDisk(.unsyncable, for: .seconds(4)) }),
            ("maintenance", { $0.setVenueMode(.maintenance, for: .seconds(20)) }),
            ("key", { $0.expireAuthentication(for: .seconds(20)) }),
            ("limits", { $0.spendLimits(perMille: 900, for: .seconds(20)) }),
        ]
        let steps = try CrashBench(seed: 5).run().report.steps
        for (name, strike) in blows {
            for step in Swift.stride(from: 311, to: steps - 200, by: Self.stride.blows) {
                var bench = CrashBench(seed: 5)
                bench.blow = (step, strike)
                try expectRecovered(bench, [], name)
                try expectRecovered(bench, [.step(step + 9)], name)
            }
        }
    }

    /// Sets the clock wrong, and right again after a while.
    private static func stepClock(of world: SimulatedWorld, by duration: Duration) {
        world.stepClock(by: duration)
        world.environment.spawner.spawn { [weak world] in
            guard let time = world?.time, (try? await time.sleep(for: .seconds(15))) != nil else { return }
            world?.stepClock(by: .zero - duration)
        }
    }
}
