public import SeawallTime

extension BackoffPolicy {
    /// The delay that follows an attempt, as a pure function.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that ended, from 1; anything below counts as 1.
    ///   - random: 64 random bits, one draw for one delay; not looked at where jitter is none.
    ///   - previous: the delay before this one, which decorrelated jitter grows from; nil before the first.
    /// - Returns: the delay; it takes at most 63 multiplications.
    public func delay(afterAttempt attempt: Int, random: UInt64, previous: Duration? = nil) -> Duration {
        let base = baseNanoseconds(afterAttempt: attempt)
        let range: ClosedRange<Int64>
        switch jitter {
        case .none: return .nanoseconds(base)
        case .full: range = 0...base
        case .equal: range = (base / 2)...base
        case .proportional(let fraction):
            let high = min(scaled(base, by: 1 + fraction), ceiling)
            range = min(scaled(base, by: 1 - fraction), high)...high
        case .decorrelated:
            let first = initialNanoseconds
            let last = max(previous?.wholeNanoseconds ?? first, first)
            range = first...max(first, min(last.multipliedSaturating(by: 3), ceiling))
        }
        return .nanoseconds(uniform(in: range, random: random))
    }

    /// The same for attempts counted in another type; those beyond the range of `Int` count as its ends.
    public func delay(
        afterAttempt attempt: some BinaryInteger, random: UInt64, previous: Duration? = nil
    ) -> Duration {
        delay(afterAttempt: Int(clamping: attempt), random: random, previous: previous)
    }

    /// The delay that follows an attempt before jitter: never above the cap.
    public func delayBeforeJitter(afterAttempt attempt: Int) -> Duration {
        .nanoseconds(baseNanoseconds(afterAttempt: attempt))
    }

    /// The delays one after the other, without end, drawn from `random`.
    public func delays(random: any RandomSource) -> BackoffDelays {
        BackoffDelays(policy: self, random: random)
    }

    var initialNanoseconds: Int64 {
        switch growth {
        case .exponential(let initial, _, _): initial.wholeNanoseconds
        case .constant(let delay): delay.wholeNanoseconds
        }
    }

    private var ceiling: Int64 {
        switch growth {
        case .exponential(_, _, let cap): cap.wholeNanoseconds
        case .constant: .max
        }
    }

    private func baseNanoseconds(afterAttempt attempt: Int) -> Int64 {
        switch growth {
        case .constant(let delay): return delay.wholeNanoseconds
        case .exponential(_, let multiplier, _):
            return min(scaled(initialNanoseconds, by: power(multiplier, max(attempt, 1) - 1)), ceiling)
        }
    }

    /// `base` to the power of `exponent` by repeated squaring, infinite where it passes the range of `Double`.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }

    private func scaled(_ nanoseconds: Int64, by factor: Double) -> Int64 {
        // A factor of 1 keeps what a Double of large nanoseconds would round.
        if factor == 1 { return nanoseconds }
        let product = (Double(nanoseconds) * factor).rounded()
        return product < 0x1p63 ? Int64(product) : .max
    }

    private func uniform(in range: ClosedRange<Int64>, random: UInt64) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(random.multipliedFullWidth(by: width).high)
    }
}
