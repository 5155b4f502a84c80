internal import SeawallTime

/// The core of a retry: counts attempts and decides what follows each, given the time and a random draw.
///
/// Time never goes back in it: a reading earlier than the last one counts as the last one.
struct RetryState: Sendable {
    /// What a failure asks for.
    enum Verdict: Hashable, Sendable {
        case stop
        case `repeat`(FailureClass, notBefore: MonotonicInstant?)
    }

    /// What follows an attempt that failed.
    enum Step: Hashable, Sendable {
        case sleep(until: MonotonicInstant, delay: Duration)
        case giveBack
        case exhausted(BackoffExhausted.Reason)
    }

    let policy: RetryPolicy
    let effect: OperationEffect
    let deadline: MonotonicInstant?
    private let budgetEnd: MonotonicInstant?
    private var latest: MonotonicInstant
    private var previousDelay: Duration?

    /// How many attempts have begun.
    private(set) var attempts = 0

    /// Starts a retry; `now` matters only to the elapsed budget.
    init(policy: RetryPolicy, effect: OperationEffect, now: MonotonicInstant, deadline: MonotonicInstant?) {
        self.policy = policy
        self.effect = effect
        self.deadline = deadline
        latest = now
        budgetEnd = policy.elapsedBudget.map { now.advanced(by: $0) }
    }

    /// True where a delay takes a random draw.
    var needsRandom: Bool { policy.backoff.jitter != .none }

    /// Takes a reading of the clock; returns the present instant, which is never before the last one.
    mutating func passed(to now: MonotonicInstant) -> MonotonicInstant {
        latest = max(latest, now)
        return latest
    }

    /// Begins the next attempt, or says why it may not begin: an interval is over at its end.
    ///
    /// `expected` is a guess at how long the attempt will take; what the policy declares is a bound beside it.
    mutating func begin(now reading: MonotonicInstant, expected: Duration = .zero) -> BackoffExhausted.Reason? {
        let now = passed(to: reading)
        if isOutOfAttempts { return .attempts }
        if let limit = limit(expected), now >= limit.instant { return limit.reason }
        attempts = attempts.addingSaturating(1)
        return nil
    }

    /// Counts the first attempt, which was begun before there was a state.
    mutating func beganBefore() { attempts = 1 }

    /// Decides what follows the attempt that has just failed.
    mutating func afterFailure(_ verdict: Verdict, now reading: MonotonicInstant, random: UInt64) -> Step {
        guard case .repeat(let failure, let notBefore) = verdict, failure != .ambiguous || effect.isIdempotent else {
            return .giveBack
        }
        let now = passed(to: reading)
        if isOutOfAttempts { return .exhausted(.attempts) }
        let floor = max(now, notBefore ?? now)
        let limit = limit(.zero)
        if let limit, floor >= limit.instant { return .exhausted(limit.reason) }
        if let longest = policy.longestRetryAfter, now.duration(to: floor) > longest { return .exhausted(.retryAfter) }
        let delay = policy.backoff.delay(afterAttempt: attempts, random: random, previous: previousDelay)
        previousDelay = delay
        var wake = max(now.advanced(by: delay), floor)
        if notBefore != nil { wake = max(wake, spread(floor, random: random, before: limit?.instant)) }
        if let limit, wake >= limit.instant { return .exhausted(limit.reason) }
        return .sleep(until: wake, delay: now.duration(to: wake))
    }

    private var isOutOfAttempts: Bool { attempts >= policy.maximumAttempts && policy.maximumAttempts < .max }

    /// The instant from which on no attempt begins, and why: at the deadline it must have ended already.
    private func limit(_ expected: Duration) -> (instant: MonotonicInstant, reason: BackoffExhausted.Reason)? {
        let need = max(policy.leastAttemptTime, expected, .zero).wholeNanoseconds
        let lastStart = deadline.map { MonotonicInstant(nanoseconds: $0.nanoseconds.subtractingSaturating(need)) }
        switch (budgetEnd, lastStart) {
        case (nil, nil): return nil
        case (let end?, nil): return (end, .elapsed)
        case (nil, let start?): return (start, .deadline)
        case (let end?, let start?): return end < start ? (end, .elapsed) : (start, .deadline)
        }
    }

    /// Lifts a server's instant by up to the initial delay, so that clients told the same do not come back as one.
    private func spread(
        _ instant: MonotonicInstant, random: UInt64, before limit: MonotonicInstant?
    ) -> MonotonicInstant {
        guard needsRandom else { return instant }
        let width = UInt64(clamping: policy.backoff.initialNanoseconds)
        let lift = Duration.nanoseconds(Int64(clamping: random.multipliedFullWidth(by: width).high))
        let lifted = instant.advanced(by: lift)
        if let limit, lifted >= limit { return instant }
        return lifted
    }
}
