internal import SeawallTime

/// The core of an attempt with hedges beside it: when one more may be made, and when all have failed.
struct HedgeRound: Sendable {
    /// What a failure in the round comes to.
    enum Verdict: Hashable, Sendable {
        /// Others still run.
        case wait
        /// No other may change anything: the error goes back.
        case stop
        /// All have failed; the decision is the strictest of them.
        case over(RetryDecision)
    }

    private var running = 1
    private var hedgesLeft: Int
    private var latestFloor: MonotonicInstant?
    private var failure = FailureClass.transient

    /// Begins with one attempt running.
    init(maximumHedges: Int) {
        hedgesLeft = maximumHedges
    }

    /// True where one more call may be made: some are left, one runs, and the server has not asked for a pause.
    var mayHedge: Bool { hedgesLeft > 0 && running > 0 && latestFloor == nil }

    /// A hedge has begun.
    mutating func hedged() {
        running += 1
        hedgesLeft -= 1
    }

    /// A call has failed; the decision's wait is an instant already.
    mutating func failed(_ decision: RetryDecision) -> Verdict {
        running -= 1
        if decision.isStop { return .stop }
        if case .waitUntil(let instant) = decision.action { latestFloor = max(latestFloor ?? instant, instant) }
        failure = Self.graver(failure, decision.failure)
        if running > 0 { return .wait }
        return .over(RetryDecision(action: latestFloor.map { .waitUntil($0) } ?? .backOff, failure: failure))
    }

    private static func graver(_ one: FailureClass, _ other: FailureClass) -> FailureClass {
        if one == .ambiguous || other == .ambiguous { return .ambiguous }
        return one == .throttled || other == .throttled ? .throttled : .transient
    }
}
