internal import SeawallTime

/// What a journal held when it was opened, and the number of this start.
package struct JournalRecovery: Sendable {
    /// What was known; where the journal could not be read, as much of it as could be.
    package var state: JournalState

    /// How often the process has been started before.
    ///
    /// Where that cannot be read it is the civil time in seconds, so that no name of an earlier start comes again.
    package var boot: Int

    /// When it was opened.
    package var moment: JournalMoment

    /// Why the state cannot be trusted; nil where it can.
    package var failure: JournalError?

    /// How many bytes of an unfinished write were cut off.
    package var torn: Int

    init(_ core: JournalCore, torn: Int, moment: JournalMoment) {
        state = core.state
        failure = core.error
        self.torn = torn
        self.moment = moment
        let next = core.state.boot.map { $0.addingSaturating(1) } ?? 0
        let seconds = Int(clamping: moment.civil.nanosecondsSinceEpoch / 1_000_000_000)
        boot = failure == nil ? next : max(next, seconds)
    }
}
