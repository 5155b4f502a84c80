package import SeawallTime

/// The core of a retry: counts attempts and decides what follows each, given the time and a random draw.
package struct RetryState: Sendable {
    /// What follows an attempt that failed.
    package enum Step: Hashable, Sendable {
        case sleep(until: MonotonicInstant, delay: Duration)
        case giveBack
        case exhausted(BackoffExhausted.Reason)
    }

    private let policy: RetryPolicy
    private let limit: (instant: MonotonicInstant, reason: BackoffExhausted.Reason)?
    private var previousDelay: Duration?

    /// How many attempts have begun.
    package private(set) var attempts = 0

    /// Starts a retry; `now` matters only to the elapsed budget.
    package init(policy: RetryPolicy, now: MonotonicInstant, deadline: MonotonicInstant?) {
        self.policy = policy
        let budgetEnd = policy.elapsedBudget.map { now.advanced(by: $0) }
        switch (budgetEnd, deadline) {
        case (nil, nil): limit = nil
        case (let end?, nil): limit = (end, .elapsed)
        case (nil, let end?): limit = (end, .deadline)
        case (let budget?, let deadline?): limit = budget < deadline ? (budget, .elapsed) : (deadline, .deadline)
        }
    }

    /// True where a deadline or a budget makes the time matter before every attempt.
    package var isLimited: Bool { limit != nil }

    /// True where a delay takes a random draw.
    package var needsRandom: Bool { policy.backoff.jitter != .none }

    /// Begins the next attempt, or says why it may not begin: an interval is over at its end.
    package mutating func begin(now: MonotonicInstant) -> BackoffExhausted.Reason? {
        if let limit, now >= limit.instant { return limit.reason }
        attempts = attempts.addingSaturating(1)
        return nil
    }

    /// Decides what follows the attempt that has just failed.
    package mutating func afterFailure(_ decision: RetryDecision, now: MonotonicInstant, random: UInt64) -> Step {
        let floor: MonotonicInstant
        switch decision {
        case .stop: return .giveBack
        case .retry: floor = now
        case .retryAfter(let until): floor = max(now, until)
        }
        if attempts >= policy.maximumAttempts && policy.maximumAttempts < .max { return .exhausted(.attempts) }
        if let limit, floor >= limit.instant { return .exhausted(limit.reason) }
        let delay = policy.backoff.delay(afterAttempt: attempts, random: random, previous: previousDelay)
        previousDelay = delay
        var wake = max(now.advanced(by: delay), floor)
        if case .retryAfter = decision { wake = max(wake, spread(floor, random: random)) }
        if let limit, wake >= limit.instant { return .exhausted(limit.reason) }
        return .sleep(until: wake, delay: now.duration(to: wake))
    }

    /// Lifts a server's instant by up to the initial delay, so that clients told the same do not come back as one.
    private func spread(_ instant: MonotonicInstant, random: UInt64) -> MonotonicInstant {
        guard needsRandom else { return instant }
        let width = UInt64(clamping: policy.backoff.initialNanoseconds)
        let lift = Duration.nanoseconds(Int64(clamping: random.multipliedFullWidth(by: width).high))
        let lifted = instant.advanced(by: lift)
        if let limit, lifted >= limit.instant { return instant }
        return lifted
    }
}
