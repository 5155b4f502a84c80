package import SeawallBroker
package import SeawallTime

/// A scope that the venue shut, by a limit or a ban, as the journal keeps it.
package struct JournalledGate: Hashable, Sendable {
    /// What is shut.
    package var scope: LimitScope

    /// Until when, on the monotonic clock of `moment`.
    package var until: MonotonicInstant

    /// When the venue said so, on both clocks.
    package var moment: JournalMoment

    package init(scope: LimitScope, until: MonotonicInstant, moment: JournalMoment) {
        self.scope = scope
        self.until = until
        self.moment = moment
    }

    /// Until when it is shut in another run of the process, by `JournalMoment.left(until:at:)`; nil where that is over.
    package func restored(at now: JournalMoment) -> MonotonicInstant? {
        moment.left(until: until, at: now).map { now.at.advanced(by: $0) }
    }
}
