internal import SeawallTime

/// One run: it starts the body, drives jobs and time to an end, and takes everything down again.
struct SimulationRun {
    private let configuration: SimulationConfiguration
    private let end: MonotonicInstant
    private let executor: SimulationExecutor
    private let world: SimulatedWorld

    init(seed: UInt64, configuration: SimulationConfiguration, faults: FaultPlan, length: Duration?) {
        let time = ManualTime(civil: configuration.civilStart)
        self.configuration = configuration
        executor = SimulationExecutor(seed: seed, scheduling: configuration.scheduling, time: time)
        world = SimulatedWorld(
            seed: seed, faults: faults, healsAt: configuration.healsAt, executor: executor)
        let length = [length, configuration.timeLimit].compactMap(\.self).min()
        end = length.map(MonotonicInstant.origin.advanced(by:)) ?? .distantFuture
    }

    func report(of body: @escaping @Sendable (SimulatedWorld) async throws -> Void) -> SimulationReport {
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
            seed: world.seed, configuration: configuration, faults: world.faults, outcome: outcome, thrown: thrown,
            steps: steps,
            virtualElapsed: MonotonicInstant.origin.duration(to: stoppedAt), hash: hash, escapes: escapes,
            leaks: leaks, attachments: world.attachments)
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
                        pendingSleepers: executor.time.sleeperCount, liveTasks: world.environment.spawner.liveCount))
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
        var budget = min(stepsLeft, configuration.stepsPerInstantLimit)
        while true {
            switch executor.drain(budget: &budget) {
            case .idle: return nil
            case .exhausted:
                return executor.steps >= configuration.stepLimit ? .stepLimit : .spinning(at: executor.time.now)
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

    private var leaks: SimulationLeaks {
        SimulationLeaks(
            tasks: world.environment.spawner.liveCount + world.liveTasksOfMachines + (world.rootIsDone ? 0 : 1),
            sleepers: executor.time.sleeperCount, jobs: executor.readyCount)
    }
}
