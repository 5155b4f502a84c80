import Seawall
import SeawallAlerts
import SeawallCircuitBreaker
import SeawallTime

/// Alerts: what they cost the caller, and how far a handler is behind.
enum AlertCases {
    /// A handler that lets whoever waits for the next alert go on.
    private final class Doorbell: AlertSink {
        let name = "doorbell"
        private let waiting = Lock<UnsafeContinuation<Void, Never>?>(nil)

        func deliver(_ alert: Alert) async throws {
            let waiter = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiter?.resume()
        }

        func ring(after report: () -> Void) async {
            await withUnsafeContinuation { continuation in
                waiting.withLock { $0 = continuation }
                report()
            }
        }
    }

    static func all() throws -> [BenchCase] { [task, try suppressed, try deliver, try deliverThroughBreaker] }

    private static var task: BenchCase {
        BenchCase.async("alert.task", baseline: "baseline.async-call", note: "a task, started and awaited") {
            operations in
            let spawner = TaskSpawner()
            for _ in 0..<operations { await spawner.spawn {}.value }
        }
    }

    private static var suppressed: BenchCase {
        get throws {
            let manager = try AlertManager()
            manager.begin("open", code: "bench", severity: .error, message: "it is there")
            return BenchCase.sync(
                "alert.suppressed", baseline: "baseline.lock", note: "a report of what is known is counted"
            ) { operations in
                for _ in 0..<operations {
                    keep(manager.begin("open", code: "bench", severity: .error, message: "it is there") == nil)
                }
            }
        }
    }

    private static var deliver: BenchCase {
        get throws {
            // Short samples come back to the same breakers so often that they would flap: then no end is told.
            let manager = try AlertManager(configuration: AlertConfiguration(flapCount: 0))
            let doorbell = Doorbell()
            try manager.register(doorbell)
            let civil = SystemTime().civilNow
            return BenchCase.async(
                "alert.deliver", baseline: "alert.task", note: "from a breaker's transition to its handler"
            ) { operations in
                for number in 0..<operations {
                    let isOpening = number.isMultiple(of: 2)
                    let alert = CircuitBreakerAlert(
                        breakerName: "bench-\(number / 2)", from: isOpening ? .closed : .halfOpen,
                        to: isOpening ? .open : .closed, timestamp: civil, failureCount: 5)
                    await doorbell.ring { manager.report(alert) }
                }
                // The next sample begins with what this one left closed.
                if !operations.isMultiple(of: 2) {
                    manager.report(
                        CircuitBreakerAlert(
                            breakerName: "bench-\(operations / 2)", from: .open, to: .closed, timestamp: civil))
                    await manager.waitUntilDelivered()
                }
            }
        }
    }

    /// The whole way: a breaker's listener, its queue and task, the manager, the sink's queue and task.
    private static var deliverThroughBreaker: BenchCase {
        get throws {
            let manager = try AlertManager(configuration: AlertConfiguration(flapCount: 0))
            let doorbell = Doorbell()
            try manager.register(doorbell)
            let report = manager.makeTransitionHook()
            let breaker = try CircuitBreaker(name: "bench", hooks: .init(onTransition: { report($0) }))
            return BenchCase.async(
                "alert.deliver-listened", baseline: "alert.task",
                note: "from a breaker that opens or closes, through its listener, to a handler"
            ) { operations in
                for _ in 0..<operations {
                    await doorbell.ring {
                        if breaker.state == .closed { breaker.isolate(reason: "bench") } else { breaker.reset() }
                    }
                }
            }
        }
    }
}
