import SeawallTime

@testable import SeawallCircuitBreaker

/// What a history is played on: the bare core, or a whole breaker with its fast paths.
protocol BreakerUnderTest {
    mutating func status(_ now: Int64) -> CircuitBreaker.Status
    mutating func admit(_ now: Int64) -> CircuitBreaker.Decision
    mutating func record(
        _ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket, took: Int64, _ now: Int64
    ) -> [CircuitBreaker.Transition]
    mutating func giveBack(_ ticket: CircuitBreaker.Ticket, _ now: Int64)
    mutating func apply(_ step: BreakerStep, _ now: Int64) -> [CircuitBreaker.Transition]
}

/// The core, with chances drawn as a shell draws them.
struct CoreUnderTest: BreakerUnderTest {
    private var core: CircuitBreakerCore
    private var random: ListedRandom

    init(_ configuration: CircuitBreakerConfiguration, _ random: ListedRandom) {
        self.random = random
        core = CircuitBreakerCore(
            name: "model", configuration: configuration, now: .origin, draw: random.next())
    }

    private mutating func settle() {
        if core.needsDraw { core.refill(random.next()) }
    }

    mutating func status(_ now: Int64) -> CircuitBreaker.Status { core.status(now: MonotonicInstant(nanoseconds: now)) }

    mutating func admit(_ now: Int64) -> CircuitBreaker.Decision {
        defer { settle() }
        return core.admit(now: MonotonicInstant(nanoseconds: now))
    }

    mutating func record(
        _ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket, took: Int64, _ now: Int64
    ) -> [CircuitBreaker.Transition] {
        defer { settle() }
        return core.record(result, for: ticket, took: took, now: MonotonicInstant(nanoseconds: now))
    }

    mutating func giveBack(_ ticket: CircuitBreaker.Ticket, _ now: Int64) {
        core.giveBack(ticket, now: MonotonicInstant(nanoseconds: now))
    }

    mutating func apply(_ step: BreakerStep, _ now: Int64) -> [CircuitBreaker.Transition] {
        defer { settle() }
        let instant = MonotonicInstant(nanoseconds: now)
        func end(_ after: Int64?) -> MonotonicInstant? { after.map { MonotonicInstant(nanoseconds: now + $0) } }
        switch step {
        case .forceOpen(let after): return core.forceOpen(until: end(after), detail: "by hand", now: instant)
        case .isolate(let after): return core.isolate(until: end(after), detail: "by hand", now: instant)
        case .disable: return core.disable(detail: "by hand", now: instant)
        case .shadow(let share): return core.shadow(detail: "by hand", enforcing: share, now: instant)
        case .release: return core.release(now: instant)
        case .reset: return core.reset(now: instant)
        default: return core.advance(to: instant)
        }
    }
}

/// The shell, on a time that the history sets.
struct ShellUnderTest: BreakerUnderTest {
    private let time = ManualTime()
    private let breaker: CircuitBreaker

    init(_ configuration: CircuitBreakerConfiguration, _ random: ListedRandom) throws {
        breaker = try CircuitBreaker(
            name: "model", configuration: configuration, environment: RuntimeEnvironment(time: time, random: random))
    }

    private func move(_ now: Int64) { time.advance(to: MonotonicInstant(nanoseconds: now)) }

    mutating func status(_ now: Int64) -> CircuitBreaker.Status {
        move(now)
        return breaker.status
    }

    mutating func admit(_ now: Int64) -> CircuitBreaker.Decision {
        move(now)
        return breaker.admit()
    }

    mutating func record(
        _ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket, took: Int64, _ now: Int64
    ) -> [CircuitBreaker.Transition] {
        move(now)
        return breaker.record(result, for: ticket)
    }

    mutating func giveBack(_ ticket: CircuitBreaker.Ticket, _ now: Int64) {
        move(now)
        breaker.giveBack(ticket)
    }

    mutating func apply(_ step: BreakerStep, _ now: Int64) -> [CircuitBreaker.Transition] {
        move(now)
        func end(_ after: Int64?) -> MonotonicInstant? { after.map { MonotonicInstant(nanoseconds: now + $0) } }
        switch step {
        case .forceOpen(let after): return breaker.forceOpen(reason: "by hand", until: end(after))
        case .isolate(let after): return breaker.isolate(reason: "by hand", until: end(after))
        case .disable: return breaker.disable(reason: "by hand")
        case .shadow(let share): return breaker.shadow(reason: "by hand", enforcing: share)
        case .release: return breaker.release()
        case .reset: return breaker.reset()
        default: return breaker.poll()
        }
    }
}

/// Numbers in the order of a list that is drawn from a seed, which can be asked again.
final class ListedRandom: RandomSource {
    private let numbers: [UInt64]
    private let position = Lock(0)

    init(_ count: Int, _ generator: inout SeededGenerator) {
        numbers = (0..<count).map { _ in generator.next() }
    }

    func next() -> UInt64 {
        position.withLock { position in
            defer { position += 1 }
            return numbers[position % numbers.count]
        }
    }

    /// The chance in 0 ..< 1 that the number of this index stands for.
    func chance(_ index: Int) -> Double { Double(numbers[index % numbers.count] >> 11) / Double(1 << 53) }
}
