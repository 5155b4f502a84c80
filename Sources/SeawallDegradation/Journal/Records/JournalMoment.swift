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

    /// What is left at `now`, in another run perhaps, of the time from this moment to `until`; nil where it is over.
    ///
    /// The larger by either clock, never more than it was at this moment: neither a civil clock that was set forth makes
    /// it shorter, nor a monotonic one that began anew or a civil one that was set back makes it longer.
    package func left(until: MonotonicInstant, at now: JournalMoment) -> Duration? {
        let length = at.duration(to: until)
        let civilUntil = civil.advanced(by: length)
        let left = min(length, max(now.at.duration(to: until), now.civil.duration(to: civilUntil)))
        return left > .zero ? left : nil
    }
}
