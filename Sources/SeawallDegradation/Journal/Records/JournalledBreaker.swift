package import SeawallTime

/// What an operator has set on a circuit breaker, as the journal keeps it.
package struct JournalledBreaker: Hashable, Sendable {
    /// The breaker's name.
    package var name: String

    /// The state, in the word of `CircuitBreaker.OperatorState.Kind`.
    package var kind: String

    /// The operator's words.
    package var reason: String

    /// When an isolation ends, on the monotonic clock of `moment`; nil: only by hand.
    package var until: MonotonicInstant?

    /// When it was written down, on both clocks.
    package var moment: JournalMoment

    package init(name: String, kind: String, reason: String, until: MonotonicInstant?, moment: JournalMoment) {
        self.name = name
        self.kind = kind
        self.reason = reason
        self.until = until
        self.moment = moment
    }

    /// When it ends in another run of the process; what has ended meanwhile ends at once, what has no end is nil.
    package func restoredEnd(at now: JournalMoment) -> MonotonicInstant? {
        until.map { now.at.advanced(by: moment.left(until: $0, at: now) ?? .zero) }
    }
}
