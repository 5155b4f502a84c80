/// A clock of the standard library's kind as a `TimeSource`, with a civil time that runs along with it.
///
/// The clock's type is hidden, so nothing that takes a `TimeSource` becomes generic. Instants count from the moment of
/// adaptation; two adaptations of one clock have two origins, so make one and hand it on.
public struct AdaptedTime: TimeSource {
    private let elapsed: @Sendable () -> Duration
    private let sleepUntil: @Sendable (_ elapsed: Duration) async throws -> Void
    private let civilStart: CivilInstant

    /// Adapts `clock`, which at this moment stands for `MonotonicInstant.origin` and for the civil time `civil`.
    ///
    /// The clock must not go back, and its sleep must end with `CancellationError` when the task is cancelled.
    public init(_ clock: some Clock<Duration>, civil: CivilInstant) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
        civilStart = civil
    }

    /// The time that the clock has shown since it was adapted.
    public var now: MonotonicInstant { .origin.advanced(by: elapsed()) }

    /// The civil start advanced by the time since.
    public var civilNow: CivilInstant { civilStart.advanced(by: elapsed()) }

    /// Waits on the adapted clock, again if it wakes early.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled, and whatever else the clock's sleep throws.
    public func sleep(until deadline: MonotonicInstant) async throws {
        try Task.checkCancellation()
        while now < deadline {
            // Some clocks overflow on waits of centuries; to a sleeper a year at a time is the same.
            let next = min(deadline, now.advanced(by: .seconds(31_536_000)))
            try await sleepUntil(MonotonicInstant.origin.duration(to: next))
            try Task.checkCancellation()
        }
    }
}
