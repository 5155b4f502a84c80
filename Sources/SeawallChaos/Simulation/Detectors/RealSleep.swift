// The protocol is no public interface yet: only the compiler that is known to have it so is asked for it.
#if compiler(>=6.3) && compiler(<6.4) && os(Linux)
@_spi(ExperimentalScheduling) internal import _Concurrency

/// `Task.sleep` asks the executor of its task before it goes to a real timer, and so is seen at the call.
extension SimulationExecutor: SchedulingExecutor {
    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        sleeps(on: C.self)
        enqueue(job)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
    ) {
        sleeps(on: C.self)
        enqueue(job)
    }
}

extension MachineExecutor: SchedulingExecutor {
    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        simulation.sleeps(on: C.self)
        enqueue(job)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
    ) {
        simulation.sleeps(on: C.self)
        enqueue(job)
    }
}

extension SimulationExecutor {
    /// A task of the run asks for a real sleep.
    ///
    /// It is woken at once: the run stops before it goes on.
    fileprivate func sleeps(on clock: Any.Type) {
        let place = Task.name.map { " in the task \"\($0)\"" } ?? ""
        let note = lastNote.map { "; the last note was \"\($0)\"" } ?? ""
        report(.realSleep, "`\(clock)` was asked to sleep, as `Task.sleep` does,\(place)\(note)")
    }
}
#endif
