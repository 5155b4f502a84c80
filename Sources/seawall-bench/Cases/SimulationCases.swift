import SeawallChaos
import SeawallTime

/// The simulation's own speed.
enum SimulationCases {
    private static let tasks = 8

    static func all() -> [BenchCase] { [step, call] }

    private static var step: BenchCase {
        BenchCase(
            "simulation.step", baseline: "baseline.atomic-add",
            note: "one scheduler step, 8 tasks that sleep and yield"
        ) { operations in
            // A sleep is a step, a yield two: each lap is four of them.
            let laps = operations / (4 * tasks) + 1
            return try sample(operations: { $0 }) { world in
                try await crowd { task in
                    for lap in 0..<laps {
                        try await world.time.sleep(for: .milliseconds(1 + (lap &* 7 &+ task &* 3) % 11))
                        try await world.time.sleep(for: .milliseconds(1 + (lap &* 5 &+ task) % 13))
                        await Task.yield()
                    }
                }
            }
        }
    }

    private static var call: BenchCase {
        BenchCase(
            "simulation.call", baseline: "baseline.atomic-add",
            note: "an awaited call that sleeps its latency, 8 tasks"
        ) { operations in
            let calls = operations / tasks + 1
            return try sample(operations: { _ in calls * tasks }) { world in
                try await crowd { task in
                    let call = opaque { (latency: Int) async throws -> Int in
                        try await world.time.sleep(for: .milliseconds(latency))
                        return latency
                    }
                    var sum = 0
                    for index in 0..<calls { sum &+= try await call(10 + (index &* 7 &+ task) % 20) }
                    keep(sum)
                }
            }
        }
    }

    /// Times a whole run of the simulation, and asks how many operations its steps were.
    private static func sample(
        operations: (_ steps: Int) -> Int, _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws -> Sample {
        let simulation = try Simulation(seed: 1)
        let start = SystemTime().now.nanoseconds
        let report = simulation.run(body)
        let elapsed = SystemTime().now.nanoseconds - start
        guard report.isClean else { throw BenchError("a simulation went wrong: \(report)") }
        return Sample(nanoseconds: elapsed, operations: operations(report.steps))
    }

    private static func crowd(_ body: @escaping @Sendable (_ task: Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for task in 0..<tasks { group.addTask { try await body(task) } }
            try await group.waitForAll()
        }
    }
}
