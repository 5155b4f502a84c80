/// The only place that starts unstructured tasks, so that they can be counted, ended, and owned by a simulation.
///
/// A plain `Task {}` leaves the executor of the code that started it; a task of a spawner with an executor stays on it.
public final class TaskSpawner: Sendable {
    private struct Roster: Sendable {
        var nextID: UInt64 = 0
        var running: [UInt64: Task<Void, Never>] = [:]
        var finishedEarly: Set<UInt64> = []
        var isClosed = false
    }

    private let executor: (any TaskExecutor)?
    private let roster = Lock(Roster())

    /// Makes a spawner whose tasks run on `executor`, or on the shared pool where there is none.
    public init(executor: (any TaskExecutor)? = nil) {
        self.executor = executor
    }

    /// How many of its tasks have not ended.
    public var liveCount: Int { roster.withLock { $0.running.count } }

    /// Starts a task that carries the caller's task-local values.
    ///
    /// After `cancelAll()` a task still starts, already cancelled, so that whoever waits for its end is not left alone.
    @discardableResult
    public func spawn(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let id = roster.withLock { roster in
            roster.nextID &+= 1
            return roster.nextID
        }
        let task = Task(executorPreference: executor) {
            await operation()
            self.finish(id)
        }
        let isClosed = roster.withLock { roster in
            if roster.finishedEarly.remove(id) == nil { roster.running[id] = task }
            return roster.isClosed
        }
        if isClosed { task.cancel() }
        return task
    }

    /// Cancels every running task, in the order in which they were started, and all that are started later.
    public func cancelAll() {
        let tasks = roster.withLock { roster in
            roster.isClosed = true
            return roster.running.sorted { $0.key < $1.key }.map(\.value)
        }
        for task in tasks { task.cancel() }
    }

    private func finish(_ id: UInt64) {
        roster.withLock { roster in
            if roster.running.removeValue(forKey: id) == nil { roster.finishedEarly.insert(id) }
        }
    }
}
