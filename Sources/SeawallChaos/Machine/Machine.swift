public import SeawallBroker
public import SeawallTime

/// One process on the simulated machine: from its start to its end, or to the loss of power that it dies of.
///
/// Everything of the process takes its environment. While the machine sleeps nothing of the process runs, and what comes
/// meanwhile reaches it when the machine wakes. When the power goes, the process is fenced off at once: no call of it
/// reaches a venue, no byte the disk, no line the record, whatever its tasks do on being cancelled. Requests that it had
/// handed over live on at the venue, and their replies go nowhere.
public final class Machine: Sendable {
    /// How often the machine was started before, in the run.
    public let boot: Int

    /// The process's own: time with the machine's civil clock, randomness by boot, and tasks that die with it.
    public let environment: RuntimeEnvironment

    /// The file in which a layer keeps its journal, as this process holds it.
    public let disk: SimulatedFile

    let fence = MachineFence()
    let executor: MachineExecutor
    private let room: MachineRoom
    private let life = Lock(MachineLife())

    init(boot: Int, room: MachineRoom, seed: UInt64, simulation: SimulationExecutor) {
        self.boot = boot
        self.room = room
        executor = MachineExecutor(simulation: simulation)
        disk = room.disk.open()
        environment = RuntimeEnvironment(
            time: MachineTime(base: SimulatedTime(executor: simulation), clock: room.clock, fence: fence),
            random: SimulatedRandom(
                executor: simulation, source: SeededRandom(seed: seed, stream: "machine.\(boot)")),
            spawner: TaskSpawner(executor: executor))
    }

    /// The process's time: on it `now` goes on while the machine sleeps, and its civil clock can be stepped.
    public var time: any TimeSource { environment.time }

    /// True until the process has ended or lost its power.
    public var isRunning: Bool { !fence.isDown }

    /// Opens another file of the machine's disk; what is written there is no part of the run's record.
    public func file(_ name: String) -> SimulatedFile { room.disk.open(name) }

    /// Loses power now; whatever of the process still runs is fenced off and cancelled.
    public func crash() { room.crash(self) }

    /// Loses power at that point.
    public func crash(at point: CrashPoint) { room.plan([point]) }

    /// Puts the machine to sleep: what runs now ends its step, and nothing of the process runs until it is over.
    public func sleep(for duration: Duration) { room.sleep(for: duration) }

    /// Moves the machine's civil clock, not the venue's.
    public func stepClock(by duration: Duration) { room.stepClock(by: duration) }

    /// Connects the process with a broker that is not part of it: what it hands over lives on without it.
    ///
    /// Put it between everything that dies with the process and everything that does not.
    public func connect(_ broker: any Broker) -> any Broker {
        MachineWire(base: broker, fence: fence, spawner: room.worldSpawner, time: environment.time)
    }

    /// Runs the body as the process's first task, and returns when the process has come to an end.
    func run(_ body: @escaping @Sendable (Machine) async throws -> Void) async -> MachineLife.End {
        environment.spawner.spawn { [self] in
            do {
                try await body(self)
                end(.returned)
            } catch {
                end(.threw(error))
            }
        }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { waiter in
                let end = life.withLock { $0.wait(waiter) }
                if let end { waiter.resume(returning: end) }
            }
        } onCancel: {
            end(.stopped)
        }
    }

    /// Ends the process, once: fences it off, does `meanwhile`, and wakes what still has to come to its end.
    func end(_ end: MachineLife.End, meanwhile: () -> Void = {}) {
        guard life.withLock({ $0.end(end) }) else { return }
        fence.close()
        room.leave(self)
        meanwhile()
        executor.wake()
        if case .crashed = end {} else { environment.spawner.cancelAll() }
        life.withLock { $0.takeWaiter() }?.resume(returning: end)
    }
}
