import SeawallRateLimit
import SeawallTime

/// One call of a limiter's face, as a thread makes it and as the core replays it.
enum LimiterCall: Hashable, Sendable {
    /// The place of a call in the program of its thread.
    struct Step: Hashable, Sendable {
        var thread: Int
        var number: Int
    }

    /// What the caller saw.
    enum Answer: Hashable, Sendable {
        case done
        case granted(MonotonicInstant)
        case refused(Refusal)
        case gateEnd(MonotonicInstant?)
        case status(RateLimiterStatus)
    }

    case tryAcquire(Charge, lane: Lane, scopes: [String], isPrepared: Bool)
    /// Of what the step was granted, if anything; so in the next two.
    case giveBack(Step)
    case settle(Step)
    case reportUsage(String, used: Int, answering: Step?)
    case gate(String, until: MonotonicInstant)
    case gateEnd([String])
    case moveTime(to: MonotonicInstant)
    /// A refusal that was made without the lock is counted a moment later than it is made.
    case status(withRefusals: Bool)
}

extension LimiterCall.Answer {
    static func status(_ status: RateLimiterStatus, withRefusals: Bool) -> Self {
        var status = status
        if !withRefusals { for lane in status.lanes.indices { status.lanes[lane].refused = 0 } }
        return .status(status)
    }
}
