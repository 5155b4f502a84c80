/// The executor of one process on a simulated machine: it passes its jobs on to the simulation, or holds them while the
/// machine sleeps.
///
/// Everything that could wake the process comes by here: timers, replies, stream events. It belongs to the
/// simulation's thread; whoever comes from another gets no further than the simulation's inbox.
final class MachineExecutor: TaskExecutor, @unchecked Sendable {
    unowned let simulation: SimulationExecutor
    private var held: [UnownedJob] = []
    private(set) var isAsleep = false

    /// Makes an executor that lives as long as the simulation's.
    init(simulation: SimulationExecutor) {
        self.simulation = simulation
        simulation.keep(self)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !simulation.isOnOwnThread {
            let what = "a task of a simulated machine was made runnable by another thread"
            simulation.report(.resumedByForeignThread, what, job: job)
        } else if isAsleep {
            held.append(job)
        } else {
            simulation.enqueue(job, of: self)
        }
    }

    /// Lets nothing of the process run from now on, also nothing that could have run already.
    func fallAsleep() {
        guard !isAsleep else { return }
        isAsleep = true
        held += simulation.takeJobs(of: self)
    }

    /// Lets run what came meanwhile.
    func wake() {
        guard isAsleep else { return }
        isAsleep = false
        for job in held { simulation.enqueue(job, of: self) }
        held = []
    }
}
