import SeawallRateLimit

/// The limiter of calls in flight, with permits that are free.
enum ConcurrencyCases {
    static func all() throws -> [BenchCase] {
        let plenty = 1_000_000
        let fixed = try ConcurrencyLimiter(limit: plenty)
        let learnt = try ConcurrencyLimiter(
            adaptive: AdaptiveConcurrency(initial: plenty, minimum: plenty, maximum: plenty, probeLimit: plenty))
        let anybodys = BenchCase.sync(
            "concurrency.anybodys", onThreads: [1, 2], baseline: "baseline.lock",
            note: "a permit that is nobody's in particular, taken and released"
        ) { operations in
            for _ in 0..<operations { if fixed.tryAcquire() { fixed.release() } }
        }
        let own = BenchCase.sync(
            "concurrency.permit", onThreads: [1, 2], baseline: "baseline.lock", note: "a call's permit, fixed limit"
        ) { operations in
            for _ in 0..<operations { fixed.tryAcquirePermit()?.finish(.succeeded) }
        }
        let learning = BenchCase.sync(
            "concurrency.learnt", onThreads: [1, 2], baseline: "baseline.clock",
            note: "a call's permit, and what it took is learnt"
        ) { operations in
            for _ in 0..<operations { learnt.tryAcquirePermit()?.finish(.succeeded) }
        }
        return anybodys + own + learning
    }
}
