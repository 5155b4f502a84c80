import Dispatch
import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationDeterminismTests {
    /// What two runs must have in common.
    struct Trail: Hashable {
        var hash: UInt64
        var steps: Int
        var elapsed: Duration

        init(_ run: SimulationReport) {
            hash = run.hash
            steps = run.steps
            elapsed = run.virtualElapsed
        }
    }

    @Test func aSeedGivesTheSameTraceTwiceAndSeedsGiveDifferentOnes() throws {
        var trails: Set<Trail> = []
        for seed in 0..<100 as Range<UInt64> {
            let simulation = try Simulation(seed: seed)
            let first = simulation.run(AsyncZoo.visit)
            let second = simulation.run(AsyncZoo.visit)
            #expect(first.isClean, "\(first)")
            #expect(Trail(first) == Trail(second), "\(first.reproduction)")
            trails.insert(Trail(first))
        }
        #expect(trails.count == 100)
    }

    @Test func runsOnSeveralThreadsAtOnceAreTheSameAsAlone() throws {
        let simulations = try (0..<24 as Range<UInt64>).map { try Simulation(seed: $0) }
        let alone = simulations.map { Trail($0.run(AsyncZoo.visit)) }
        let together = Lock([Int: Trail]())
        DispatchQueue.concurrentPerform(iterations: simulations.count) { number in
            let trail = Trail(simulations[number].run(AsyncZoo.visit))
            together.withLock { $0[number] = trail }
        }
        #expect(together.withLock { $0 } == Dictionary(uniqueKeysWithValues: alone.enumerated().map { ($0, $1) }))
    }

    @Test func theCallersTaskAndItsPriorityDoNotMatter() async throws {
        let simulation = try Simulation(seed: 3)
        let alone = Trail(simulation.run(AsyncZoo.visit))
        for priority in [TaskPriority.background, .medium, .high] {
            let nested = await Task.detached(priority: priority) { Trail(simulation.run(AsyncZoo.visit)) }.value
            #expect(nested == alone)
        }
    }

    @Test func aSimulationInsideASimulationDisturbsNeither() throws {
        let inner = try Simulation(seed: 5)
        let alone = Trail(inner.run(AsyncZoo.visit))
        let run = try Simulation(seed: 6).run { world in
            try await world.time.sleep(for: .seconds(1))
            let trail = Trail(inner.run(AsyncZoo.visit))
            #expect(trail == alone)
            try await world.time.sleep(for: .seconds(1))
        }
        #expect(run.isClean, "\(run)")
        #expect(run.virtualElapsed == .seconds(2))
    }

    /// The order in which three children that are runnable at once say their names.
    private func order(seed: UInt64, _ scheduling: SimulationScheduling) throws -> [Int] {
        let order = Recorder<Int>()
        let run = try Simulation(seed: seed, configuration: .init(scheduling: scheduling)).run { _ in
            await withTaskGroup { group in
                for child in 0..<3 { group.addTask { order.append(child) } }
            }
        }
        #expect(run.isClean, "\(run)")
        return order.values
    }

    @Test func firstInFirstOutIsOneOrderAndRandomIsEveryOrder() throws {
        let seeds = 0..<80 as Range<UInt64>
        #expect(Set(try seeds.map { try order(seed: $0, .fifo) }) == [[0, 1, 2]])
        #expect(Set(try seeds.map { try order(seed: $0, .random) }).count == 6)
    }

    @Test func anotherNoteIsAnotherHash() throws {
        let simulation = try Simulation(seed: 1)
        #expect(simulation.run { $0.note("a") }.hash != simulation.run { $0.note("b") }.hash)
    }
}
