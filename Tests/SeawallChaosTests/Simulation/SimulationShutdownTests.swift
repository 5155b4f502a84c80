import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationShutdownTests {
    /// Sleeps, spawns and waits without end; every wait can be cancelled.
    private static let bot: @Sendable (SimulatedWorld) async throws -> Void = { world in
        for number in 1..<20 {
            world.environment.spawner.spawn {
                let (stream, _) = AsyncStream.makeStream(of: Int.self)
                for await _ in stream {}
                world.environment.spawner.spawn { try? await world.time.sleep(for: .seconds(3600)) }
                try? await world.time.sleep(for: .seconds(number))
            }
        }
        try await withThrowingTaskGroup { group in
            for number in 1..<20 {
                group.addTask { while true { try await world.time.sleep(for: .milliseconds(number)) } }
            }
            try await group.waitForAll()
        }
    }

    @Test func nothingIsLeftOfABotThatWouldRunForEver() throws {
        for seed in 0..<20 as Range<UInt64> {
            let spawner = Recorder<TaskSpawner>()
            let run = try Simulation(seed: seed).run(for: .seconds(2)) { world in
                spawner.append(world.environment.spawner)
                try await Self.bot(world)
            }
            #expect(run.outcome == .timeLimit)
            #expect(run.isClean, "\(run)")
            #expect(spawner.values.first?.liveCount == 0)
        }
    }

    @Test func aRunFreesItsWorld() throws {
        for seed in 0..<50 as Range<UInt64> {
            let world = WeakBox<SimulatedWorld>()
            let spawner = WeakBox<TaskSpawner>()
            let run = try Simulation(seed: seed).run(for: .milliseconds(30)) {
                world.set($0)
                spawner.set($0.environment.spawner)
                try await Self.bot($0)
            }
            #expect(run.isClean, "\(run)")
            #expect(world.wasSet && world.isGone)
            #expect(spawner.wasSet && spawner.isGone)
        }
    }

    @Test func aTaskThatCannotEndIsReported() throws {
        let run = try Simulation(seed: 1).run { world in
            for _ in 0..<2 {
                world.environment.spawner.spawn {
                    await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                }
            }
            try await world.time.sleep(for: .seconds(1))
        }
        #expect(run.outcome == .finished)
        #expect(run.leaks.tasks == 2)
        #expect(!run.isClean)
        #expect(run.description.contains("2 tasks"))
    }

    @Test func aTaskThatIgnoresItsCancellationForEverIsReported() throws {
        let configuration = SimulationConfiguration(shutdownStepLimit: 500)
        let run = try Simulation(seed: 1, configuration: configuration).run { world in
            world.environment.spawner.spawn { while true { await Task.yield() } }
            try await world.time.sleep(for: .zero)
        }
        #expect(run.outcome == .finished)
        #expect(run.leaks.tasks == 1)
        #expect(run.leaks.jobs == 1)
    }

    @Test func theActionsAtTheStopComeBeforeTheCancellations() throws {
        let order = Recorder<String>()
        let run = try Simulation(seed: 1).run(for: .seconds(1)) { world in
            world.atStop { order.append("first: \($0)") }
            world.atStop { _ in order.append("second") }
            do {
                try await world.time.sleep(for: .seconds(2))
            } catch {
                order.append("cancelled")
                throw error
            }
        }
        #expect(order.values == ["first: ended at the limit of virtual time", "second", "cancelled"])
        #expect(run.isClean, "\(run)")
    }

    @Test func whatHappensInTheShutdownIsNotInTheTrace() throws {
        let simulation = try Simulation(seed: 1)
        let quiet = try simulation.run(for: .seconds(1)) { try await $0.time.sleep(for: .seconds(2)) }
        let loud = try simulation.run(for: .seconds(1)) { world in
            defer { world.note("on the way out") }
            try await world.time.sleep(for: .seconds(2))
        }
        #expect(quiet.hash == loud.hash)
        #expect(quiet.steps == loud.steps)
    }
}

/// A weak reference that a body of a simulation sets.
private final class WeakBox<Object: AnyObject & Sendable>: Sendable {
    private struct Storage: Sendable {
        weak var object: Object?
        var wasSet = false
    }

    private let storage = Lock(Storage())

    var isGone: Bool { storage.withLock { $0.object == nil } }

    var wasSet: Bool { storage.withLock { $0.wasSet } }

    func set(_ object: Object) {
        storage.withLock { $0 = Storage(object: object, wasSet: true) }
    }
}
