import SeawallTime

/// Randomness that counts its draws.
final class CountingRandom: RandomSource {
    private let generator = Lock((SeededGenerator(seed: 5, stream: "counting"), draws: 0))

    var draws: Int { generator.withLock { $0.draws } }

    func next() -> UInt64 {
        generator.withLock { storage in
            storage.draws += 1
            return storage.0.next()
        }
    }
}
