import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationLimitTests {
    private static let small = SimulationConfiguration(
        stepLimit: 50_000, stepsPerInstantLimit: 1_000, shutdownStepLimit: 2_000, stallGrace: .zero)

    private func run(
        for length: Duration = .seconds(1_000_000), _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws -> SimulationReport {
        try Simulation(seed: 9, configuration: Self.small).run(for: length, body)
    }

    private func spin(_ run: SimulationReport) throws -> SimulationSpin {
        guard case .spinning(let spin) = run.outcome else {
            Issue.record("it does not spin: \(run)")
            throw CancellationError()
        }
        #expect(!run.isClean)
        return spin
    }

    @Test func aSpinNamesItsTasksAndTheLastNote() throws {
        let run = try run { world in
            world.note("before")
            await withTaskGroup { group in
                group.addTask(name: "quoter") { while !Task.isCancelled { await Task.yield() } }
                group.addTask(name: "patient") { try? await world.time.sleep(for: .seconds(1)) }
            }
        }
        let spin = try spin(run)
        #expect(spin.tasks == ["quoter"])
        #expect(spin.lastNote == "before")
        #expect(
            spin.description.contains("\(spin.limit) jobs, the limit (`SimulationConfiguration.stepsPerInstantLimit`)"))
        #expect(run.description.contains("of quoter; the last note was \"before\""))
    }

    @Test func aBotThatNeverEndsIsToldToTakeALength() throws {
        let run = try run { world in
            while true { try await world.time.sleep(for: .nanoseconds(1)) }
        }
        #expect(run.outcome == .stepLimit(50_000))
        #expect(run.description.contains("run(for:)"))
        #expect(run.description.contains("the limit of 50000 steps (`SimulationConfiguration.stepLimit`)"))
    }

    @Test func aContinuationThatNobodyResumesIsAStall() throws {
        let run = try run { world in
            try await world.time.sleep(for: .seconds(3))
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
        guard case .stalled(let stall) = run.outcome else {
            Issue.record("no stall: \(run)")
            return
        }
        #expect(stall.pendingSleepers == 0)
        #expect(stall.liveTasks == 0)
        #expect(stall.description.contains("continuation"))
        #expect(run.virtualElapsed == .seconds(3))
        #expect(run.leaks.tasks == 1)
        #expect(run.leaks.origins == ["the body"])
        #expect(run.leaks.description.contains("(the body)"))
        #expect(!run.isClean)
    }

    @Test func whoSleepsForEverIsAStallThatCountsTheSleepers() throws {
        let run = try run { world in
            for _ in 0..<3 {
                world.environment.spawner.spawn { try? await world.time.sleep(until: .distantFuture) }
            }
            let (stream, source) = AsyncStream.makeStream(of: Int.self)
            for await _ in stream {}
            source.finish()
        }
        guard case .stalled(let stall) = run.outcome else {
            Issue.record("no stall: \(run)")
            return
        }
        #expect(stall.pendingSleepers == 3)
        #expect(stall.liveTasks == 3)
        #expect(stall.hints.first?.contains("distant future") == true)
        #expect(stall.liveOrigins.count == 3)
        #expect(stall.liveOrigins.first?.hasPrefix("SeawallChaosTests/SimulationLimitTests.swift:") == true)
        #expect(stall.description.contains("SimulationLimitTests.swift:"))
        // All of them can be cancelled, so nothing is left.
        #expect(run.leaks.isEmpty, "\(run)")
    }

    @Test func aLoopThatYieldsForNothingSpins() throws {
        let run = try run { world in
            try await world.time.sleep(for: .seconds(2))
            while true {
                await Task.yield()
                try Task.checkCancellation()
            }
        }
        #expect(try spin(run).instant == .origin.advanced(by: .seconds(2)))
        #expect(run.leaks.isEmpty, "\(run)")
    }

    @Test func aLoopOfSleepsForNothingSpins() throws {
        let run = try run { world in
            while true {
                try await world.time.sleep(for: .zero)
                await Task.yield()
            }
        }
        #expect(try spin(run).instant == .origin)
    }

    @Test func aLoopThatTakesTimeIsStoppedAtTheLimitOfSteps() throws {
        let run = try run { world in
            while true { try await world.time.sleep(for: .nanoseconds(1)) }
        }
        #expect(run.outcome == .stepLimit(50_000))
        #expect(run.steps == 50_000)
        #expect(run.leaks.isEmpty, "\(run)")
    }

    @Test func theEndOfTheRunBelongsToIt() throws {
        for (sleep, steps) in [(9_999, 1), (10_000, 1), (10_001, 0)] as [(Int, Int)] {
            let done = Recorder<Int>()
            let run = try run(for: .seconds(10)) { world in
                try await world.time.sleep(for: .milliseconds(sleep))
                done.append(1)
            }
            #expect(done.values.count == steps)
            #expect(run.outcome == (steps == 1 ? .finished : .timeLimit))
            #expect(run.virtualElapsed == .milliseconds(min(sleep, 10_000)))
            #expect(run.thrown == nil)
            #expect(run.isClean, "\(run)")
        }
    }

    @Test func theNearerOfTheTwoLimitsOfTimeHolds() throws {
        let simulation = try Simulation(seed: 1, configuration: .init(timeLimit: .seconds(5)))
        let endless: @Sendable (SimulatedWorld) async throws -> Void = { world in
            while true { try await world.time.sleep(for: .milliseconds(700)) }
        }
        #expect(simulation.run(endless).virtualElapsed == .seconds(5))
        #expect(try simulation.run(for: .seconds(3), endless).virtualElapsed == .seconds(3))
        #expect(try simulation.run(hours: 1, endless).virtualElapsed == .seconds(5))
    }

    @MainActor @Test func awaitingTheMainActorFromItsOwnThreadIsAStall() throws {
        let run = try run { _ in await MainActor.run {} }
        guard case .stalled(let stall) = run.outcome else {
            Issue.record("no stall: \(run)")
            return
        }
        #expect(stall.description.contains("@MainActor"))
        #expect(run.leaks.tasks == 1)
    }
}
