import Foundation
import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulationConfigurationTests {
    @Test func oneErrorNamesEveryFieldOutOfRange() {
        let configuration = SimulationConfiguration(
            stepLimit: 0, stepsPerInstantLimit: .min, timeLimit: .seconds(-1), shutdownStepLimit: -7,
            stallGrace: .seconds(4_000), yieldsPerMille: 1_001, healsAt: .seconds(-2))
        let error = #expect(throws: SimulationError.self) {
            try Simulation(seed: 1, configuration: configuration)
        }
        #expect(error?.code == .invalidConfiguration)
        for text in [
            "yieldsPerMille is 1001", "healsAt is -2", "stepLimit is 0", "stepsPerInstantLimit is -9",
            "timeLimit is -1", "is -7", "stallGrace is 4000",
        ] {
            #expect(error?.message.contains(text) == true, "\(text) in \(String(describing: error))")
        }
    }

    @Test func aScheduleThatCannotBeDrawnIsRefused() {
        for scheduling in [.pct(depth: 0), .pct(depth: 65), .pct(depth: 2, steps: 0)] as [SimulationScheduling] {
            #expect(throws: SimulationError.self) {
                try Simulation(seed: 1, configuration: .init(scheduling: scheduling))
            }
        }
        #expect(SimulationScheduling(rawValue: "pct(2,7)") == .pct(depth: 2, steps: 7))
        for text in ["pct", "pct()", "pct(1)", "pct(1,2,3)", "pct(a,2)", "fifo ", ""] {
            #expect(SimulationScheduling(rawValue: text) == nil)
        }
    }

    @Test func theExtremesOfEveryRangeRun() throws {
        let most = SimulationConfiguration(
            stepLimit: .max, stepsPerInstantLimit: .max, timeLimit: .seconds(Int64.max), shutdownStepLimit: .max,
            stallGrace: .zero, civilStart: CivilInstant(nanosecondsSinceEpoch: .max))
        let run = try Simulation(seed: .max, configuration: most).run { world in
            try await world.time.sleep(for: .seconds(1))
            world.note("\(world.time.civilNow.nanosecondsSinceEpoch)")
        }
        #expect(run.isClean, "\(run)")
        let least = SimulationConfiguration(
            stepLimit: 1, stepsPerInstantLimit: 1, timeLimit: .zero, shutdownStepLimit: 0)
        #expect(try Simulation(seed: 0, configuration: least).run { _ in }.isClean)
    }

    @Test func aRunOfNoSensibleLengthIsRefused() throws {
        let simulation = try Simulation(seed: 1)
        for hours in [-1, .nan, .infinity, -.infinity, 1e300] {
            #expect(throws: SimulationError.self) { try simulation.run(hours: hours) { _ in } }
        }
        #expect(throws: SimulationError.self) { try simulation.run(for: .nanoseconds(-1)) { _ in } }
        #expect(try simulation.run(hours: 0) { _ in }.isClean)
    }

    @Test func itIsReadAsItIsWritten() throws {
        let configuration = SimulationConfiguration(
            scheduling: .pct(depth: 3, steps: 500), stepLimit: 5, stepsPerInstantLimit: 6,
            timeLimit: .milliseconds(1_500),
            shutdownStepLimit: 7, stallGrace: .milliseconds(20),
            civilStart: CivilInstant(millisecondsSinceEpoch: 1_700_000_000_001), yieldsPerMille: 8,
            usesRuntimeHook: false, healsAt: .seconds(9))
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(SimulationConfiguration.self, from: data) == configuration)
        #expect(String(decoding: data, as: UTF8.self).contains("\"timeLimit\":1.5"))
        let empty = try JSONDecoder().decode(SimulationConfiguration.self, from: Data("{}".utf8))
        #expect(empty == SimulationConfiguration())
    }

    @Test func secondsBeyondTheRangeOfTimeAreNoData() {
        for text in [
            #"{"timeLimit": 1e30}"#, #"{"scheduling": "pct(3)"}"#, #"{"scheduling": "luck"}"#, #"{"stepLimit": 0.5}"#,
            #"{"stepLimt": 5}"#,
        ] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(SimulationConfiguration.self, from: Data(text.utf8))
            }
        }
    }
}
