import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

/// What a process does once its power is gone reaches nothing.
@Suite struct HostileProcessTests {
    /// Everything through which a process could reach the world.
    private struct Grip: Sendable {
        var machine: Machine
        var face: RecordingFace
        var edge: RecordingEdge
        var wire: any Broker
        var logger: LayerLogger
        var other: SimulatedFile
        var tries: Recorder<String>

        init(_ machine: Machine, _ yard: Yard, _ tries: Recorder<String>) {
            self.machine = machine
            self.tries = tries
            wire = machine.connect(yard.venue)
            edge = yard.world.edge(.binanceUSDM, yard.venue, on: machine)
            face = yard.world.face(edge, on: machine)
            logger = LayerLogger(pen: RunPen(log: yard.world.log, fence: machine.fence))
            other = machine.file("other")
        }

        func writeEverywhere(_ who: String) {
            tries.append(who)
            #expect(throws: DiskError.self) { try machine.disk.append([1]) }
            #expect(throws: DiskError.self) { try machine.disk.sync() }
            #expect(throws: DiskError.self) { try machine.disk.replace(with: [1]) }
            #expect(throws: DiskError.self) { _ = try machine.disk.read() }
            #expect(throws: DiskError.self) { try other.append([1]) }
            logger.record(.limited(scope: .ip, until: .origin))
        }

        func callEverywhere(_ who: String) async {
            tries.append(who)
            for broker in [face, edge, wire] as [any Broker] {
                await #expect(throws: CancellationError.self) { _ = try await broker.place(Yard.order(who)) }
                await #expect(throws: CancellationError.self) {
                    _ = try await broker.cancel(.client("mine"), symbol: VenueWorld.symbol)
                }
            }
        }
    }

    private func run(
        seed: UInt64, _ hostile: @escaping @Sendable (Grip) async throws -> Void
    ) throws -> (left: Yard.Left, tries: [String]) {
        let tries = Recorder<String>()
        let left = try Yard.run(seed: seed) { yard in
            try await yard.world.machine { machine in
                guard machine.boot == 0 else { return }
                let grip = Grip(machine, yard, tries)
                try machine.disk.append([42])
                try machine.disk.sync()
                _ = try await grip.edge.place(Yard.order("mine"))
                machine.crash(at: .instant(machine.time.now.advanced(by: .seconds(1))))
                try await hostile(grip)
            }
            #expect(yard.world.disk.contents() == [42])
            #expect(yard.world.disk.contents(of: "other") == nil)
            #expect(yard.venue.orders(named: "mine").map(\.status) == [.working])
            #expect(yard.venue.truth().counts.orders == 1)
        }
        #expect(left.report.outcome == .finished)
        #expect(left.report.crashes == 1)
        #expect(left.afterCrash.isEmpty, "\(left.afterCrash)")
        return (left, tries.values)
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func handlersAndDefersOfCancelledTasksReachNothing(seed: UInt64) throws {
        let (left, tries) = try run(seed: seed) { grip in
            defer { grip.writeEverywhere("defer") }
            await withTaskGroup { group in
                group.addTask {
                    await withTaskCancellationHandler {
                        try? await grip.machine.time.sleep(for: .seconds(60))
                    } onCancel: {
                        grip.writeEverywhere("handler")
                        grip.machine.environment.spawner.spawn { await grip.callEverywhere("spawned by a handler") }
                    }
                    await grip.callEverywhere("child")
                }
                group.addTask {
                    while grip.machine.isRunning { try? await grip.machine.time.sleep(for: .milliseconds(300)) }
                    grip.writeEverywhere("watcher")
                    await grip.callEverywhere("watcher calls")
                }
                for await _ in group {}
            }
            await grip.callEverywhere("body")
        }
        #expect(left.report.leaks.isEmpty, "\(left.report)")
        #expect(
            Set(tries) == [
                "defer", "handler", "spawned by a handler", "child", "watcher", "watcher calls", "body",
            ])
    }

    @Test func aTaskThatDoesNotMindIsDrainedAllTheSame() throws {
        let (left, tries) = try run(seed: 1) { grip in
            grip.machine.environment.spawner.spawn {
                for round in 0..<50 {
                    do { try await grip.machine.time.sleep(for: .seconds(7)) } catch {}
                    if round == 49 { await grip.callEverywhere("stubborn") }
                }
            }
            try await grip.machine.time.sleep(for: .seconds(60))
        }
        #expect(left.report.leaks.isEmpty, "\(left.report)")
        #expect(tries == ["stubborn"])
    }

    /// An actor's queue belongs to no task, and its jobs are a dead process's all the same.
    @Test func anActorOfADeadProcessReachesNothing() throws {
        actor Clerk {
            func work(_ grip: Grip) async {
                try? await grip.machine.time.sleep(for: .seconds(30))
                grip.writeEverywhere("actor")
                await grip.callEverywhere("actor calls")
            }
        }
        let (left, tries) = try run(seed: 2) { grip in
            let clerk = Clerk()
            async let first: Void = clerk.work(grip)
            await clerk.work(grip)
            await first
        }
        #expect(left.report.leaks.isEmpty, "\(left.report)")
        #expect(tries.count == 4)
    }

    @Test func aTaskThatNeverEndsIsReported() throws {
        let (left, _) = try run(seed: 3) { grip in
            grip.machine.environment.spawner.spawn {
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            }
            try await grip.machine.time.sleep(for: .seconds(60))
        }
        #expect(left.report.leaks.tasks == 1, "\(left.report)")
    }

    /// It would otherwise hold up the thread that runs everything.
    @Test func aLoopThatSleepsForEverIsReportedAndNotWaitedFor() throws {
        let run = try Simulation(
            seed: 4, configuration: SimulationConfiguration(stepsPerInstantLimit: 2_000, shutdownStepLimit: 2_000)
        ).run { world in
            try await world.machine { machine in
                guard machine.boot == 0 else { return }
                machine.environment.spawner.spawn { while true { try? await machine.time.sleep(for: .seconds(1)) } }
                machine.crash(at: .instant(machine.time.now.advanced(by: .seconds(5))))
                try await machine.time.sleep(for: .seconds(60))
            }
        }
        guard case .spinning(let spin) = run.outcome else {
            Issue.record("it does not spin: \(run)")
            return
        }
        #expect(spin.instant == .origin.advanced(by: .seconds(5)))
        #expect(run.leaks.tasks > 0)
    }
}
