package import SeawallTime

/// A moment on both clocks, because neither survives everything: a restart of the machine, or a step of the civil clock.
package struct JournalMoment: Hashable, Sendable {
    /// On the monotonic clock of that run of the machine.
    package var at: MonotonicInstant

    /// On the civil clock.
    package var civil: CivilInstant

    package init(at: MonotonicInstant, civil: CivilInstant) {
        self.at = at
        self.civil = civil
    }

    /// The present moment.
    package init(_ time: any TimeSource) {
        self.init(at: time.now, civil: time.civilNow)
    }
}
