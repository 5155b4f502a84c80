/// The only door through which the library learns what time it is and through which it waits.
///
/// Types of this library store `any TimeSource` and are not generic over a clock. Use `SystemTime` in production,
/// `ManualTime` in unit tests, and the time of a simulation where a whole bot runs.
public protocol TimeSource: Sendable {
    /// The present instant, counting time that the machine spent asleep.
    var now: MonotonicInstant { get }

    /// A cheaper and older reading of `now`, for windows of seconds.
    ///
    /// It lags by a tick of the system (a few milliseconds) and never goes back. Not for bans, deadlines or staleness.
    var coarseNow: MonotonicInstant { get }

    /// The present civil time, for records, signatures and venues' own windows, never for intervals.
    var civilNow: CivilInstant { get }

    /// Waits until `now` has reached `deadline`; returns at once if it has.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled, and also when it was cancelled before.
    func sleep(until deadline: MonotonicInstant) async throws
}

extension TimeSource {
    /// The same as `now` where a source has no cheaper reading.
    public var coarseNow: MonotonicInstant { now }

    /// Waits for `duration` from now.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now.advanced(by: duration))
    }
}
