import SeawallTime

/// One thread on which tasks run in turn, and manual time that moves on only when none of them can run any more.
///
/// With several sleepers in several tasks that alone makes an instant exact: nobody is on the way to falling asleep.
final class QuietExecutor: TaskExecutor {
    /// Nothing can run, nobody sleeps, and the body has not ended.
    struct Stuck: Error {}

    let time: ManualTime
    private let jobs = Lock([UnownedJob]())

    init(_ time: ManualTime) { self.time = time }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs what can run at this instant.
    func drain() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    /// Runs `body` to its end, moving time from one sleeper to the next.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Lock<Result<Value, any Error>?>(nil)
        let root = Task(executorPreference: self) {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
        }
        while true {
            drain()
            if let result = outcome.withLock({ $0 }) { return try result.get() }
            guard time.advanceToNextDeadline() else {
                root.cancel()
                throw Stuck()
            }
        }
    }
}
