import Dispatch
import SeawallTime

/// Runs async code to its end while the calling thread waits.
enum Blocking {
    private final class Outcome<Value: Sendable>: Sendable {
        let result = Lock<Result<Value, any Error>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    /// Runs `body` in a task of the shared pool, as a bot's tasks run, and returns what it returned.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        TaskSpawner().spawn {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            outcome.isThere.signal()
        }
        outcome.isThere.wait()
        guard let result = outcome.result.withLock({ $0 }) else { throw BenchError("a task ended without a result") }
        return try result.get()
    }
}
