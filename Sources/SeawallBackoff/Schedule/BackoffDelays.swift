internal import SeawallTime

/// The delays of a policy one after the other, without end.
///
/// Each delay takes one draw from the source, none where the policy has no jitter.
public struct BackoffDelays: Sequence, IteratorProtocol, Sendable {
    private let policy: BackoffPolicy
    private let random: any RandomSource
    private var previous: Duration?

    /// The attempt that the next delay follows, from 1; it stays at `Int.max` once it is there.
    public internal(set) var attempt = 1

    init(policy: BackoffPolicy, random: any RandomSource) {
        self.policy = policy
        self.random = random
    }

    /// The next delay; never nil.
    public mutating func next() -> Duration? {
        let bits = policy.jitter == .none ? 0 : random.next()
        let delay = policy.delay(afterAttempt: attempt, random: bits, previous: previous)
        attempt = attempt.addingSaturating(1)
        previous = delay
        return delay
    }

    /// Starts over at the first attempt, as after a connection that proved stable.
    public mutating func reset() {
        attempt = 1
        previous = nil
    }
}
