import SeawallBackoff
import SeawallTime

/// Delays, the retry loop and its budget.
enum BackoffCases {
    static func all() throws -> [BenchCase] {
        [delay, syncCall] + syncSuccess + (try syncBudget()) + [asyncCall] + (try asyncShared()) + asyncSuccess
            + (try asyncBudget()) + asyncOpaque + [asyncStop, try timeout()]
    }

    private static var delay: BenchCase {
        BenchCase.sync("retry.delay", baseline: "baseline.clock", note: "general policy, full jitter") { operations in
            var sum: Int64 = 0
            for index in 0..<operations {
                let delay = BackoffPolicy.general.delay(
                    afterAttempt: index & 7, random: UInt64(truncatingIfNeeded: index) &* 0x9e37_79b9_7f4a_7c15)
                sum &+= delay.components.seconds
            }
            keep(sum)
        }
    }

    /// What a synchronous retry is compared with.
    private static var syncCall: BenchCase {
        BenchCase.sync("retry.bare-sync", baseline: "baseline.atomic-add", note: "a throwing closure, not inlined") {
            operations in
            let call = opaqueSync { value throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations { value = (try? call(value)) ?? 0 }
            keep(value)
        }
    }

    private static var syncSuccess: [BenchCase] {
        BenchCase.sync(
            "retry.sync-success", onThreads: [1, 2, 4], baseline: "retry.bare-sync",
            note: "the first attempt succeeds"
        ) { operations in
            let call = opaqueSync { value throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations {
                value = (try? retry(wait: { _ in }, operation: { _ in try call(value) })) ?? 0
            }
            keep(value)
        }
    }

    private static func syncBudget() throws -> [BenchCase] {
        let budget = try RetryBudget()
        return BenchCase.sync(
            "retry.sync-budget", onThreads: [1, 2, 4], baseline: "retry.bare-sync",
            note: "the same with a full budget shared by all"
        ) { operations in
            let call = opaqueSync { value throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations {
                value = (try? retry(budget: budget, wait: { _ in }, operation: { _ in try call(value) })) ?? 0
            }
            keep(value)
        }
    }

    /// What an asynchronous retry is compared with: the same call within a function of the same kind, that does no more.
    private static var asyncCall: BenchCase {
        BenchCase.async(
            "retry.bare-async", baseline: "baseline.async-call",
            note: "a throwing closure, within a nonsending function"
        ) { operations in
            let call = opaque { value async throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations { value = try await within { try await call(value) } }
            keep(value)
        }
    }

    @inline(__always)
    private static func within<Value>(_ operation: () async throws -> Value) async throws -> Value {
        try await operation()
    }

    private static var asyncSuccess: [BenchCase] {
        BenchCase.async(
            "retry.async-success", onThreads: [1, 2, 4], baseline: "retry.bare-async",
            note: "the first attempt succeeds, specialised"
        ) { operations in
            let call = opaque { value async throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations { value = try await retry { try await call(value) } }
            keep(value)
        }
    }

    private static func asyncBudget() throws -> [BenchCase] {
        let budget = try RetryBudget()
        return BenchCase.async(
            "retry.async-budget", onThreads: [1, 2, 4], baseline: "retry.bare-async",
            note: "the same with a full budget shared by all"
        ) { operations in
            let call = opaque { value async throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations { value = try await retry(budget: budget) { try await call(value) } }
            keep(value)
        }
    }

    /// What a client's calls come to in practice: one retrier, one budget, every thread.
    private static func asyncShared() throws -> [BenchCase] {
        let retrier = Retrier(.cex, effect: .read, budget: try RetryBudget())
        return BenchCase.async(
            "retry.async-shared", onThreads: [1, 2, 4], baseline: "retry.bare-async",
            note: "a retrier with a full budget shared by all"
        ) { operations in
            let call = opaque { value async throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations {
                let input = value
                value = try await retrier.run { try await call(input) }
            }
            keep(value)
        }
    }

    private static var asyncOpaque: [BenchCase] {
        BenchCase.async(
            "retry.async-opaque", onThreads: [1, 2, 4], baseline: "retry.bare-async",
            note: "a wrapped function, not specialised"
        ) { operations in
            let call = opaque(Retrier().wrap(opaque { value async throws in value &+ 1 }))
            var value = 0
            for _ in 0..<operations { value = try await call(value) }
            keep(value)
        }
    }

    /// The error is made once: what is measured is the way of a failure through the loop.
    private static var asyncStop: BenchCase {
        BenchCase.async(
            "retry.async-stop", baseline: "baseline.async-call", note: "the first attempt fails and is given back"
        ) { operations in
            let environment = RuntimeEnvironment()
            var caught = 0
            for _ in 0..<operations {
                do {
                    try await retry(environment: environment, classify: { _ in .stop }) { throw Refusal() }
                } catch {
                    caught &+= 1
                }
            }
            keep(caught)
        }
    }

    private static func timeout() throws -> BenchCase {
        let policy = try ConcurrentRetryPolicy(attemptTimeout: .cooperative(.seconds(60)))
        return BenchCase.async(
            "retry.timeout", baseline: "baseline.async-call", note: "an attempt within a cooperative timeout"
        ) { operations in
            let retrier = try ConcurrentRetrier(policy)
            let call = opaque { value async throws in value &+ 1 }
            var value = 0
            for _ in 0..<operations {
                let last = value
                value = try await retrier.run { last &+ 1 }
            }
            keep(try await call(value))
        }
    }

    private struct Refusal: Error {}

    private typealias SyncCall = (_ value: Int) throws -> Int

    @inline(never)
    @_optimize(none)
    private static func opaqueSync(_ call: @escaping SyncCall) -> SyncCall { call }
}
