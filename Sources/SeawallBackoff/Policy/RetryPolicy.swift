public import SeawallTime

/// How often and how long to try: attempts, elapsed budget and the backoff between them.
///
/// It is immutable, and valid once it exists. Timeouts of attempts and hedging need tasks of their own and are part of
/// `ConcurrentRetryPolicy`.
public struct RetryPolicy: Hashable, Sendable {
    /// The most calls that are made, the first included; `Int.max` sets no limit.
    ///
    /// Five attempts sleep four times.
    public let maximumAttempts: Int

    /// How long after the start the last attempt may begin; nil sets no limit.
    public let elapsedBudget: Duration?

    /// How long an attempt takes at least: none is begun with no more than this left before the deadline.
    public let leastAttemptTime: Duration

    /// The longest wait that a server may ask for; nil sets no limit.
    ///
    /// A longer one ends the retry with `BackoffExhausted.Reason.retryAfter`: it is neither slept nor shortened.
    public let longestRetryAfter: Duration?

    /// The delays between attempts.
    public let backoff: BackoffPolicy

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - maximumAttempts: calls, not sleeps, at least 1; 5 unless told.
    ///   - elapsedBudget: no attempt begins once this much time has passed since the start; above zero, or nil.
    ///   - leastAttemptTime: zero or more; zero unless told.
    ///   - longestRetryAfter: above zero, or nil; 5 minutes unless told.
    ///   - backoff: the delays between attempts.
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(
        maximumAttempts: Int = 5,
        elapsedBudget: Duration? = nil,
        leastAttemptTime: Duration = .zero,
        longestRetryAfter: Duration? = .seconds(300),
        backoff: BackoffPolicy = .general
    ) throws(InvalidFields) {
        self.init(
            checkedAttempts: maximumAttempts, elapsedBudget: elapsedBudget, leastAttemptTime: leastAttemptTime,
            longestRetryAfter: longestRetryAfter, backoff: backoff)
        var problems = InvalidFields(subject: "retry configuration", fields: [])
        check(&problems)
        try problems.throwIfAny()
    }

    // Zero as a number of seconds: the constant is not inlined.
    @inlinable init(
        checkedAttempts: Int, elapsedBudget: Duration? = nil, leastAttemptTime: Duration = .seconds(0),
        longestRetryAfter: Duration? = .seconds(300), backoff: BackoffPolicy
    ) {
        self.maximumAttempts = checkedAttempts
        self.elapsedBudget = elapsedBudget
        self.leastAttemptTime = leastAttemptTime
        self.longestRetryAfter = longestRetryAfter
        self.backoff = backoff
    }

    /// The same policy, put together from its parts where it is asked for.
    ///
    /// A value of this size is written to memory where it is made. A constant one that is made anew after a failure costs the
    /// way of a first-time success nothing.
    @inlinable @inline(__always) var remade: RetryPolicy {
        RetryPolicy(
            checkedAttempts: maximumAttempts, elapsedBudget: elapsedBudget, leastAttemptTime: leastAttemptTime,
            longestRetryAfter: longestRetryAfter,
            backoff: BackoffPolicy(checkedGrowth: backoff.growth, jitter: backoff.jitter))
    }

    func check(_ problems: inout InvalidFields) {
        problems.check(maximumAttempts >= 1, "maximumAttempts", maximumAttempts, "a whole number of 1 or more")
        if let elapsedBudget {
            problems.check(
                elapsedBudget > .zero, "elapsedBudget", elapsedBudget, "a duration above 0 seconds, or none")
        }
        problems.check(
            leastAttemptTime >= .zero, "leastAttemptTime", leastAttemptTime, "a duration of 0 seconds or more")
        if let longestRetryAfter {
            problems.check(
                longestRetryAfter > .zero, "longestRetryAfter", longestRetryAfter,
                "a duration above 0 seconds, or none")
        }
    }
}

// Computed and inlined: as constants they leave nothing to load on the way of a first-time success.
extension RetryPolicy {
    /// Five attempts, from 1 s doubled up to 60 s, full jitter: the default.
    @inlinable public static var general: RetryPolicy {
        RetryPolicy(checkedAttempts: 5, backoff: .general)
    }

    /// Three attempts, from 0.5 s up to 10 s: for a centralised exchange.
    @inlinable public static var cex: RetryPolicy {
        RetryPolicy(checkedAttempts: 3, backoff: .cex)
    }

    /// Four attempts, from 1 s up to 30 s: for a decentralised exchange.
    @inlinable public static var dex: RetryPolicy {
        RetryPolicy(checkedAttempts: 4, backoff: .dex)
    }

    /// Three attempts, from 2 s up to 60 s: for a social network's interface.
    @inlinable public static var socialAPI: RetryPolicy {
        RetryPolicy(checkedAttempts: 3, backoff: .socialAPI)
    }

    /// Ten attempts, from 2 s up to 60 s, plus or minus a quarter: for connecting a stream again.
    @inlinable public static var streamReconnect: RetryPolicy {
        RetryPolicy(checkedAttempts: 10, backoff: .streamReconnect)
    }
}
