import SeawallTime

@testable import SeawallCircuitBreaker

/// A breaker as a reader of the documentation would write it: lists of all that happened, asked again each time.
///
/// It shares no function with the core: it keeps every result of an era, every probe with its end, and a diary of
/// states, and forgets nothing.
struct NaiveBreaker {
    struct Chapter {
        var state: CircuitBreaker.State
        var from: Int64
        var until: Int64?
        var results: [Bool] = []
        var probes: [(end: Int64, isSettled: Bool)] = []
        var successes = 0
    }

    struct Move: Equatable {
        var from: CircuitBreaker.State
        var to: CircuitBreaker.State
        var at: Int64
        var reason: CircuitBreaker.Transition.Reason
        var failures: Int
        var until: Int64?
    }

    struct Pass {
        var chapter: Int
        var probe: Int?
    }

    enum Answer {
        case pass(Pass)
        case refusal(until: Int64?)
    }

    let configuration: CircuitBreakerConfiguration
    var chapters: [Chapter] = [Chapter(state: .closed, from: 0)]
    var moves: [Move] = []
    var trouble = 0
    var step = 0
    var now: Int64 = 0

    init(_ configuration: CircuitBreakerConfiguration) {
        self.configuration = configuration
    }

    var current: Chapter { chapters[chapters.count - 1] }

    var end: Int64? {
        if current.state == .halfOpen { return current.probes.filter { !$0.isSettled }.map(\.end).min() }
        return current.until
    }

    var failures: Int {
        if current.state != .closed { return trouble }
        let inARow = current.results.reversed().prefix { !$0 }.count
        guard let rate = configuration.failureRate else { return inARow }
        return max(inARow, current.results.suffix(rate.window).filter { !$0 }.count)
    }

    mutating func turn(
        to state: CircuitBreaker.State, at instant: Int64, until: Int64?, _ reason: CircuitBreaker.Transition.Reason
    ) {
        moves.append(
            Move(from: current.state, to: state, at: instant, reason: reason, failures: trouble, until: until))
        chapters.append(Chapter(state: state, from: instant, until: until))
    }

    mutating func open(at instant: Int64, _ reason: CircuitBreaker.Transition.Reason) {
        var nanoseconds = Double(configuration.openDuration.wholeNanoseconds)
        for _ in 0..<step { nanoseconds *= configuration.openDurationGrowth }
        let length = min(Int64(nanoseconds.rounded(.up)), configuration.openDurationCap.wholeNanoseconds)
        step = min(step + 1, 50)
        turn(to: .open, at: instant, until: instant + length, reason)
    }

    mutating func pass(to instant: Int64) {
        now = instant
        while let end, end <= now {
            switch current.state {
            case .open: turn(to: .halfOpen, at: end, until: nil, .openTimeOver)
            case .isolated: turn(to: .halfOpen, at: end, until: nil, .isolationOver)
            default:
                trouble += 1
                open(at: end, .probeLeaseOver)
            }
        }
    }

    mutating func admit() -> Answer {
        let last = chapters.count - 1
        switch current.state {
        case .closed, .disabled: return .pass(Pass(chapter: last, probe: nil))
        case .open, .isolated: return .refusal(until: end)
        case .halfOpen:
            if current.probes.filter({ !$0.isSettled }).count >= configuration.probes { return .refusal(until: end) }
            chapters[last].probes.append((now + configuration.probeLease.wholeNanoseconds, false))
            return .pass(Pass(chapter: last, probe: current.probes.count - 1))
        }
    }

    mutating func record(_ result: CircuitBreaker.CallResult, for pass: Pass) {
        guard pass.chapter == chapters.count - 1 else { return }
        if let probe = pass.probe {
            if current.probes[probe].isSettled { return }
            chapters[pass.chapter].probes[probe].isSettled = true
            if result == .failure {
                trouble += 1
                open(at: now, .probeFailed)
            } else if result == .success {
                chapters[pass.chapter].successes += 1
                if current.successes >= configuration.successesToClose {
                    turn(to: .closed, at: now, until: nil, .probesSucceeded)
                }
            }
        } else if current.state == .closed, result != .ignored {
            chapters[pass.chapter].results.append(result == .success)
            tripIfDue()
        }
    }

    mutating func tripIfDue() {
        var reason: CircuitBreaker.Transition.Reason?
        if let limit = configuration.consecutiveFailures {
            let tail = current.results.suffix(limit)
            if tail.count == limit, !tail.contains(true) { reason = .consecutiveFailures }
        }
        if reason == nil, let rate = configuration.failureRate {
            let tail = current.results.suffix(rate.window)
            let failed = tail.filter { !$0 }.count
            if tail.count >= rate.minimumCalls, failed * 1_000 >= rate.perMille * tail.count { reason = .failureRate }
        }
        guard let reason else { return }
        trouble = failures
        var healthy = now - current.from
        while healthy >= configuration.openDuration.wholeNanoseconds, step > 0 {
            healthy -= configuration.openDuration.wholeNanoseconds
            step -= 1
        }
        open(at: now, reason)
    }

    mutating func forceOpen(until: Int64?) {
        let end = until ?? now + configuration.openDuration.wholeNanoseconds
        switch current.state {
        case .isolated, .disabled: return
        case .open:
            chapters[chapters.count - 1].until = max(end, current.until ?? end)
        case .closed, .halfOpen:
            if end <= now { return }
            if current.state == .closed { trouble = failures }
            turn(to: .open, at: now, until: end, .forced)
        }
    }

    mutating func isolate(until: Int64?) {
        if current.state == .closed { trouble = failures }
        if current.state == .isolated {
            chapters[chapters.count - 1].until = until
        } else {
            turn(to: .isolated, at: now, until: until, .isolated)
        }
        pass(to: now)
    }

    mutating func disable() {
        if current.state == .disabled { return }
        if current.state == .closed { trouble = failures }
        turn(to: .disabled, at: now, until: nil, .disabled)
    }

    mutating func reset() {
        step = 0
        if current.state == .closed {
            // No transition, yet calls under way and counts belong to the past.
            chapters.append(Chapter(state: .closed, from: current.from))
        } else {
            turn(to: .closed, at: now, until: nil, .reset)
        }
    }
}
