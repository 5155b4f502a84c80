import SeawallRateLimit
import SeawallTime

/// The rate limiter asked by calls that were prepared, and its line.
enum PreparedLimiterCases {
    static func all() throws -> [BenchCase] {
        let plenty = 1_000_000_000_000
        // Capacities above 1,024 are counted in slots, below that each instant by itself.
        let one = try limiter(buckets: 1, limit: plenty).prepare(["0": 1], lane: "calls")
        let coarse = try limiter(buckets: 1, limit: plenty).prepare(["0": 1], lane: "calls", clock: .coarse)
        let given = try limiter(buckets: 1, limit: plenty).prepare(["0": 1], lane: "calls")
        let three = try limiter(buckets: 3, limit: plenty).prepare(["0": 1, "1": 2, "2": 3], lane: "calls")
        let exact = try limiter(buckets: 1, limit: 1_000, window: .nanoseconds(1)).prepare(["0": 1], lane: "calls")
        let spent = try limiter(buckets: 1, limit: 100, window: .seconds(86_400)).prepare(["0": 1], lane: "calls")
        while spent.tryAcquire().permit != nil {}
        return asking(one, "limiter.prepared", onThreads: [1, 2, 4], note: "granted, one bucket counted in slots")
            + asking(coarse, "limiter.prepared-coarse", onThreads: [1, 2], note: "the same by the coarse clock")
            + asking(three, "limiter.prepared-three", onThreads: [1], note: "the same, three buckets at once")
            + asking(exact, "limiter.prepared-exact", onThreads: [1], note: "granted, where each instant is counted")
            + asking(spent, "limiter.prepared-refused", onThreads: [1, 2], note: "refused, with the instant")
            + [
                BenchCase.sync(
                    "limiter.prepared-given", baseline: "baseline.atomic-add",
                    note: "granted at an instant that the caller has read"
                ) { operations in
                    var instant = SystemTime().now
                    for number in 0..<operations {
                        if number % 1_024 == 0 { instant = SystemTime().now }
                        keep(given.tryAcquire(at: instant).permit != nil)
                    }
                },
                next(of: 10, baseline: "baseline.clock"), next(of: 10_000, baseline: "limiter.next-of-10"),
            ]
    }

    private static func asking(
        _ call: PreparedCall, _ name: String, onThreads threads: [Int], note: String
    ) -> [BenchCase] {
        BenchCase.sync(name, onThreads: threads, baseline: "baseline.clock", note: note) { operations in
            for _ in 0..<operations { keep(call.tryAcquire().permit != nil) }
        }
    }

    /// One token goes from hand to hand along a line that is always as long.
    private static func next(of waiters: Int, baseline: String) -> BenchCase {
        BenchCase(
            "limiter.next-of-\(waiters)", baseline: baseline,
            note: "a token is given back, the first of the line has it, and another queues up"
        ) { operations in
            let limiter = try RateLimiter(
                configuration: RateLimiterConfiguration(
                    lanes: ["calls"], buckets: [BucketConfiguration(name: "0", limit: 1, window: .seconds(86_400))],
                    maximumWaiters: waiters + 1))
            var line = try (0...waiters).map { _ in try limiter.reserve(["0": 1], lane: "calls") }
            var place = 0
            let start = SystemTime().now.nanoseconds
            for _ in 0..<operations {
                line[place].giveBack()
                let nextPlace = place == waiters ? 0 : place + 1
                keep(line[nextPlace].grantIfReady() != nil)
                line[place] = try limiter.reserve(["0": 1], lane: "calls")
                place = nextPlace
            }
            let taken = SystemTime().now.nanoseconds - start
            limiter.shutdown()
            return Sample(nanoseconds: taken, operations: operations)
        }
    }

    private static func limiter(buckets: Int, limit: Int, window: Duration = .seconds(60)) throws -> RateLimiter {
        try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["calls"],
                buckets: (0..<buckets).map { BucketConfiguration(name: "\($0)", limit: limit, window: window) }))
    }
}
