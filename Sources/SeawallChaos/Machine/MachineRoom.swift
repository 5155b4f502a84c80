internal import SeawallBroker
internal import SeawallTime

/// The machine of a world: what outlives its processes, which one runs, and when its power will go.
final class MachineRoom: Sendable {
    private struct State: Sendable {
        var isOccupied = false
        var chain = 0
        var current: Machine?
        var boots = 0
        var crashes = 0
        var asleepUntil: MonotonicInstant = .origin
        var stepsOfBoots: [Int: [Int]] = [:]
        var spawners: [TaskSpawner] = []
    }

    let disk: SimulatedDisk
    let clock = MachineClock()
    let worldSpawner: TaskSpawner

    private let seed: UInt64
    private let simulation: SimulationExecutor
    private let time: any TimeSource
    private let log: RunLog
    private let state = Lock(State())

    init(world: SimulatedWorld) {
        seed = world.seed
        simulation = world.executor
        time = world.time
        log = world.log
        worldSpawner = world.environment.spawner
        disk = SimulatedDisk(seed: seed, time: world.time)
        let listener = SimulatedDisk.Listener(
            onOperation: { [log] record, file in if file == SimulatedDisk.journal { log.append(.disk(record)) } },
            onPowerLoss: { [weak self] in self?.losePower() })
        disk.listen(listener)
        // What the process does on being cancelled at the end of the run is no part of it.
        world.atStop { [weak self] _ in self?.current?.end(.stopped) }
    }

    /// The process that runs now.
    var current: Machine? { state.withLock { $0.current } }

    /// How many processes were started, and how many of them lost their power.
    var counts: (boots: Int, crashes: Int) { state.withLock { ($0.boots, $0.crashes) } }

    /// How many tasks of processes have not ended, of dead ones too.
    var liveTasks: Int { state.withLock { $0.spawners }.reduce(0) { $0 + $1.liveCount } }

    /// Takes the machine for one chain of processes.
    func occupy() throws(MachineError) {
        let isFree = state.withLock { state in
            defer { state.isOccupied = true }
            if !state.isOccupied { state.chain += 1 }
            return !state.isOccupied
        }
        if !isFree {
            throw MachineError(code: .alreadyRunning, message: "the world has one machine, and it runs already")
        }
    }

    /// Frees the machine; the power no longer goes where it was to go.
    func vacate() {
        state.withLock { state in
            state.isOccupied = false
            state.stepsOfBoots = [:]
        }
        disk.forgetLosses()
    }

    /// Starts the next process.
    func boot() -> Machine {
        let boot = state.withLock { state in
            defer { state.boots += 1 }
            return state.boots
        }
        if boot > 0 { log.append(.restart) }
        let machine = Machine(boot: boot, room: self, seed: seed, simulation: simulation)
        let points = state.withLock { state in
            state.current = machine
            state.spawners.append(machine.environment.spawner)
            return state.stepsOfBoots.removeValue(forKey: boot) ?? []
        }
        plan(points.map { .step(simulation.steps.addingSaturating($0)) })
        return machine
    }

    /// Forgets a process that has ended.
    func leave(_ machine: Machine) {
        state.withLock { state in
            if state.current === machine { state.current = nil }
            state.asleepUntil = .origin
        }
        disk.closeAll()
    }

    /// Has the power go at those points.
    func plan(_ points: [CrashPoint]) {
        let chain = state.withLock { $0.chain }
        for point in points {
            switch point {
            case .step(let step): simulation.addAlarm(atStep: step) { [weak self] in self?.losePower(in: chain) }
            case .stepOfBoot(let step, let boot): state.withLock { $0.stepsOfBoots[boot, default: []].append(step) }
            case .diskOperation(let number, let moment): disk.losePower(atOperation: number, moment)
            case .instant(let instant):
                worldSpawner.spawn { [weak self, time] in
                    guard (try? await time.sleep(until: instant)) != nil else { return }
                    self?.losePower(in: chain)
                }
            }
        }
    }

    /// Lets the power go under whatever runs.
    func losePower() {
        if let machine = current { crash(machine) }
    }

    /// Lets the power go under whatever runs, if the chain of processes is still the one that it was meant for.
    private func losePower(in chain: Int) {
        if state.withLock({ $0.chain == chain }) { losePower() }
    }

    func crash(_ machine: Machine) {
        guard simulation.check(.callOnForeignThread, "the crash of a simulated machine") else { return }
        machine.end(.crashed) {
            state.withLock { $0.crashes += 1 }
            disk.losePower()
            log.append(.crash)
        }
        // The power may go in the middle of anything, under anybody's lock: what handlers do on being cancelled waits
        // for the end of the step.
        simulation.addAlarm(atStep: simulation.steps) { machine.environment.spawner.cancelAll() }
    }

    /// Puts the machine to sleep; a shorter sleep within a longer one changes nothing.
    func sleep(for duration: Duration) {
        guard simulation.check(.callOnForeignThread, "the sleep of a simulated machine") else { return }
        let until = time.now.advanced(by: duration)
        guard duration > .zero, let machine = current, state.withLock({ $0.asleepUntil < until }) else { return }
        state.withLock { $0.asleepUntil = until }
        log.append(.world(WorldRecord(.sleep, until: until)))
        machine.executor.fallAsleep()
        worldSpawner.spawn { [weak self, time] in
            guard (try? await time.sleep(until: until)) != nil else { return }
            self?.wake(machine, at: until)
        }
    }

    /// True where the machine sleeps now, and for so long or longer.
    func sleeps(atLeastFor duration: Duration) -> Bool {
        let until = time.now.advanced(by: duration)
        return state.withLock { $0.asleepUntil >= until }
    }

    func stepClock(by duration: Duration) {
        guard simulation.check(.callOnForeignThread, "a step of a simulated machine's clock") else { return }
        clock.step(by: duration)
        log.append(.world(WorldRecord(.clockStep, step: duration)))
    }

    private func wake(_ machine: Machine, at instant: MonotonicInstant) {
        let isDue = state.withLock { $0.asleepUntil == instant && $0.current === machine }
        if isDue { machine.executor.wake() }
    }
}
