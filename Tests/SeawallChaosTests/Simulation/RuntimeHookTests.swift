import Dispatch
import SeawallTime
import Testing

@testable import SeawallChaos

/// What leaves for the shared pool, seen at the moment when it leaves.
@Suite struct RuntimeHookTests {
    private func report(
        _ configuration: SimulationConfiguration = SimulationConfiguration(),
        _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws -> SimulationReport {
        try Simulation(seed: 1, configuration: configuration).run { world in
            try await world.time.sleep(for: .seconds(5))
            try await body(world)
            // What has left must be seen without its ever coming back.
            try await world.time.sleep(for: .seconds(1))
        }
    }

    private func escape(
        _ line: Int, _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws {
        let run = try report(SimulationConfiguration(), body)
        try #require(run.detectors.runtimeHook == .watching, "\(run)")
        guard case .escaped(let escape) = run.outcome else {
            Issue.record("no escape: \(run)")
            return
        }
        #expect(escape.kind == .leftForSharedPool)
        #expect(escape.instant == .origin.advanced(by: .seconds(5)))
        #expect(escape.hint.contains("spawner"))
        #expect(run.detectors.warning == nil)
        #if os(Linux) && canImport(Runtime) && DEBUG
        #expect(escape.origin?.hasSuffix("Simulation/RuntimeHookTests.swift:\(line)") == true, "\(escape)")
        #else
        #expect(escape.origin != nil)
        #endif
        #expect(run.description.contains("left-for-shared-pool"))
    }

    @Test func aPlainTaskIsSeenWhereItIsStarted() throws {
        try escape(#line + 1) { _ in
            Task { sideEffect() }
        }
    }

    @Test func aTaskStartedDeepInsideIsSeenThere() throws {
        try escape(Bot.line) { _ in await Bot().outer() }
    }

    @Test func withoutTheHookItIsNotSeenAndTheReportKnows() throws {
        let run = try report(SimulationConfiguration(usesRuntimeHook: false)) { _ in
            Task { sideEffect() }
        }
        #expect(run.isClean, "\(run)")
        #expect(run.detectors.runtimeHook == .switchedOff)
        #expect(run.detectors.description.contains("switched off"))
    }

    @Test func aDetectorThatIsMissingIsSaidLoudly() {
        let detectors = SimulationDetectors(runtimeHook: .unavailable, hashingIsDeterministic: true)
        #expect(detectors.warning?.hasPrefix("WARNING") == true)
        #expect(detectors.description.contains("NOT AVAILABLE"))
    }

    /// Whoever reads only what a search says hears of it too.
    @Test func aDetectorThatIsMissingIsSaidByASearchItsFailuresAndWhatIsMadeOfThem() throws {
        struct Clumsy: Error {}
        let search = SeedSearch(length: .seconds(1)) { _ in throw Clumsy() }
        let report = try search.run(seed: 1)
        let blind = SimulationReport(
            seed: 1, configuration: report.configuration, faults: report.faults, length: report.length,
            outcome: report.outcome, thrown: report.thrown, steps: report.steps, virtualElapsed: report.virtualElapsed,
            hash: report.hash, escapes: [], leaks: report.leaks,
            detectors: SimulationDetectors(runtimeHook: .unavailable, hashingIsDeterministic: true),
            attachments: report.attachments)
        let warning = try #require(blind.detectors.warning)
        let failure = SeedFailure(seed: 1, failures: blind.failures, report: blind, faults: "no faults")
        #expect("\(failure)".contains(warning))
        let size = ShrunkFailure.Size(faults: 0, steps: 1, length: .seconds(1))
        let shrunk = ShrunkFailure(
            kind: blind.failures[0].kind, failure: blind.failures[0], report: blind, bodyName: nil, original: size,
            shrunk: size, steps: [], runs: 1, isComplete: true, elapsed: .zero)
        #expect("\(shrunk)".contains(warning))
        var found = SeedSearchReport(asked: 1..<2, threads: 1)
        found.add(SeedResult(seed: 1, runs: 1, report: blind, failure: nil))
        #expect("\(found)".contains(warning))
        let sighted = try search.run(1..<2)
        #expect("\(sighted)".contains("WARNING") == (report.detectors.warning != nil))
    }

    /// Other tests start tasks all the time while this one runs; those of this thread alone are the simulation's.
    @Test func tasksOfOthersAreLeftAlone() async throws {
        let run = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 { group.addTask { await Task.detached { number }.value } }
            let run = try Simulation(seed: 1).run { world in
                for _ in 0..<200 { try await world.time.sleep(for: .seconds(1)) }
            }
            var sum = 0
            for try await number in group { sum += number }
            #expect(sum == 1_225)
            return run
        }
        #expect(run.isClean, "\(run)")
        #expect(await Task.detached { 7 }.value == 7)
    }

    @Test func eachOfTwoNestedRunsSeesItsOwn() throws {
        let inner = Recorder<SimulationReport>()
        let run = try report { _ in
            inner.append(try Simulation(seed: 2).run { _ in Task { sideEffect() } })
        }
        #expect(run.isClean, "\(run)")
        guard case .escaped(let escape)? = inner.values.first?.outcome else {
            Issue.record("no escape: \(inner.values)")
            return
        }
        #expect(escape.kind == .leftForSharedPool)
    }

    @Test func equalSetsSayWhetherHashingIsDeterministic() throws {
        let run = try Simulation(seed: 1).run { _ in }
        let orders = Set((0..<64).map { _ in Array(Set((0..<64).map { "\($0)" })) })
        #expect(run.detectors.hashingIsDeterministic == (orders.count == 1))
    }

    private struct Bot {
        static let line = #line + 5
        func outer() async { await inner() }

        func inner() async {
            await Task.yield()
            Task.detached { await Task.yield() }
        }
    }
}

private func sideEffect() {}
