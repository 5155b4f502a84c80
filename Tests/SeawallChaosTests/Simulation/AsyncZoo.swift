import SeawallChaos
import SeawallTime

/// One animal of each kind of concurrency that belongs inside a simulation; what they do in which order is the trace.
enum AsyncZoo {
    @TaskLocal static var keeper = "nobody"

    /// A default actor whose methods suspend while others wait for it.
    actor Cage {
        private var animals: [Int] = []

        func enter(_ animal: Int, _ world: SimulatedWorld) async throws {
            animals.append(animal)
            try await world.time.sleep(for: .milliseconds(animals.count % 3))
            world.note("cage \(animal) of \(animals.count)")
        }
    }

    struct Bite: Error {}

    static func visit(_ world: SimulatedWorld) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await herd(world) }
            group.addTask { try await cage(world) }
            group.addTask { try await pairs(world) }
            group.addTask { await river(world) }
            group.addTask { await handOver(world) }
            group.addTask { await hunt(world) }
            group.addTask { try await races(world) }
            group.addTask { await keepers(world) }
            try await group.waitForAll()
        }
    }

    private static func herd(_ world: SimulatedWorld) async throws {
        await withTaskGroup { group in
            for animal in 0..<6 {
                group.addTask {
                    var random = world.stream("herd \(animal)")
                    for step in 0..<4 {
                        try? await world.time.sleep(for: random.duration(in: .zero ... .milliseconds(20)))
                        await Task.yield()
                        world.note("herd \(animal).\(step) at \(world.time.now)")
                    }
                }
            }
        }
        world.note("jitter \(world.environment.random.next())")
    }

    private static func cage(_ world: SimulatedWorld) async throws {
        let cage = Cage()
        try await withThrowingTaskGroup { group in
            for animal in 0..<8 { group.addTask { try await cage.enter(animal, world) } }
            try await group.waitForAll()
        }
    }

    private static func pairs(_ world: SimulatedWorld) async throws {
        async let first = sum(world, 10)
        async let second = sum(world, 20)
        let sums = try await (second, first)
        world.note("pairs \(sums)")
    }

    private static func sum(_ world: SimulatedWorld, _ number: Int) async throws -> Int {
        try await world.time.sleep(for: .milliseconds(5))
        world.note("sum \(number)")
        return number + 1
    }

    private static func river(_ world: SimulatedWorld) async {
        let (stream, source) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(2))
        world.environment.spawner.spawn {
            for fish in 0..<10 {
                source.yield(fish)
                if fish.isMultiple(of: 3) {
                    await Task.yield()
                } else {
                    try? await world.time.sleep(for: .milliseconds(1))
                }
            }
            source.finish()
        }
        for await fish in stream { world.note("fish \(fish)") }
    }

    private static func handOver(_ world: SimulatedWorld) async {
        let hands = Lock<UnsafeContinuation<Int, Never>?>(nil)
        let box = Holder(hands)
        world.environment.spawner.spawn {
            try? await world.time.sleep(for: .milliseconds(3))
            box.take()?.resume(returning: 7)
        }
        let received = await withUnsafeContinuation { box.put($0) }
        world.note("handed \(received)")
    }

    private static func hunt(_ world: SimulatedWorld) async {
        let prey = world.environment.spawner.spawn {
            do {
                try await world.time.sleep(for: .seconds(3600))
                world.note("prey escaped")
            } catch {
                world.note("prey caught at \(world.time.now)")
            }
        }
        try? await world.time.sleep(for: .milliseconds(4))
        prey.cancel()
        await prey.value
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await world.time.sleep(for: .seconds(60)) }
                group.addTask { throw Bite() }
                try await group.waitForAll()
            }
        } catch { world.note("hunt ended by \(error)") }
    }

    /// Timeouts whose deadline ties with the work.
    private static func races(_ world: SimulatedWorld) async throws {
        for lap in 0..<3 {
            let winner = await withTaskGroup(of: String.self) { group in
                for name in ["work", "deadline"] {
                    group.addTask {
                        try? await world.time.sleep(for: .milliseconds(2))
                        return name
                    }
                }
                let first = await group.next() ?? "nobody"
                group.cancelAll()
                return first
            }
            world.note("lap \(lap) goes to \(winner)")
        }
    }

    private static func keepers(_ world: SimulatedWorld) async {
        await $keeper.withValue("Ada") {
            let tasks = (0..<3).map { number in
                world.environment.spawner.spawn {
                    await Task.yield()
                    world.note("keeper \(number) \(keeper)")
                }
            }
            for task in tasks { await task.value }
        }
    }
}

/// A box for the one continuation that changes hands.
private final class Holder: Sendable {
    private let hands: Lock<UnsafeContinuation<Int, Never>?>

    init(_ hands: consuming Lock<UnsafeContinuation<Int, Never>?>) {
        self.hands = hands
    }

    func put(_ continuation: UnsafeContinuation<Int, Never>) {
        hands.withLock { $0 = continuation }
    }

    func take() -> UnsafeContinuation<Int, Never>? {
        hands.withLock { hands in
            defer { hands = nil }
            return hands
        }
    }
}
