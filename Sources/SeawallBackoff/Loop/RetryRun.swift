public import SeawallTime

/// One retry on its way: its core, and what the core needs from outside.
@usableFromInline
struct RetryRun {
    /// What is to be done after a failure.
    enum Next {
        case giveBack
        case end(BackoffExhausted)
        case sleep(until: MonotonicInstant, RetryEvent)
        /// The budget is empty: nothing is repeated, but whoever comes again comes later.
        case backOff(until: MonotonicInstant, RetryEvent, BackoffExhausted)
    }

    let environment: RuntimeEnvironment
    let latency: LatencyTracker?
    private let budget: RetryBudget?
    private let timeout: Duration?
    private var state: RetryState
    private var history: [FailedAttempt] = []
    private var lastError: (any Error)?
    // Drawn for the next attempt, and by the one that runs.
    private var pending = 0
    private var spent = 0

    /// The attempt that was begun last.
    private(set) var attempt = RetryAttempt(number: 1, deadline: nil)

    /// The instant at which it began.
    private(set) var begunAt = MonotonicInstant.origin

    /// Starts a retry.
    ///
    /// - Throws: `InvalidFields` where there is a fallback for an operation that allows none.
    @usableFromInline
    init(
        _ policy: RetryPolicy, environment: RuntimeEnvironment, deadline: MonotonicInstant?, effect: OperationEffect,
        budget: RetryBudget?, latency: LatencyTracker?, hasFallback: Bool, hasBegun: Bool
    ) throws(InvalidFields) {
        try self.init(
            policy, environment: environment, deadline: deadline, effect: effect, budget: budget, latency: latency,
            timeout: nil, hasFallback: hasFallback)
        if hasBegun { state.beganBefore() }
    }

    init(
        _ policy: RetryPolicy, environment: RuntimeEnvironment, deadline: MonotonicInstant?, effect: OperationEffect,
        budget: RetryBudget?, latency: LatencyTracker?, timeout: Duration?, hasFallback: Bool
    ) throws(InvalidFields) {
        if hasFallback, !effect.allowsFallback {
            throw InvalidFields(
                subject: "retry",
                fields: [
                    .init(
                        name: "fallback", value: "given for an operation of effect \(effect)",
                        expected: "none, or the effect read or idempotent: nothing else can stand for what was created")
                ])
        }
        self.environment = environment
        self.budget = budget
        self.latency = latency
        self.timeout = timeout
        state = RetryState(policy: policy, effect: effect, now: environment.time.now, deadline: deadline)
    }

    /// Begins the next attempt, or says why there is none.
    mutating func begin() -> BackoffExhausted? {
        let now = environment.time.now
        // A guess holds back repeats only: were first calls held back too, nothing would ever correct it.
        let expected = state.attempts == 0 ? .zero : latency?.quantile(permille: 500) ?? .zero
        if let reason = state.begin(now: now, expected: expected) {
            giveUpRepeat()
            return exhausted(reason)
        }
        spent = pending
        pending = 0
        noteBeginning(now)
        return nil
    }

    /// Begins a hedge beside the attempt that runs, where attempts, time and budget allow one.
    mutating func beginHedge() -> Bool {
        let now = environment.time.now
        var ahead = state
        guard ahead.begin(now: now, expected: latency?.quantile(permille: 500) ?? .zero) == nil else { return false }
        if let budget, budget.withdraw(.hedge) == nil { return false }
        state = ahead
        noteBeginning(now)
        return true
    }

    private mutating func noteBeginning(_ now: MonotonicInstant) {
        begunAt = state.passed(to: now)
        let limit = timeout.map { begunAt.advanced(by: $0) }
        let earliest =
            switch (limit, state.deadline) {
            case (let limit?, let deadline?): min(limit, deadline)
            case (let limit, let deadline): limit ?? deadline
            }
        attempt = RetryAttempt(number: state.attempts, deadline: earliest)
    }

    /// Notes a success, and how long it took where the instant is told at which it began.
    func succeeded(begunAt: MonotonicInstant?) {
        if let latency, let begunAt { latency.record(begunAt.duration(to: environment.time.now)) }
        guard let budget else { return }
        if state.attempts == 1 { budget.succeededAtOnce() } else if spent > 0 { budget.deposit(spent) }
    }

    /// Notes how long an attempt ran that was cut off.
    func cutOff(begunAt: MonotonicInstant) {
        if let latency { latency.record(begunAt.duration(to: environment.time.now)) }
    }

    /// Notes a failure, and returns the decision with the server's word as an instant.
    mutating func note(_ error: any Error, _ classified: RetryDecision, number: Int) -> RetryDecision {
        let now = state.passed(to: environment.time.now)
        var floor = classified.floor(now: now, civilNow: environment.time.civilNow)
        var isStop = classified.isStop
        if let refusal = error as? any CallRefusal {
            // Whoever has every error repeated would hammer at a door that says when it opens.
            if let opens = refusal.notBefore { floor = max(floor ?? opens, opens) } else { isStop = true }
        }
        let decision = RetryDecision(
            action: isStop ? .stop : floor.map { .waitUntil($0) } ?? .backOff,
            failure: error is AttemptTimedOut ? .ambiguous : classified.failure)
        lastError = error
        if history.count == BackoffExhausted.historyLimit { history.removeFirst() }
        history.append(FailedAttempt(number: number, error: error, failure: decision.failure, failedAt: now))
        return decision
    }

    /// Says what follows an attempt that failed, the sleep, the end, or its own error: that of a cancellation always.
    mutating func after(_ error: any Error, classify: (any Error) -> RetryDecision) -> Next {
        if isCancellation(error) { return .giveBack }
        let decision = note(error, classify(error), number: attempt.number)
        return next(after: decision, error: error)
    }

    /// Says what follows the failure that was noted last.
    mutating func next(after decision: RetryDecision, error: any Error) -> Next {
        let now = state.passed(to: environment.time.now)
        let notBefore: MonotonicInstant? = if case .waitUntil(let instant) = decision.action { instant } else { nil }
        let verdict: RetryState.Verdict =
            decision.isStop ? .stop : .repeat(decision.failure, notBefore: notBefore)
        let random = state.needsRandom && !decision.isStop ? environment.random.next() : 0
        switch state.afterFailure(verdict, now: now, random: random) {
        case .giveBack: return .giveBack
        case .exhausted(let reason): return .end(exhausted(reason))
        case .sleep(let wake, let delay):
            if !history.isEmpty { history[history.count - 1].delay = delay }
            let isServers = (notBefore ?? now) > now
            var event = RetryEvent(
                attempt: state.attempts, error: error, decision: decision,
                reason: isServers ? .retryAfter : error is AttemptTimedOut ? .timeout : .backoff, delay: delay,
                resumesAt: wake)
            guard let budget else { return .sleep(until: wake, event) }
            guard let cost = budget.withdraw(.repeat(decision.failure)) else {
                event.reason = .budget
                return .backOff(until: wake, event, exhausted(.budget))
            }
            pending = cost
            return .sleep(until: wake, event)
        }
    }

    /// Gives back what was drawn for a repeat that is not made after all.
    mutating func giveUpRepeat() {
        if pending > 0 { budget?.deposit(pending) }
        pending = 0
    }

    private func exhausted(_ reason: BackoffExhausted.Reason) -> BackoffExhausted {
        BackoffExhausted(reason: reason, attempts: state.attempts, lastError: lastError, history: history)
    }

    /// Sleeps until an instant, again where the source of time was early.
    func sleep(until wake: MonotonicInstant) async throws {
        var before = MonotonicInstant(nanoseconds: .min)
        while true {
            try await environment.time.sleep(until: wake)
            try Task.checkCancellation()
            let now = environment.time.now
            // A source on which sleeping does not pass time is not asked for ever.
            if now >= wake || now <= before { return }
            before = now
        }
    }

    /// The same by a function that blocks: again with what is left, where it came back early.
    func wait(until wake: MonotonicInstant, by wait: (Duration) throws -> Void) throws {
        var now = environment.time.now
        var before: MonotonicInstant
        repeat {
            try wait(max(.zero, now.duration(to: wake)))
            try Task.checkCancellation()
            before = now
            now = environment.time.now
            // A clock that the waiting does not move would be asked for ever.
        } while now < wake && now > before
    }
}
