import SeawallTime

@testable import SeawallCircuitBreaker

/// What the stresses of a shell call.
protocol StressedShell: Sendable {
    func admit() -> CircuitBreaker.Decision
    func record(_ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket) -> [CircuitBreaker.Transition]
    func poll() -> [CircuitBreaker.Transition]

    /// Disables it, and says in which era it is then.
    func disabledEra() -> UInt64
}

extension CircuitBreaker: StressedShell {
    func disabledEra() -> UInt64 {
        disable(reason: "to read the era")
        return admit().ticket?.era ?? 0
    }
}

/// A copy of the shell without its lock: what one thread does between reading and writing is lost to another.
///
/// Each of the two is whole for itself, so that what goes wrong is the breaker and not the memory of the process.
final class UnlockedShell: StressedShell {
    private let core: Lock<CircuitBreakerCore>
    private let time: ManualTime

    init(_ core: CircuitBreakerCore, _ time: ManualTime) {
        self.core = Lock(core)
        self.time = time
    }

    private func change<Result: Sendable>(_ event: (inout CircuitBreakerCore, MonotonicInstant) -> Result) -> Result {
        var copy = core.withLock { $0 }
        let result = event(&copy, time.now)
        let changed = copy
        // Wide enough a gap for every machine.
        Crew.stepAside()
        core.withLock { $0 = changed }
        return result
    }

    func admit() -> CircuitBreaker.Decision { change { $0.admit(now: $1) } }

    func record(_ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket) -> [CircuitBreaker.Transition] {
        change { $0.record(result, for: ticket, now: $1) }
    }

    func poll() -> [CircuitBreaker.Transition] { change { $0.advance(to: $1) } }

    func disabledEra() -> UInt64 {
        _ = change { $0.disable(detail: nil, now: $1) }
        return admit().ticket?.era ?? 0
    }
}
