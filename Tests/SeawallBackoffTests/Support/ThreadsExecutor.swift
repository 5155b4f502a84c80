import SeawallTime

/// Runs tasks on threads of their own, so that they truly run at once whatever else the shared pool does.
final class ThreadsExecutor: TaskExecutor {
    private let workers: [WorkerThread]
    private let next = Lock(0)

    init(_ count: Int) { workers = (0..<count).map { _ in WorkerThread() } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let turn = next.withLock { next in
            defer { next = (next + 1) % workers.count }
            return next
        }
        workers[turn].run { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
