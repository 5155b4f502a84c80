/// A small, fast generator whose numbers depend on nothing but a seed and the name of a stream.
///
/// The algorithm is xoshiro256** (Blackman and Vigna, 2018) seeded by SplitMix64, both written here because the
/// standard library promises no stable generator. Streams of one seed are independent: give each concern its own, so
/// that a draw more in one does not shift the others. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Makes the generator of one stream of a seed.
    public init(seed: UInt64, stream: String) {
        var mixer = SplitMix64(state: seed)
        // Stirred first: near seeds must not meet near names. Then the name is folded in, FNV-1a's way, and stirred.
        mixer.state = mixer.next()
        for byte in stream.utf8 {
            mixer.state = (mixer.state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            mixer.state = mixer.next()
        }
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }

    /// A number in `0 ..< bound` from exactly one draw.
    ///
    /// Its bias is under `bound` in 2^64. A bound of 0 gives 0.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// A number in `0 ..< 1` with 53 random bits, from exactly one draw.
    public mutating func unit() -> Double {
        Double(next() >> 11) * 0x1.0p-53
    }

    /// True with probability `probability`, from exactly one draw.
    public mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// A duration in whole nanoseconds from the range, both ends included, from exactly one draw.
    public mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let low = range.lowerBound.wholeNanoseconds
        let high = range.upperBound.wholeNanoseconds
        // Wrapping on purpose: taken modulo 2^64 the width and the offset are exact for the full range of Int64 too.
        let width = UInt64(bitPattern: high &- low)
        let offset = width == .max ? next() : below(width + 1)
        return .nanoseconds(low &+ Int64(bitPattern: offset))
    }

    private func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}

/// The generator that spreads a seed over a larger state (Steele, Lea and Flood, 2014).
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
