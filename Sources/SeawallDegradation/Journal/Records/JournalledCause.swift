internal import SeawallTime

/// A cause as the journal keeps it, with the moment at which it was written down.
package struct JournalledCause: Hashable, Sendable {
    /// The cause; an end by time is on the monotonic clock of `moment`.
    package var cause: Cause

    /// When it was raised, extended or restored, on both clocks.
    package var moment: JournalMoment

    package init(_ cause: Cause, at moment: JournalMoment) {
        self.cause = cause
        self.moment = moment
    }

    /// The cause as it goes on in another run of the process; nil where time has ended it.
    ///
    /// What is left of a timed one says `JournalMoment.left(until:at:)`.
    package func restored(at now: JournalMoment) -> Cause? {
        var restored = cause
        // It was raised in another run, whose clock may have begun elsewhere.
        restored.raisedAt = now.at
        guard case .at(let until) = cause.release else { return restored }
        guard let left = moment.left(until: until, at: now) else { return nil }
        restored.release = .at(now.at.advanced(by: left))
        return restored
    }
}
