/// Where the library takes randomness from: jitter and nothing else that matters.
public protocol RandomSource: Sendable {
    /// The next 64 random bits. Callable from any thread.
    func next() -> UInt64
}

extension RandomSource {
    /// A number in `0 ..< 1` with 53 random bits.
    package func unit() -> Double {
        Double(next() >> 11) * 0x1.0p-53
    }
}

/// The system's own randomness.
public struct SystemRandom: RandomSource {
    /// Makes a source of the system's randomness.
    public init() {}

    /// The next 64 random bits of the system.
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// A repeatable source: one stream of a seed, behind a lock.
public final class SeededRandom: RandomSource {
    private let generator: Lock<SeededGenerator>

    /// Makes the source of one stream of a seed.
    public init(seed: UInt64, stream: String) {
        generator = Lock(SeededGenerator(seed: seed, stream: stream))
    }

    /// The next 64 bits of the stream.
    public func next() -> UInt64 {
        generator.withLock { $0.next() }
    }
}
