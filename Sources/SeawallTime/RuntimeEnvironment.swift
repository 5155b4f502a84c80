/// The three things that a part takes from the outside world: time, randomness and tasks.
///
/// One value is passed at construction; there is no global. A simulation owns all three.
public struct RuntimeEnvironment: Sendable {
    /// What time it is, and waiting.
    public var time: any TimeSource

    /// Randomness for jitter.
    public var random: any RandomSource

    /// Where unstructured tasks are started.
    public var spawner: TaskSpawner

    /// Makes an environment; every part of it defaults to the system's.
    public init(
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom(),
        spawner: TaskSpawner = TaskSpawner()
    ) {
        self.time = time
        self.random = random
        self.spawner = spawner
    }
}
