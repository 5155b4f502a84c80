internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where other threads leave the jobs and the escapes that they cause, and where a stalled run can wait for them.
///
/// It holds a pthread mutex and not the house's lock because the wait needs a condition variable.
final class ForeignInbox: @unchecked Sendable {
    /// Escapes beyond this number say nothing new; the run stops at the first.
    private static let escapesKept = 16

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrival: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [UnownedJob] = []
    private var seen: [SimulationEscape] = []

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        arrival = .allocate(capacity: 1)
        arrival.initialize(to: pthread_cond_t())
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        arrival.deinitialize(count: 1)
        arrival.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Every escape so far, in the order in which they were seen.
    var escapes: [SimulationEscape] { locked { seen } }

    func add(_ escape: SimulationEscape, job: UnownedJob? = nil) {
        locked {
            if seen.count < Self.escapesKept { seen.append(escape) }
            if let job { jobs.append(job) }
            pthread_cond_broadcast(arrival)
        }
    }

    func takeJobs() -> [UnownedJob] {
        locked {
            defer { jobs = [] }
            return jobs
        }
    }

    /// Waits in real time until an escape has been seen; false where `patience` passes without one.
    func waitForEscape(atMost patience: Duration) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let (seconds, rest) = patience.wholeNanoseconds
            .addingSaturating(Int64(deadline.tv_nsec))
            .quotientAndRemainder(dividingBy: 1_000_000_000)
        deadline.tv_sec = deadline.tv_sec.addingSaturating(time_t(seconds))
        deadline.tv_nsec = Int(rest)
        return locked {
            while seen.isEmpty {
                if pthread_cond_timedwait(arrival, mutex, &deadline) != 0 { break }
            }
            return !seen.isEmpty
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
