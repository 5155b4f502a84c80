import SeawallBroker
import SeawallChaos
import SeawallMetrics
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whoever takes log events may come back to the layer, and must find no lock held.
@Suite struct EvidenceLockTests {
    /// At each unreadable snapshot it comes back to the evidence, on a thread of its own.
    private final class Caller: LogEventSink {
        let evidence = Lock(Evidence?.none)
        private let worker = WorkerThread()
        private let returned = Lock([Bool]())

        var returns: [Bool] { returned.withLock { $0 } }

        func write(_ event: LogEvent) {
            guard event.code == "unreadable", let evidence = evidence.withLock({ $0 }) else { return }
            let hasReturned = worker.run(waitingAtMost: .seconds(20)) { evidence.gone("V1", of: "nobody") }
            returned.withLock { $0.append(hasReturned) }
        }
    }

    @Test func anUnreadableSnapshotIsToldOutsideTheLock() throws {
        let caller = Caller()
        let report = try Simulation(seed: 1).run(for: .seconds(60)) { world in
            var configuration = LayerConfiguration()
            configuration.log = EventLog(caller, time: world.time)
            // Its amends replace, so that snapshots are those of legs.
            let rig = try Rig(
                world.environment, venue: .binanceSpot, capabilities: VenueProfile.binanceSpot.capabilities,
                configuration: configuration)
            caller.evidence.withLock { $0 = rig.layer.follower.evidence }
            defer { caller.evidence.withLock { $0 = nil } }
            let placed = try await rig.broker.place(Rig.buy("a"))
            var shown = placed
            // A number, and yet more than can be counted.
            shown.quantity = Decimal(sign: .plus, exponent: 60, significand: 1)
            rig.layer.follower.evidence.seen(shown)
        }
        #expect(report.isClean, "\(report)")
        #expect(!caller.returns.isEmpty && caller.returns.allSatisfy { $0 })
    }
}
