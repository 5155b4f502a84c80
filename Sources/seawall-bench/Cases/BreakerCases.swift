import SeawallCircuitBreaker

/// The circuit breaker.
enum BreakerCases {
    static func all() throws -> [BenchCase] {
        let breaker = try CircuitBreaker(name: "bench")
        return BenchCase.sync(
            "breaker.consecutive", onThreads: [1, 2], baseline: "baseline.atomic-add",
            note: "closed: admit, and record a success"
        ) { operations in
            for _ in 0..<operations {
                if let ticket = breaker.admit().ticket { breaker.record(.success, for: ticket) }
            }
        }
    }
}
