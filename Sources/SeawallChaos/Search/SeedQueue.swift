internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Hands seeds to threads in order, and takes results back in the same order, whoever is done first.
final class SeedQueue: Sendable {
    private struct State: Sendable {
        var next: UInt64
        var report: SeedSearchReport
        var waiting: [UInt64: SeedResult] = [:]
        var error: (any Error)?
        var workers = 0
        var done = 0
        var failed = 0

        /// Takes in order what has come; a result behind the last failure that counts is not told of.
        mutating func fold(_ limit: Int) {
            while report.failures.count < limit, let result = waiting.removeValue(forKey: report.seeds.upperBound) {
                report.add(result)
            }
        }
    }

    private let seeds: Range<UInt64>
    private let failureLimit: Int
    private let state: Lock<State>

    init(seeds: Range<UInt64>, failureLimit: Int) {
        self.seeds = seeds
        self.failureLimit = failureLimit
        state = Lock(State(next: seeds.lowerBound, report: SeedSearchReport(asked: seeds, threads: 0)))
    }

    /// Runs every seed, and blocks until no thread has one any more.
    func report(
        threads: Int?, onProgress: (SeedProgress) -> Void, _ run: @escaping @Sendable (UInt64) throws -> SeedResult
    ) throws -> SeedSearchReport {
        let count = min(threads ?? Self.cores, max(1, seeds.clampedCount))
        let start = SystemTime().now
        state.withLock { state in
            state.report = SeedSearchReport(asked: seeds, threads: count)
            state.workers = count
        }
        let workers = (0..<count).map { _ in WorkerThread() }
        for worker in workers { worker.run { self.work(run) } }
        var told = 0
        var slices = 0
        while state.withLock({ $0.workers > 0 }) {
            // A millisecond at a time: a search of few short runs is not to wait for its reports.
            usleep(1_000)
            slices += 1
            guard slices % 100 == 0 else { continue }
            let progress = progress(since: start)
            if progress.done > told { onProgress(progress) }
            told = progress.done
        }
        onProgress(progress(since: start))
        let (report, error) = state.withLock { state in (state.report, state.error) }
        if let error { throw error }
        var timed = report
        timed.elapsed = start.duration(to: SystemTime().now)
        return timed
    }

    private func progress(since start: MonotonicInstant) -> SeedProgress {
        state.withLock { state in
            SeedProgress(
                done: state.done, all: seeds.clampedCount, failed: state.failed,
                elapsed: start.duration(to: SystemTime().now))
        }
    }

    private func work(_ run: (UInt64) throws -> SeedResult) {
        while let seed = takeSeed() {
            do {
                let result = try run(seed)
                state.withLock { state in
                    state.done += 1
                    if result.failure != nil { state.failed += 1 }
                    state.waiting[seed] = result
                    state.fold(failureLimit)
                }
            } catch {
                state.withLock { $0.error = $0.error ?? error }
            }
        }
        state.withLock { $0.workers -= 1 }
    }

    private func takeSeed() -> UInt64? {
        state.withLock { state in
            guard state.error == nil, state.failed < failureLimit, state.next < seeds.upperBound else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

extension Range<UInt64> {
    /// How many seeds there are, as far as `Int` goes.
    var clampedCount: Int { Int(clamping: upperBound - lowerBound) }
}
