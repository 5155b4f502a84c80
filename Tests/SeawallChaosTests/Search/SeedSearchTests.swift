import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct SeedSearchTests {
    private struct Unlucky: Error {}

    private func search(
        threads: Int? = nil, failureLimit: Int = 1, isUnlucky: @escaping @Sendable (UInt64) -> Bool
    ) -> SeedSearch {
        SeedSearch(length: .seconds(10), threads: threads, failureLimit: failureLimit) { world in
            var random = world.stream("bot")
            for step in 0..<20 {
                try await world.time.sleep(for: random.duration(in: .zero ... .milliseconds(20)))
                world.note("\(step)")
            }
            if isUnlucky(world.seed) { throw Unlucky() }
        }
    }

    @Test func itRunsEverySeedTwiceAndCountsWhatHappened() throws {
        let report = try search { _ in false }.run(10..<30)
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.seeds == 10..<30)
        #expect(report.runs == 40)
        #expect(report.checked == [.sameSeedSameBytes: 20])
        #expect(report.broken[.sameSeedSameBytes] == 0 || report.broken[.sameSeedSameBytes] == nil)
        #expect(report.steps > 20 * 20)
        #expect(report.description.contains("20 seeds of 20, 40 runs"))
    }

    @Test func itStopsAtTheFirstFailuresAndTellsTheSameWhateverTheThreads() throws {
        var hashes: Set<UInt64> = []
        for threads in [1, 2, 5] {
            let report = try search(threads: threads, failureLimit: 2) { $0 % 7 == 3 }.run(0..<1_000)
            #expect(report.failures.map(\.seed) == [3, 10])
            #expect(report.seeds == 0..<11)
            #expect(report.asked == 0..<1_000)
            #expect(report.runs == 22)
            hashes.insert(report.hash)
        }
        #expect(hashes.count == 1)
    }

    @Test func aFailureHasOneLineThatReproducesIt() throws {
        let search = search { $0 == 5 }
        let failure = try #require(try search.run(0..<10).failures.first)
        #expect(failure.failures.map(\.kind.rawValue) == ["threw Unlucky"])
        #expect(failure.reproduction.hasPrefix("seed 5, random schedule, for 10.0 seconds, no faults, "))
        #expect(!failure.reproduction.contains("\n"))
        #expect(failure.description.contains(failure.reproduction))
        let again = try search.run(seed: 5)
        #expect(again.hash == failure.report.hash)
        #expect(again.failures == failure.failures)
    }

    @Test func allTheSeedsThereAreMayBeAskedFor() throws {
        let report = try search { $0 == 2 }.run(0..<UInt64.max)
        #expect(report.failures.map(\.seed) == [2])
        #expect(try search { _ in true }.run(7..<7).runs == 0)
    }

    @Test func twoRunsThatDifferBreakThePromiseOfTheSameBytes() throws {
        let search = SeedSearch(length: .seconds(1)) { world in
            world.note("\(SystemRandom().next())")
        }
        let report = try search.run(0..<4)
        let failure = try #require(report.failures.first)
        #expect(failure.seed == 0)
        #expect(failure.failures.map(\.kind) == [.promise(.sameSeedSameBytes)])
        #expect(failure.failures.first?.message.contains("traces") == true)
        if !HashingOrder.isDeterministic {
            #expect(failure.failures.first?.message.contains("SWIFT_DETERMINISTIC_HASHING=1") == true)
        }
        #expect(report.broken == [.sameSeedSameBytes: 1])
        var once = search
        once.runsTwice = false
        #expect(try once.run(0..<4).failures.isEmpty)
    }

    @Test func aVerdictOfOnesOwnDecides() throws {
        var search = search { _ in true }
        search.verdict = { report in
            report.seed == 3 ? [SimulationFailure(kind: .invariant("three"), message: "it is three")] : []
        }
        let report = try search.run(0..<9)
        #expect(report.failures.map(\.seed) == [3])
        #expect(report.failures.first?.failures.first?.description == "invariant three: it is three")
    }

    @Test func everyWayToFailHasItsOwnKind() throws {
        let configuration = SimulationConfiguration(
            stepLimit: 5_000, stepsPerInstantLimit: 1_000, stallGrace: .zero)
        func kinds(_ body: @escaping SeedSearch.Body) throws -> [String] {
            let search = SeedSearch(length: .seconds(10), configuration: configuration, body: body)
            return try search.run(0..<1).failures.flatMap { $0.failures.map(\.kind.rawValue) }
        }
        #expect(try kinds { _ in while !Task.isCancelled { await Task.yield() } } == ["spinning"])
        #expect(
            try kinds { world in while true { try await world.time.sleep(for: .nanoseconds(1)) } } == ["step limit"])
        #expect(
            try kinds { _ in await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } } == ["stalled"])
        #expect(try kinds { world in world.demand("never", at: .end) { "no" } } == ["invariant never"])
        #expect(
            try kinds { world in
                world.environment.spawner.spawn {
                    await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                }
            } == ["leaked"])
    }

    @Test func progressIsToldOnTheCallersThreadUpToTheEnd() throws {
        var told: [SeedProgress] = []
        _ = try search { _ in false }.run(0..<30) { told.append($0) }
        #expect(told.last?.done == 30)
        #expect(told.last?.all == 30)
        #expect(told.map(\.done) == told.map(\.done).sorted())
    }

    @Test func aSearchThatMakesNoSenseIsRefused() {
        var search = search { _ in false }
        search.length = .seconds(-1)
        search.threads = 0
        search.failureLimit = 0
        search.configuration.stepLimit = 0
        let error = #expect(throws: SimulationError.self) { try search.run(0..<1) }
        for field in ["length", "threads", "failureLimit", "stepLimit"] {
            #expect(error?.message.contains("\(field) is") == true, "\(field)")
        }
        search = self.search { _ in false }
        search.faults = .swarm(Swarm(catalogue: []))
        #expect(throws: InvalidFields.self) { try search.run(0..<1) }
    }
}
