internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where other threads leave the jobs and the escapes that they cause, and where a stalled run can wait for them.
final class ForeignInbox: Sendable {
    private struct Storage: Sendable {
        var jobs: [UnownedJob] = []
        var escapes: [SimulationEscape] = []
    }

    /// Escapes beyond this number say nothing new; the run stops at the first.
    private static let escapesKept = 16

    private let storage = Lock(Storage())

    /// Every escape so far, in the order in which they were seen.
    var escapes: [SimulationEscape] { storage.withLock { $0.escapes } }

    var hasEscapes: Bool { storage.withLock { !$0.escapes.isEmpty } }

    func add(_ escape: SimulationEscape, job: UnownedJob?) {
        storage.withLock { storage in
            if storage.escapes.count < Self.escapesKept { storage.escapes.append(escape) }
            if let job { storage.jobs.append(job) }
        }
    }

    func takeJobs() -> [UnownedJob] {
        storage.withLock { storage in
            defer { storage.jobs = [] }
            return storage.jobs
        }
    }

    /// Waits in real time until an escape has been seen; false where `patience` passes without one.
    ///
    /// It blocks the thread in slices of a millisecond: the run stands still anyway, and a condition variable would
    /// cost every run what only a failed one uses.
    func waitForEscape(atMost patience: Duration) -> Bool {
        var slices = patience.wholeNanoseconds / 1_000_000
        while escapes.isEmpty {
            guard slices > 0 else { return false }
            slices -= 1
            usleep(1_000)
        }
        return true
    }
}
