import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationTests {
    struct Crash: Error {}

    @Test func virtualTimePassesWithoutRealTime() throws {
        let run = try Simulation(seed: 1).run { world in
            try await world.time.sleep(for: .seconds(86_400 * 365))
            #expect(world.time.now == .origin.advanced(by: .seconds(86_400 * 365)))
        }
        #expect(run.isClean, "\(run)")
        #expect(run.virtualElapsed == .seconds(86_400 * 365))
    }

    @Test func anErrorOfTheBodyIsReportedUntouched() throws {
        let run = try Simulation(seed: 1).run { _ in throw Crash() }
        #expect(run.outcome == .finished)
        #expect(run.thrown is Crash)
        #expect(!run.isClean)
        #expect(run.description.contains("threw Crash()"))
    }

    @Test func theLineThatReproducesNamesSeedScheduleAndBuild() throws {
        let run = try Simulation(seed: 77, configuration: .init(scheduling: .fifo)).run { _ in }
        #expect(run.reproduction.hasPrefix("seed 77, fifo schedule, "))
        #if DEBUG
        #expect(run.reproduction.contains(", debug, Swift 6."))
        #else
        #expect(run.reproduction.contains(", release, Swift 6."))
        #endif
        #expect(!run.reproduction.contains("\n"))
    }

    @Test func aSimulationCanBeRunFromAnAsyncTest() async throws {
        let run = try Simulation(seed: 2).run(for: .seconds(1)) { world in
            #expect(Test.current?.name.contains("AsyncTest") == true)
            try await world.time.sleep(for: .milliseconds(500))
        }
        #expect(run.isClean, "\(run)")
    }

    @Test func sleepersWakeInOrderOfTheirDeadlines() throws {
        let order = Recorder<Int>()
        let run = try Simulation(seed: 3).run { world in
            await withTaskGroup { group in
                for number in [5, 3, 9, 1, 7] {
                    group.addTask {
                        try? await world.time.sleep(for: .seconds(number))
                        order.append(number)
                    }
                }
            }
        }
        #expect(run.isClean, "\(run)")
        #expect(order.values == [1, 3, 5, 7, 9])
    }
}
