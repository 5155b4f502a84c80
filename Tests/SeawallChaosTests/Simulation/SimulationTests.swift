import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationTests {
    @Test func virtualTimePassesWithoutRealTime() throws {
        let run = try Simulation(seed: 1).run { world in
            try await world.time.sleep(for: .seconds(86_400))
            world.note("\(world.time.now)")
        }
        #expect(run.isClean, "\(run)")
        #expect(run.virtualElapsed == .seconds(86_400))
    }

    @Test func theErrorOfTheBodyIsReported() throws {
        let run = try Simulation(seed: 1).run { _ in throw CancellationError() }
        #expect(run.outcome == .finished)
        #expect(run.thrown is CancellationError)
        #expect(!run.isClean)
    }
}
