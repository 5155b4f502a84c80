import SeawallRateLimit

/// The rate limiter.
enum LimiterCases {
    static func all() throws -> [BenchCase] {
        // The venue's number is out of reach: refusals are another path.
        let plenty = 1_000_000_000_000
        let one = try limiter(buckets: 1, limit: plenty)
        let three = try limiter(buckets: 3, limit: plenty)
        let holding = try limiter(buckets: 1, limit: plenty, isHolding: true)
        let spent = try limiter(buckets: 1, limit: 100)
        for _ in 0..<100 { keep(spent.tryAcquire(["0": 1], lane: "calls").grant != nil) }
        return asking(
            one, ["0": 1], "limiter.try-acquire", onThreads: [1, 2, 4], baseline: "baseline.clock",
            note: "granted, one bucket of 1,024 slots")
            + asking(
                three, ["0": 1, "1": 2, "2": 3], "limiter.try-acquire-three", onThreads: [1],
                baseline: "limiter.try-acquire", note: "granted, three buckets at once")
            + asking(
                spent, ["0": 1], "limiter.try-acquire-refused", onThreads: [1], baseline: "limiter.try-acquire",
                note: "refused, with the instant at which it may go")
            + [
                BenchCase.sync(
                    "limiter.try-acquire-settle", baseline: "limiter.try-acquire",
                    note: "granted and settled, held in between"
                ) { operations in
                    let charge: Charge = ["0": 1]
                    for _ in 0..<operations {
                        if let grant = holding.tryAcquire(charge, lane: "calls").grant { holding.settle(grant) }
                    }
                }
            ]
    }

    private static func asking(
        _ limiter: RateLimiter, _ charge: Charge, _ name: String, onThreads threads: [Int], baseline: String,
        note: String
    ) -> [BenchCase] {
        BenchCase.sync(name, onThreads: threads, baseline: baseline, note: note) { operations in
            for _ in 0..<operations { keep(limiter.tryAcquire(charge, lane: "calls").grant != nil) }
        }
    }

    private static func limiter(buckets: Int, limit: Int, isHolding: Bool = false) throws -> RateLimiter {
        try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["calls"], buckets: (0..<buckets).map { BucketConfiguration(name: "\($0)", limit: limit) },
                holdsUntilSettled: isHolding))
    }
}
