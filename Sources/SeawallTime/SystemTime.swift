#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
#if canImport(SwiftOverlayShims)
// Release builds find the members of `timespec` in no other module.
internal import SwiftOverlayShims
#endif

/// The machine's own time, counting time asleep.
///
/// Instants count from the start of the machine: `CLOCK_BOOTTIME` on Linux, `mach_continuous_time` on Apple platforms.
public struct SystemTime: TimeSource {
    /// Makes a source of the machine's time; all of them agree.
    public init() {}

    /// The present instant, at the price of one clock read (some 20 ns).
    public var now: MonotonicInstant {
        #if canImport(Darwin)
        MonotonicInstant(nanoseconds: Int64(clamping: clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW)))
        #else
        read(CLOCK_BOOTTIME)
        #endif
    }

    /// A reading that lags by a tick of the kernel; on Linux a few nanoseconds instead of twenty.
    ///
    /// Linux has no coarse clock that counts time asleep, so this adds the sleep of the machine, looked up once in a second
    /// awake, to the coarse monotonic clock: it may lag by a tick and by a sleep that began or ended within that second.
    public var coarseNow: MonotonicInstant {
        #if os(Linux)
        CoarseClock.now
        #else
        now
        #endif
    }

    /// The present civil time of the machine.
    public var civilNow: CivilInstant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return CivilInstant(nanosecondsSinceEpoch: nanoseconds(of: time))
    }

    /// Waits on the system's continuous clock.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled, and also when it was cancelled before.
    public func sleep(until deadline: MonotonicInstant) async throws {
        let clock = ContinuousClock()
        try Task.checkCancellation()
        // Again where the system's timer was early: a ban's end must not be met before it.
        while case let wait = now.duration(to: deadline), wait > .zero {
            // The standard clock overflows on waits of centuries; a day at a time is the same to a sleeper.
            try await clock.sleep(until: clock.now.advanced(by: min(wait, .seconds(86_400))))
        }
    }
}

#if !canImport(Darwin)
func read(_ clock: clockid_t) -> MonotonicInstant {
    var time = timespec()
    clock_gettime(clock, &time)
    return MonotonicInstant(nanoseconds: nanoseconds(of: time))
}
#endif

private func nanoseconds(of time: timespec) -> Int64 {
    Int64(time.tv_sec).multipliedSaturating(by: 1_000_000_000).addingSaturating(Int64(time.tv_nsec))
}
