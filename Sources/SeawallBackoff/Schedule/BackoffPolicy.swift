public import SeawallTime

/// How long to wait between attempts: growth, cap and jitter.
///
/// It is immutable, and valid once it exists.
///
/// Attempts count from 1, and a delay belongs to the attempt that it follows: after attempt 1 the policy waits its
/// initial delay. All arithmetic saturates; any attempt number up to `Int.max` is answered.
public struct BackoffPolicy: Hashable, Sendable {
    /// How the delay changes from attempt to attempt, before jitter.
    public enum Growth: Hashable, Sendable {
        /// `initial`, then `multiplier` times as long after every attempt, never above `cap`.
        case exponential(initial: Duration, multiplier: Double, cap: Duration)

        /// The same delay after every attempt.
        case constant(Duration)
    }

    /// How the delay grows.
    public let growth: Growth

    /// How the delay is spread.
    public let jitter: Jitter

    /// Makes a policy whose delay grows by a factor up to a cap.
    ///
    /// - Parameters:
    ///   - initial: the delay after the first attempt, above zero; 1 s unless told.
    ///   - multiplier: the factor from one delay to the next, finite and at least 1; 2 unless told.
    ///   - cap: the longest delay, jitter included, at least `initial`; 60 s unless told.
    ///   - jitter: how the delay is spread; full unless told.
    /// - Throws: `InvalidFields` that lists every bad field.
    public static func exponential(
        initial: Duration = .seconds(1),
        multiplier: Double = 2,
        cap: Duration = .seconds(60),
        jitter: Jitter = .full
    ) throws(InvalidFields) -> BackoffPolicy {
        try BackoffPolicy(
            growth: .exponential(initial: initial, multiplier: multiplier, cap: cap), jitter: jitter)
    }

    /// Makes a policy that always waits the same, spread by `jitter`.
    ///
    /// - Parameters:
    ///   - delay: zero or more. It has no cap: proportional jitter lengthens it as much as it shortens it.
    ///   - jitter: any kind but decorrelated; none unless told.
    /// - Throws: `InvalidFields` that lists every bad field.
    public static func constant(
        _ delay: Duration, jitter: Jitter = .none
    ) throws(InvalidFields) -> BackoffPolicy {
        try BackoffPolicy(growth: .constant(delay), jitter: jitter)
    }

    /// Makes a policy from its parts.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(growth: Growth, jitter: Jitter) throws(InvalidFields) {
        let badFields = Self.badFields(growth: growth, jitter: jitter)
        if !badFields.isEmpty { throw InvalidFields(subject: "retry configuration", fields: badFields) }
        self.init(checkedGrowth: growth, jitter: jitter)
    }

    @inlinable init(checkedGrowth growth: Growth, jitter: Jitter) {
        self.growth = growth
        self.jitter = jitter
    }

    static func badFields(growth: Growth, jitter: Jitter) -> [InvalidFields.Field] {
        var badFields: [InvalidFields.Field] = []
        func check(_ isGood: Bool, _ name: String, _ value: some CustomStringConvertible, _ expected: String) {
            if !isGood { badFields.append(.init(name: name, value: value.description, expected: expected)) }
        }
        switch growth {
        case .exponential(let initial, let multiplier, let cap):
            check(initial > .zero, "initial", initial, "a duration above 0 seconds")
            check(multiplier.isFinite && multiplier >= 1, "multiplier", multiplier, "a finite number of 1 or more")
            check(cap > .zero && cap >= initial, "cap", cap, "a duration above 0 seconds and not under initial")
        case .constant(let delay):
            check(delay >= .zero, "delay", delay, "a duration of 0 seconds or more")
            check(
                jitter != .decorrelated, "jitter", jitter,
                "none, full, equal or proportional where the delay is constant")
        }
        if case .proportional(let fraction) = jitter {
            check(fraction >= 0 && fraction <= 1, "jitter", jitter, "a fraction from 0 to 1")
        }
        return badFields
    }
}

extension BackoffPolicy {
    /// From 1 s, doubled, up to 60 s, full jitter: the default.
    @inlinable public static var general: BackoffPolicy {
        exponential(milliseconds: 1_000, cap: 60_000, jitter: .full)
    }

    /// From 0.5 s, doubled, up to 10 s, full jitter: for a centralised exchange.
    @inlinable public static var cex: BackoffPolicy {
        exponential(milliseconds: 500, cap: 10_000, jitter: .full)
    }

    /// From 1 s, doubled, up to 30 s, full jitter: for a decentralised exchange.
    @inlinable public static var dex: BackoffPolicy {
        exponential(milliseconds: 1_000, cap: 30_000, jitter: .full)
    }

    /// From 2 s, doubled, up to 60 s, full jitter: for a social network's interface.
    @inlinable public static var socialAPI: BackoffPolicy {
        exponential(milliseconds: 2_000, cap: 60_000, jitter: .full)
    }

    /// From 2 s, doubled, up to 60 s, plus or minus a quarter: for connecting a stream again.
    @inlinable public static var streamReconnect: BackoffPolicy {
        exponential(milliseconds: 2_000, cap: 60_000, jitter: .proportional(0.25))
    }

    @inlinable static func exponential(milliseconds: Int64, cap: Int64, jitter: Jitter) -> BackoffPolicy {
        let growth = Growth.exponential(
            initial: .milliseconds(milliseconds), multiplier: 2, cap: .milliseconds(cap))
        return BackoffPolicy(checkedGrowth: growth, jitter: jitter)
    }
}
