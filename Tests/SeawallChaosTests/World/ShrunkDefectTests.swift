import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// A defect for each promise: a swarm of all faults finds it, and what is left of the faults is the one that matters.
@Suite struct ShrunkDefectTests {
    @Test func thereIsADefectForEachPromise() {
        #expect(Set(ShrunkDefect.all.map(\.promise)) == Set(Promise.allCases))
    }

    @Test(arguments: ShrunkDefect.all)
    func theSwarmFindsItAndOneFaultIsLeft(_ defect: ShrunkDefect) throws {
        let kind = SimulationFailure.Kind.promise(defect.promise)
        let search = SeedSearch(
            length: defect.length, faults: .swarm(Swarm(healAfter: defect.healAfter)),
            runsTwice: defect.promise == .sameSeedSameBytes,
            verdict: { $0.failures.filter { $0.kind == kind } }, body: defect.body)
        let found = try search.run(0..<200)
        let failure = try #require(found.failures.first, "\(found)")
        let shrunk = try search.shrink(failure)
        #expect(shrunk.isComplete)
        #expect(shrunk.kind == kind)
        #expect(shrunk.shrunk.faults == 1 && shrunk.faults.actions.count == 1, "\(shrunk)")
        let action = try #require(shrunk.faults.actions.first)
        #expect(!action.operations.isDisjoint(with: defect.operations), "\(shrunk)")
        if let kinds = defect.kinds { #expect(kinds.contains(action.effect.kind), "\(shrunk)") }

        // It is this fault that matters: without it nothing is wrong.
        let calm = SeedSearch(
            length: shrunk.shrunk.length, configuration: shrunk.report.configuration,
            runsTwice: search.runsTwice, verdict: search.verdict, body: defect.body)
        #expect(try calm.run(failure.seed..<failure.seed + 1).failures.isEmpty)

        try expectReproduced(shrunk, defect)
        try expectSound(shrunk, defect)
    }

    /// The line and the test hold all that is needed to see it again.
    private func expectReproduced(_ shrunk: ShrunkFailure, _ defect: ShrunkDefect) throws {
        let line = shrunk.reproduction
        #expect(!line.contains("\n"))
        let schedule = shrunk.report.configuration.scheduling.rawValue
        #expect(line.hasPrefix("seed \(shrunk.report.seed), \(schedule) schedule"))
        #expect(line.contains("for \(shrunk.shrunk.length)"))
        #expect(line.contains("faults \(shrunk.faults.json)"))
        #expect(line.contains(BuildIdentity.line))
        let test = shrunk.test()
        #expect(test.contains("@Test func seed\(shrunk.report.seed)FailsByPromise\(defect.promise.rawValue)()"))
        #expect(test.contains("json: #\"\(shrunk.faults.json)\"#"))
        #expect(test.contains("Simulation(seed: \(shrunk.report.seed), "))
        let simulation = try Simulation(
            seed: shrunk.report.seed, configuration: shrunk.report.configuration,
            faults: FaultPlan(json: shrunk.faults.json))
        let again = try simulation.run(for: shrunk.shrunk.length, defect.body)
        if defect.promise == .sameSeedSameBytes {
            // What the system draws may be the same now and then.
            var differs = again.difference(from: shrunk.report)?.kind == shrunk.kind
            for _ in 0..<20 where !differs {
                let another = try simulation.run(for: shrunk.shrunk.length, defect.body)
                differs = another.difference(from: shrunk.report)?.kind == shrunk.kind
            }
            #expect(differs)
        } else {
            #expect(again.hash == shrunk.report.hash)
            #expect(again.failures.first { $0.kind == shrunk.kind } == shrunk.failure)
        }
    }

    /// The layer in the place of what is wrong breaks nothing under that fault.
    private func expectSound(_ shrunk: ShrunkFailure, _ defect: ShrunkDefect) throws {
        guard let sound = defect.sound else { return }
        let simulation = try Simulation(
            seed: shrunk.report.seed, configuration: shrunk.report.configuration, faults: shrunk.faults)
        let report = try simulation.run(for: defect.length, sound)
        #expect(report.failures.isEmpty, "\(report)")
    }
}
