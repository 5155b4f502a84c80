internal import SeawallTime

/// The randomness of a world: one stream of its seed that tells when another thread draws from it.
struct SimulatedRandom: RandomSource {
    let executor: SimulationExecutor
    let source: SeededRandom

    func next() -> UInt64 {
        executor.check(.randomOnForeignThread, "the simulation's randomness was drawn by another thread")
        return source.next()
    }
}
