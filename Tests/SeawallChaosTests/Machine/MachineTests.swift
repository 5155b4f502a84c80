import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

@Suite struct MachineTests {
    @Test func aBodyThatReturnsIsOneProcess() throws {
        let boots = Recorder<Int>()
        let run = try Simulation(seed: 1).run { world in
            try await world.machine { machine in
                boots.append(machine.boot)
                try await machine.time.sleep(for: .seconds(1))
            }
        }
        #expect(run.isClean, "\(run)")
        #expect(boots.values == [0])
        #expect(run.boots == 1 && run.crashes == 0)
        #expect(run.virtualElapsed == .seconds(1))
    }

    @Test func aProcessThatDiesIsFollowedByTheNextOnTheSameDisk() throws {
        let seen = Recorder<String>()
        let run = try Simulation(seed: 1).run { world in
            try await world.machine(restartAfter: .seconds(3)) { machine in
                let kept = try machine.disk.read().map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
                seen.append("\(machine.boot) \(machine.time.now) \(kept)")
                try machine.disk.append(Array("\(machine.boot)".utf8))
                try machine.disk.sync()
                if machine.boot < 2 { machine.crash() }
            }
        }
        #expect(run.isClean, "\(run)")
        #expect(run.crashes == 2)
        #expect(seen.values == ["0 0.000000000s nothing", "1 3.000000000s 0", "2 6.000000000s 01"], "\(seen.values)")
    }

    @Test func theErrorOfABodyEndsTheChain() throws {
        struct Broken: Error {}
        let run = try Simulation(seed: 1).run { world in
            try await world.machine { _ in throw Broken() }
        }
        #expect(run.thrown is Broken)
        #expect(run.boots == 1)
    }

    @Test func aSecondMachineIsRefused() throws {
        let codes = Recorder<MachineError.Code>()
        let run = try Simulation(seed: 1).run { world in
            try await world.machine { _ in
                do { try await world.machine { _ in } } catch let error as MachineError { codes.append(error.code) }
            }
        }
        #expect(run.isClean, "\(run)")
        #expect(codes.values == [.alreadyRunning])
    }

    @Test func nothingOfASleepingMachineRuns() throws {
        let ticks = Recorder<MonotonicInstant>()
        let others = Recorder<MonotonicInstant>()
        let run = try Simulation(seed: 1).run(for: .seconds(100)) { world in
            world.environment.spawner.spawn {
                for _ in 0..<50 {
                    try? await world.time.sleep(for: .seconds(1))
                    others.append(world.time.now)
                    if others.values.count == 5 { world.sleepMachine(for: .seconds(10)) }
                }
            }
            try await world.machine { machine in
                machine.environment.spawner.spawn {
                    for _ in 0..<40 { try? await machine.time.sleep(for: .milliseconds(500)) }
                    ticks.append(machine.time.now)
                }
                for _ in 0..<20 {
                    try await machine.time.sleep(for: .seconds(1))
                    ticks.append(machine.time.now)
                }
                try await machine.time.sleep(for: .seconds(20))
            }
        }
        #expect(run.isClean, "\(run)")
        let asleep = MonotonicInstant.origin.advanced(by: .seconds(5))
        let awake = MonotonicInstant.origin.advanced(by: .seconds(15))
        #expect(!ticks.values.contains { $0 > asleep && $0 < awake }, "\(ticks.values)")
        #expect(ticks.values.contains { $0 >= awake })
        #expect(others.values.contains { $0 > asleep && $0 < awake })
    }

    @Test func theMachinesClockIsNotTheWorlds() throws {
        let run = try Simulation(seed: 1).run { world in
            let start = world.time.civilNow
            try await world.machine { machine in
                guard machine.boot == 0 else {
                    #expect(machine.time.civilNow == start.advanced(by: .seconds(-38)))
                    return
                }
                machine.stepClock(by: .seconds(-40))
                #expect(machine.time.civilNow == start.advanced(by: .seconds(-40)))
                #expect(world.time.civilNow == start)
                machine.crash()
            }
        }
        #expect(run.isClean, "\(run)")
    }
}
