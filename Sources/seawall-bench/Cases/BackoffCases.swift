import SeawallBackoff
import SeawallTime

/// The retry loop.
enum BackoffCases {
    static func all() -> [BenchCase] {
        let environment = RuntimeEnvironment()
        return [
            BenchCase.async(
                "backoff.retry-success", baseline: "baseline.async-call", note: "the first attempt succeeds"
            ) { operations in
                let call = opaque { (attempt: Int) async throws -> Int in attempt &+ 1 }
                var sum = 0
                for _ in 0..<operations {
                    sum &+= try await retry(environment: environment, classify: { _ in .stop }, operation: call)
                }
                keep(sum)
            }
        ]
    }
}
