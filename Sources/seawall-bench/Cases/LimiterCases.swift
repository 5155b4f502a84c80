import SeawallRateLimit

/// The rate limiter.
enum LimiterCases {
    static func all() throws -> [BenchCase] {
        // The venue's number is out of reach: refusals are another path.
        let bucket = BucketConfiguration(name: "requests", limit: 1_000_000_000_000)
        let limiter = try RateLimiter(configuration: RateLimiterConfiguration(lanes: ["calls"], buckets: [bucket]))
        return BenchCase.sync(
            "limiter.try-acquire", onThreads: [1, 2], baseline: "baseline.clock",
            note: "granted, one bucket of 1,024 slots"
        ) { operations in
            let charge: Charge = ["requests": 1]
            for _ in 0..<operations { keep(limiter.tryAcquire(charge, lane: "calls").grant != nil) }
        }
    }
}
