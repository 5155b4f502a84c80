import SeawallTestSupport
import SeawallTime
import Synchronization

/// Manual time that lets other threads go first, on every third reading: they come upon a call that is under way.
final class HesitantTime: TimeSource {
    let time = ManualTime()
    private let readings = Atomic<Int>(0)

    var now: MonotonicInstant {
        let now = time.now
        if readings.add(1, ordering: .relaxed).newValue.isMultiple(of: 3) { Crew.stepAside() }
        return now
    }

    var civilNow: CivilInstant { time.civilNow }

    func sleep(until deadline: MonotonicInstant) async throws { try await time.sleep(until: deadline) }
}
