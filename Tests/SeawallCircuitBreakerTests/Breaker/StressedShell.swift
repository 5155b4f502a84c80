import SeawallTestSupport
import SeawallTime
import Synchronization

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
/// Reading and writing are whole for themselves, so that what goes wrong is the breaker and not the memory of the process.
/// All else is as in the shell: the word that is read before the core, and published after it, and the end beside it.
final class UnlockedShell: StressedShell {
    private let core: Lock<CircuitBreakerCore>
    private let time: ManualTime
    private let hot = Atomic<UInt64>(0)
    private let openEnd = Atomic<Int64>(.min)

    init(_ core: CircuitBreakerCore, _ time: ManualTime) {
        self.core = Lock(core)
        self.time = time
        publish(core)
    }

    private func publish(_ core: CircuitBreakerCore) {
        if case .open(let end) = core.phase { openEnd.store(end.nanoseconds, ordering: .relaxed) }
        let word = core.hotWord.rawValue
        if hot.load(ordering: .relaxed) != word { hot.store(word, ordering: .releasing) }
    }

    private func change<Result: Sendable>(_ event: (inout CircuitBreakerCore, MonotonicInstant) -> Result) -> Result {
        var copy = core.withLock { $0 }
        let result = event(&copy, time.now)
        let changed = copy
        // Wide enough a gap for every machine.
        Crew.stepAside()
        core.withLock { $0 = changed }
        publish(changed)
        return result
    }

    func admit() -> CircuitBreaker.Decision {
        let word = HotWord(rawValue: hot.load(ordering: .acquiring))
        if word.has(.admits) {
            return CircuitBreaker.Decision(
                admission: .admitted(CircuitBreaker.Ticket(era: word.era)), transitions: [])
        }
        let end = MonotonicInstant(nanoseconds: openEnd.load(ordering: .relaxed))
        if word.has(.refuses), time.now < end {
            return CircuitBreaker.Decision(
                admission: .rejected(CircuitBreaker.Rejection(name: "stress", state: .open, until: end)),
                transitions: [])
        }
        return change { $0.admit(now: $1) }
    }

    func record(_ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket) -> [CircuitBreaker.Transition] {
        let word = HotWord(rawValue: hot.load(ordering: .acquiring))
        if word.era == ticket.era {
            if result == .success, word.has(.skipsSuccess) { return [] }
            if result == .ignored, word.has(.admits) { return [] }
        }
        return change { $0.record(result, for: ticket, now: $1) }
    }

    func poll() -> [CircuitBreaker.Transition] { change { $0.advance(to: $1) } }

    func disabledEra() -> UInt64 {
        _ = change { $0.disable(detail: nil, now: $1) }
        return admit().ticket?.era ?? 0
    }
}
