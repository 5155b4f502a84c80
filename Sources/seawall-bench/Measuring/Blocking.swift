import Dispatch
import SeawallTime

/// Runs async code to its end while the calling thread waits.
enum Blocking {
    private final class Outcome<Value: Sendable>: Sendable {
        let result = Lock<Result<Value, any Error>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    /// A call through a closure comes back to its caller's executor: on an actor's that is a comparison, on none's it
    /// costs more than the call.
    private actor Stage {
        func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value { try await body() }
    }

    /// Runs `body` on an actor, as most bots run, and returns what it returned.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        TaskSpawner().spawn {
            let result: Result<Value, any Error>
            do { result = .success(try await Stage().run(body)) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            outcome.isThere.signal()
        }
        outcome.isThere.wait()
        guard let result = outcome.result.withLock({ $0 }) else { throw BenchError("a task ended without a result") }
        return try result.get()
    }
}
