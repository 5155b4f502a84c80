/// Runs every job on the thread that made it ready: a task has come to its first wait when its spawn returns.
final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        job.runSynchronously(on: asUnownedTaskExecutor())
    }
}
