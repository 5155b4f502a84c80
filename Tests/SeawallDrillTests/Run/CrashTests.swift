import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct CrashTests {
    /// A crash that finds nothing in force shows nothing of what outlives a process.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func aCrashComesWhileAPauseIsInForce(seed: UInt64) throws {
        let crash = try #require(Scenario.named("crash"))
        let plan = try DrillPlan(DrillOptions(scenario: "crash", hours: 0.1))
        let struck = Lock(Struck())
        let report = try plan.run(crash, seed: seed).run { log in
            log.onRecord { record in struck.withLock { $0.observe(record) } }
        }
        #expect(report.isClean, "\(report)")
        #expect(report.findings.values.allSatisfy { $0.isKept }, "\(report)")
        let seen = struck.withLock { $0 }
        #expect(seen.crashes == crash.kinds.count)
        #expect(seen.latched > 0)
        #expect(report.findings[.latchIsDurable]?.checked ?? 0 > 0)
    }
}

/// How many crashes there were, and how many of them while something that a hand ends was in force.
private struct Struck: Sendable {
    private(set) var crashes = 0
    private(set) var latched = 0
    private var latches: Set<String> = []

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .layer(.permission(let change)) where change.cause.release == .byHand:
            switch change.event {
            case .raised, .extended: latches.insert(change.id)
            case .cleared, .expired: latches.remove(change.id)
            }
        case .crash:
            crashes += 1
            if !latches.isEmpty { latched += 1 }
            latches = []
        default: break
        }
    }
}
