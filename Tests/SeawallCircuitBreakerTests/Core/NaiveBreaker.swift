import SeawallTime

@testable import SeawallCircuitBreaker

/// A breaker as a reader of the documentation would write it: lists of all that happened, asked again each time.
///
/// It shares no function with the core: it keeps every result of an era with its instant, every probe with its end, every
/// call that asked on a ramp, and a diary of states, and forgets nothing.
struct NaiveBreaker {
    struct Result {
        var at: Int64
        var isFailure: Bool
        var isSlow: Bool
    }

    struct Chapter {
        var state: CircuitBreaker.State
        var from: Int64
        var until: Int64?
        var results: [Result] = []
        var probes: [(end: Int64, isSettled: Bool)] = []
        var successes = 0
        var rampAsks: [Int64]?
        var rampPasses = 0
    }

    struct Move: Equatable {
        var from: CircuitBreaker.State
        var to: CircuitBreaker.State
        var at: Int64
        var reason: CircuitBreaker.Transition.Reason
        var failures: Int
        var failureRate: Int?
        var slowRate: Int?
        var until: Int64?
        var isShadow: Bool
    }

    struct Pass {
        /// The chapter; nil for a call that only passes because of the shadow.
        var chapter: Int?
        var probe: Int?
    }

    enum Answer {
        case pass(Pass)
        case refusal(until: Int64?)
    }

    let configuration: CircuitBreakerConfiguration
    /// The chance in each time open, one after the other, in 0 ..< 1.
    let chances: (Int) -> Double
    var chapters: [Chapter]
    var moves: [Move] = []
    var trouble = 0
    var troubleRates: (Int?, Int?) = (nil, nil)
    var step = 0
    var openings = 0
    var isShadow = false
    /// Of a thousand calls that the shadow would refuse how many it refuses, and how many it would have so far.
    var shadowShare = 0
    var shadowAsks = 0
    var now: Int64 = 0

    init(_ configuration: CircuitBreakerConfiguration, chances: @escaping (Int) -> Double) {
        self.configuration = configuration
        self.chances = chances
        chapters = [Chapter(state: configuration.isEnabled ? .closed : .disabled, from: 0)]
    }

    var current: Chapter { chapters[chapters.count - 1] }

    var end: Int64? {
        if current.state == .halfOpen { return current.probes.filter { !$0.isSettled }.map(\.end).min() }
        return current.until
    }

    var rampEnd: Int64? {
        guard current.rampAsks != nil, let ramp = configuration.ramp else { return nil }
        let end = current.from + ramp.duration.wholeNanoseconds
        return end > now ? end : nil
    }

    /// The results that the window holds now.
    var window: [Result] {
        switch configuration.rates?.window {
        case nil: return []
        case .calls(let count): return Array(current.results.suffix(count))
        case .time(let span):
            let tenth = Int64((Double(span.wholeNanoseconds) / 10).rounded(.up))
            func number(_ instant: Int64) -> Int64 { Int64((Double(instant) / Double(tenth)).rounded(.down)) }
            return current.results.filter { number($0.at) > number(now) - 10 }
        }
    }

    var failures: Int {
        if current.state != .closed { return trouble }
        let inARow =
            configuration.consecutiveFailures == nil
            ? 0 : current.results.reversed().prefix { $0.isFailure }.count
        return max(inARow, window.filter(\.isFailure).count)
    }

    /// Failures and slow calls per thousand.
    var rates: (Int?, Int?) {
        if current.state != .closed { return troubleRates }
        let calls = window
        guard let rates = configuration.rates, !calls.isEmpty else { return (nil, nil) }
        func share(_ isCounted: (Result) -> Bool) -> Int { calls.filter(isCounted).count * 1_000 / calls.count }
        return (
            rates.failuresPerMille == nil ? nil : share(\.isFailure),
            rates.slowCallsPerMille == nil ? nil : share(\.isSlow)
        )
    }

    mutating func turn(
        to state: CircuitBreaker.State, at instant: Int64, until: Int64?, _ reason: CircuitBreaker.Transition.Reason
    ) {
        moves.append(
            Move(
                from: current.state, to: state, at: instant, reason: reason, failures: trouble,
                failureRate: troubleRates.0, slowRate: troubleRates.1, until: until,
                isShadow: isShadow && shadowShare == 0))
        chapters.append(Chapter(state: state, from: instant, until: until))
    }

    mutating func open(at instant: Int64, _ reason: CircuitBreaker.Transition.Reason) {
        var nanoseconds = Double(configuration.openDuration.wholeNanoseconds)
        for _ in 0..<step { nanoseconds *= configuration.openDurationGrowth }
        var length = min(Int64(nanoseconds.rounded(.up)), configuration.openDurationCap.wholeNanoseconds)
        if configuration.openDurationJitter > 0 {
            let most = Double(length) * configuration.openDurationJitter
            length = max(length - Int64((most * chances(openings)).rounded(.down)), 1)
        }
        openings += 1
        step = min(step + 1, 50)
        turn(to: .open, at: instant, until: instant + length, reason)
    }

    mutating func pass(to instant: Int64) {
        now = max(now, instant)
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
        let answer = enforcedAnswer()
        guard isShadow, case .refusal = answer else { return answer }
        // Of so many the share, rounded down: this one is refused where that grows by it.
        shadowAsks += 1
        let isRefused = shadowAsks * shadowShare / 1_000 > (shadowAsks - 1) * shadowShare / 1_000
        return isRefused ? answer : .pass(Pass(chapter: nil))
    }

    private mutating func enforcedAnswer() -> Answer {
        let last = chapters.count - 1
        switch current.state {
        case .disabled: return .pass(Pass(chapter: last))
        case .closed: return passesRamp() ? .pass(Pass(chapter: last)) : .refusal(until: rampEnd)
        case .open, .isolated: return .refusal(until: end)
        case .halfOpen:
            if current.probes.filter({ !$0.isSettled }).count >= configuration.probes { return .refusal(until: end) }
            chapters[last].probes.append((now + configuration.probeLease.wholeNanoseconds, false))
            return .pass(Pass(chapter: last, probe: current.probes.count - 1))
        }
    }

    /// The first call passes; after so many calls as many have passed as the sum of their shares and that one allow.
    private mutating func passesRamp() -> Bool {
        guard rampEnd != nil, let ramp = configuration.ramp else { return true }
        let last = chapters.count - 1
        let share = share(of: ramp)
        chapters[last].rampAsks?.append(Int64(share))
        let allowance = (1_000 + (current.rampAsks ?? []).reduce(0, +)) / 1_000
        if current.rampPasses + 1 > allowance { return false }
        chapters[last].rampPasses += 1
        return true
    }

    private func share(of ramp: CircuitBreakerConfiguration.Ramp) -> Int {
        let first = ramp.firstPerMille
        return first + (1_000 - first) * Int(now - current.from) / Int(ramp.duration.wholeNanoseconds)
    }

    /// Of a thousand calls how many pass.
    var admittedPerMille: Int {
        var passing = current.state == .closed || current.state == .disabled ? 1_000 : 0
        if current.state == .closed, rampEnd != nil, let ramp = configuration.ramp { passing = share(of: ramp) }
        return isShadow ? 1_000 - (1_000 - passing) * shadowShare / 1_000 : passing
    }

    mutating func record(_ result: CircuitBreaker.CallResult, for pass: Pass, took: Int64) {
        guard pass.chapter == chapters.count - 1 else { return }
        let last = chapters.count - 1
        let isSlow =
            configuration.rates?.slowCallsPerMille != nil
            && took >= (configuration.rates?.slowCallDuration.wholeNanoseconds ?? .max)
        if let probe = pass.probe {
            if current.probes[probe].isSettled { return }
            chapters[last].probes[probe].isSettled = true
            if result == .failure || (result == .success && isSlow) {
                trouble += 1
                open(at: now, result == .failure ? .probeFailed : .probeSlow)
            } else if result == .success {
                chapters[last].successes += 1
                if current.successes >= configuration.successesToClose {
                    turn(to: .closed, at: now, until: nil, .probesSucceeded)
                    if configuration.ramp != nil { chapters[chapters.count - 1].rampAsks = [] }
                }
            }
        } else if current.state == .closed, result != .ignored {
            chapters[last].results.append(Result(at: now, isFailure: result == .failure, isSlow: isSlow))
            if result == .failure || isSlow { tripIfDue() }
        }
    }

    mutating func giveBack(_ pass: Pass, at instant: Int64) {
        guard pass.chapter == chapters.count - 1, let probe = pass.probe else { return }
        if current.probes[probe].end > max(now, instant) {
            chapters[chapters.count - 1].probes[probe].isSettled = true
        }
    }

    mutating func tripIfDue() {
        var reason: CircuitBreaker.Transition.Reason?
        if let limit = configuration.consecutiveFailures {
            let tail = current.results.suffix(limit)
            if tail.count == limit, tail.allSatisfy(\.isFailure) { reason = .consecutiveFailures }
        }
        let calls = window
        if reason == nil, let rates = configuration.rates, calls.count >= rates.minimumCalls {
            func isDue(_ limit: Int?, _ isCounted: (Result) -> Bool) -> Bool {
                limit.map { calls.filter(isCounted).count * 1_000 >= $0 * calls.count } ?? false
            }
            if isDue(rates.failuresPerMille, \.isFailure) {
                reason = .failureRate
            } else if isDue(rates.slowCallsPerMille, \.isSlow) {
                reason = .slowCallRate
            }
        }
        guard let reason else { return }
        beginTrouble()
        open(at: now, reason)
    }

    /// The closed state ends, by whatever cause: each whole time open that it lasted takes back a step of growth.
    private mutating func beginTrouble() {
        guard current.state == .closed else { return }
        (trouble, troubleRates) = (failures, rates)
        var healthy = now - current.from
        while healthy >= configuration.openDuration.wholeNanoseconds, step > 0 {
            healthy -= configuration.openDuration.wholeNanoseconds
            step -= 1
        }
    }

    mutating func forceOpen(until: Int64?) {
        let end = until ?? now + configuration.openDuration.wholeNanoseconds
        switch current.state {
        case .isolated, .disabled: return
        case .open:
            chapters[chapters.count - 1].until = max(end, current.until ?? end)
        case .closed, .halfOpen:
            if end <= now { return }
            beginTrouble()
            turn(to: .open, at: now, until: end, .forced)
        }
    }

    mutating func isolate(until asked: Int64?) {
        let until = asked.map { $0 < now ? now : $0 }
        beginTrouble()
        isShadow = false
        if current.state == .isolated {
            chapters[chapters.count - 1].until = until
        } else {
            turn(to: .isolated, at: now, until: until, .isolated)
        }
        pass(to: now)
    }

    mutating func disable() {
        beginTrouble()
        isShadow = false
        if current.state != .disabled { turn(to: .disabled, at: now, until: nil, .disabled) }
    }

    mutating func shadow(enforcing share: Int) {
        (isShadow, shadowShare, shadowAsks) = (true, share, 0)
        if current.state == .isolated || current.state == .disabled {
            turn(to: .closed, at: now, until: nil, .released)
        }
    }

    mutating func release() {
        isShadow = false
        if current.state == .isolated { turn(to: .halfOpen, at: now, until: nil, .released) }
        if current.state == .disabled { turn(to: .closed, at: now, until: nil, .released) }
    }

    mutating func reset() {
        step = 0
        isShadow = false
        if current.state == .closed {
            // No transition, yet calls under way and counts belong to the past.
            chapters.append(Chapter(state: .closed, from: current.from))
        } else {
            turn(to: .closed, at: now, until: nil, .reset)
        }
    }
}
