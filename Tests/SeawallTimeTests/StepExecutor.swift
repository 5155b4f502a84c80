import SeawallTime

/// Runs the jobs of its tasks when a test says so, on the test's own thread, in the order in which they became ready.
///
/// With it a test knows at which point of a task it stands: after `runUntilIdle()` every task waits or has ended.
final class StepExecutor: TaskExecutor {
    private let ready = Lock<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        ready.withLock { $0.append(job) }
    }

    /// Runs one job; false where none is ready.
    @discardableResult
    func step() -> Bool {
        guard let job = ready.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return false }
        job.runSynchronously(on: asUnownedTaskExecutor())
        return true
    }

    /// Runs jobs until none is ready; gives how many ran.
    @discardableResult
    func runUntilIdle() -> Int {
        var count = 0
        while step() { count += 1 }
        return count
    }
}

/// Runs each job at once, inside `enqueue`: a task may have ended before its creator holds it.
final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}

/// Remembers, in order, what tasks of a test have done.
final class Journal<Entry: Sendable>: Sendable {
    private let storage = Lock<[Entry]>([])

    var entries: [Entry] { storage.withLock { $0 } }

    func append(_ entry: Entry) { storage.withLock { $0.append(entry) } }
}
