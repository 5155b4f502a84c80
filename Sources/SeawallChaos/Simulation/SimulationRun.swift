internal import SeawallTime

/// One run: it starts the body, drives jobs and time to an end, and takes everything down again.
struct SimulationRun {
    private let configuration: SimulationConfiguration
    private let length: Duration?
    private let end: MonotonicInstant
    private let executor: SimulationExecutor
    private let world: SimulatedWorld

    init(seed: UInt64, configuration: SimulationConfiguration, faults: FaultPlan, length: Duration?) {
        let time = ManualTime(civil: configuration.civilStart)
        self.configuration = configuration
        executor = SimulationExecutor(
            seed: seed, scheduling: configuration.scheduling, yieldsPerMille: configuration.yieldsPerMille, time: time)
        world = SimulatedWorld(
            seed: seed, faults: faults, healsAt: configuration.healsAt, executor: executor)
        self.length = length
        let nearer = [length, configuration.timeLimit].compactMap(\.self).min()
        end = nearer.map(MonotonicInstant.origin.advanced(by:)) ?? .distantFuture
    }

    func report(of body: @escaping @Sendable (SimulatedWorld) async throws -> Void) -> SimulationReport {
        guard configuration.usesRuntimeHook else { return report(of: body, .switchedOff) }
        guard RuntimeHook.install() else { return report(of: body, .unavailable) }
        return RuntimeHook.watch(for: executor) { report(of: body, .watching) }
    }

    private func report(
        of body: @escaping @Sendable (SimulatedWorld) async throws -> Void, _ hook: SimulationDetectors.RuntimeHook
    ) -> SimulationReport {
        let root = start(body)
        let outcome = judgedAtEnd(drive())
        let thrown = outcome == .finished ? world.rootError : nil
        let (steps, hash, stoppedAt) = (executor.steps, executor.hash, executor.time.now)
        for action in world.attachments.takeActionsAtStop() { action(outcome) }
        let leaks = shutDown(root)
        let escapes = executor.escapes
        if !leaks.isEmpty || !escapes.isEmpty {
            // Jobs hold their executor unowned: as long as one may still come back, it must not go away.
            _ = Unmanaged.passRetained(executor)
        }
        return SimulationReport(
            seed: world.seed, configuration: configuration, faults: world.faults, length: length, outcome: outcome,
            thrown: thrown,
            steps: steps,
            virtualElapsed: MonotonicInstant.origin.duration(to: stoppedAt), hash: hash, escapes: escapes,
            leaks: leaks,
            detectors: SimulationDetectors(
                runtimeHook: hook, hashingIsDeterministic: HashingOrder.isDeterministic),
            attachments: world.attachments)
    }

    /// The root is no task of the spawner: it needs a priority of its own, since the order in a default actor depends
    /// on priorities and an inherited one would depend on the caller's thread.
    private func start(_ body: @escaping @Sendable (SimulatedWorld) async throws -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor, priority: .medium) { [world] in
            do {
                try await body(world)
                world.endRoot(nil)
            } catch {
                world.endRoot(error)
            }
        }
    }

    private func drive() -> SimulationOutcome {
        while true {
            if let outcome = runInstant() { return outcome }
            guard let next = executor.time.nextDeadline, next != .distantFuture else {
                if executor.waitForEscape(atMost: configuration.stallGrace) { continue }
                return .stalled(
                    SimulationStall(
                        pendingSleepers: executor.time.sleeperCount, liveTasks: world.environment.spawner.liveCount,
                        liveOrigins: liveOrigins))
            }
            if next > end {
                executor.moveTime(to: end)
                return .timeLimit
            }
            executor.moveTime(to: next)
        }
    }

    /// Runs what can run at this instant; nil where the run goes on.
    private func runInstant() -> SimulationOutcome? {
        let stepsLeft = configuration.stepLimit - executor.steps
        var phase = InstantPhase.free
        var left = min(stepsLeft, configuration.stepsPerInstantLimit)
        var budget = phase.budget(of: left)
        defer { if phase != .free { executor.watchSpin(false) } }
        while true {
            let before = budget
            let drained = executor.drain(budget: &budget)
            left -= before - budget
            switch drained {
            case .idle: return nil
            case .exhausted where left > 0:
                phase = phase.next
                if phase == .fair { executor.beFair() } else { executor.watchSpin(true) }
                budget = phase.budget(of: left)
            case .exhausted:
                if executor.steps >= configuration.stepLimit { return .stepLimit(configuration.stepLimit) }
                return .spinning(
                    SimulationSpin(
                        instant: executor.time.now, limit: configuration.stepsPerInstantLimit,
                        tasks: executor.watchSpin(false), lastNote: executor.lastNote))
            case .interrupted:
                if let escape = executor.escapes.first { return .escaped(escape) }
                if let violation = executor.violation { return .invariant(violation) }
                if world.rootIsDone { return .finished }
            }
        }
    }

    /// What the user demands of the end of a run is asked of those that came to one.
    private func judgedAtEnd(_ outcome: SimulationOutcome) -> SimulationOutcome {
        switch outcome {
        case .finished, .timeLimit:
            world.invariants.checkEnd(executor)
            return executor.violation.map(SimulationOutcome.invariant) ?? outcome
        case .stepLimit, .spinning, .stalled, .escaped, .invariant: return outcome
        }
    }

    /// Cancels everything, runs it to its end, and walks through the deadlines of those who do not mind.
    private func shutDown(_ root: Task<Void, Never>) -> SimulationLeaks {
        // Demands are made of the run alone, and they may hold what holds the executor.
        executor.endSteps()
        world.invariants.clear()
        root.cancel()
        world.environment.spawner.cancelAll()
        var budget = configuration.shutdownStepLimit
        while true {
            switch executor.drain(budget: &budget) {
            case .interrupted: continue
            case .exhausted: return leaks
            case .idle:
                guard budget > 0, executor.time.advanceToNextDeadline() else { return leaks }
                budget -= 1
            }
        }
    }

    /// The first of them: where a thousand are left, their number says it.
    private var liveOrigins: [String] { Array(world.environment.spawner.liveOrigins.prefix(8)) }

    private var leaks: SimulationLeaks {
        SimulationLeaks(
            tasks: world.environment.spawner.liveCount + world.liveTasksOfMachines + (world.rootIsDone ? 0 : 1),
            origins: (world.rootIsDone ? [] : ["the body"]) + liveOrigins,
            sleepers: executor.time.sleeperCount, jobs: executor.readyCount)
    }
}

/// What an instant that takes many steps has come to.
private enum InstantPhase {
    /// Jobs go as the scheduling says.
    case free
    /// Half of the steps are used up: no task has precedence any more.
    case fair
    /// The end is near: those who go on are noted.
    case watched

    var next: InstantPhase {
        switch self {
        case .free: .fair
        case .fair, .watched: .watched
        }
    }

    /// How many of the steps that are left the phase has.
    func budget(of left: Int) -> Int {
        switch self {
        case .free: left - left / 2
        case .fair: max(0, left - SpinWatch.length)
        case .watched: left
        }
    }
}
