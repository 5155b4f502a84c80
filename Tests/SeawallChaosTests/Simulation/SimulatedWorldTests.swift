import SeawallChaos
import SeawallTime
import Testing

@Suite struct SimulatedWorldTests {
    private func inWorld(seed: UInt64 = 4, _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void) throws {
        let run = try Simulation(seed: seed).run(body)
        #expect(run.isClean, "\(run)")
    }

    @Test func streamsBelongToTheirSeedAndTheirName() throws {
        let draws = Recorder<[UInt64]>()
        for seed in [4, 4, 5] as [UInt64] {
            try inWorld(seed: seed) { world in
                var fees = world.stream("fees")
                var fills = world.stream("fills")
                draws.append([fees.next(), fills.next(), world.environment.random.next()])
            }
        }
        #expect(draws.values[0] == draws.values[1])
        #expect(Set(draws.values.joined()).count == 6)
    }

    @Test func civilTimeStartsWhereItIsToldAndCanBeStepped() throws {
        let start = CivilInstant(millisecondsSinceEpoch: 1_600_000_000_000)
        let run = try Simulation(seed: 1, configuration: .init(civilStart: start)).run { world in
            #expect(world.time.civilNow == start)
            try await world.time.sleep(for: .seconds(10))
            #expect(world.time.civilNow == start.advanced(by: .seconds(10)))
            world.stepCivil(by: .seconds(-3600))
            #expect(world.time.civilNow == start.advanced(by: .seconds(-3590)))
            #expect(world.time.now == .origin.advanced(by: .seconds(10)))
        }
        #expect(run.isClean, "\(run)")
    }

    @Test func attachmentsLiveInTheWorldAndInItsReport() throws {
        let run = try Simulation(seed: 1).run { world in
            #expect(world.attachments.value(Recorder<Int>.self) == nil)
            world.attachments.value(Recorder<Int>.self, orMake: Recorder.init).append(1)
            world.attachments.value(Recorder<Int>.self, orMake: Recorder.init).append(2)
        }
        #expect(run.attachments.value(Recorder<Int>.self)?.values == [1, 2])
        #expect(run.attachments.value(Recorder<String>.self) == nil)
    }

    @Test func theSimulationsOwnThreadPassesTheCheck() throws {
        try inWorld { world in
            #expect(world.checkThread("place"))
            await Task.yield()
            #expect(await world.environment.spawner.spawn { world.checkThread("cancel") }.value == ())
        }
    }
}
