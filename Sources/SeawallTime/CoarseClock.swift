#if os(Linux)
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
internal import Synchronization

/// Linux's coarse monotonic clock, shifted to the clock that counts time asleep.
///
/// The shift is read again whenever a second of coarse time, which stands still asleep, has passed: so a reading lags by a
/// tick, plus for up to a second awake by the machine's last sleep. A maximum keeps readings from going back.
enum CoarseClock {
    private static let shift = Atomic<Int64>(0)
    private static let refreshAt = Atomic<Int64>(.min)

    static var now: MonotonicInstant {
        let coarse = read(CLOCK_MONOTONIC_COARSE).nanoseconds
        // Acquiring: who sees that another thread has refreshed must see its shift too, or would read far in the past.
        if coarse >= refreshAt.load(ordering: .acquiring) { refresh(coarse) }
        return MonotonicInstant(nanoseconds: coarse.addingSaturating(shift.load(ordering: .relaxed)))
    }

    private static func refresh(_ coarse: Int64) {
        // Read in this order the shift can only come out small by the time between the two calls, never in the future.
        let asleep = read(CLOCK_BOOTTIME).nanoseconds - read(CLOCK_MONOTONIC).nanoseconds
        shift.max(asleep, ordering: .relaxed)
        refreshAt.store(coarse.addingSaturating(1_000_000_000), ordering: .releasing)
    }
}
#endif
