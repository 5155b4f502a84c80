internal import SeawallTime

/// The way back of calls after the breaker has closed: how many have asked, and how many of them may pass.
///
/// No chance is in it: the share that has built up and not been used lets the next call pass.
struct RampProgress: Hashable, Sendable {
    private let start: MonotonicInstant
    private let length: Int64
    private let first: Int64
    /// Thousandths of a call that may pass; the first call finds a whole one.
    private var credit: Int64 = 1_000

    init(_ ramp: CircuitBreakerConfiguration.Ramp, start: MonotonicInstant) {
        self.start = start
        length = ramp.duration.wholeNanoseconds
        first = Int64(ramp.firstPerMille)
    }

    var end: MonotonicInstant { MonotonicInstant(nanoseconds: start.nanoseconds.addingSaturating(length)) }

    /// The calls per thousand that pass at `now`.
    func share(at now: MonotonicInstant) -> Int64 {
        let elapsed = min(max(now.nanoseconds.subtractingSaturating(start.nanoseconds), 0), length)
        return first + Int64(Int128(1_000 - first) * Int128(elapsed) / Int128(max(length, 1)))
    }

    /// Counts a call that asks, and says whether it may pass.
    mutating func admits(at now: MonotonicInstant) -> Bool {
        credit += share(at: now)
        guard credit >= 1_000 else { return false }
        credit -= 1_000
        return true
    }
}
