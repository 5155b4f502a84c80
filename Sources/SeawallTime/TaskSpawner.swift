/// The only place that starts unstructured tasks, so that they can be counted, ended, and owned by a simulation.
///
/// A plain `Task {}` leaves the executor of the code that started it; a task of a spawner with an executor stays on it.
public final class TaskSpawner: Sendable {
    /// A place on the roster is taken before the task starts, so that no task runs uncounted and none ends unlisted.
    private struct Place: Sendable {
        var file: StaticString
        var line: UInt
        var task: Task<Void, Never>?

        var origin: String { "\(file):\(line)" }
    }

    private struct Roster: Sendable {
        var lastID: UInt64 = 0
        var places: [UInt64: Place] = [:]
        var isClosed = false
    }

    private let executor: (any TaskExecutor)?
    private let roster = Lock(Roster())

    /// Makes a spawner whose tasks run on `executor`, or on the shared pool where there is none.
    public init(executor: (any TaskExecutor)? = nil) {
        self.executor = executor
    }

    /// How many of its tasks have not ended.
    ///
    /// A task counts from before it starts until its operation has returned; when its `value` is there it counts no more.
    public var liveCount: Int { roster.withLock { $0.places.count } }

    /// Where the tasks that have not ended were started, as module, file and line; in the order of their starts.
    public var liveOrigins: [String] {
        roster.withLock { roster in roster.places.sorted { $0.key < $1.key }.map(\.value.origin) }
    }

    /// Starts a task that carries the caller's task-local values and priority.
    ///
    /// After `cancelAll()` a task still starts, but cancelled before its first step, so that whoever waits for its end is
    /// not left alone. `file` and `line` say in `liveOrigins` who started it.
    @discardableResult
    public func spawn(
        file: StaticString = #fileID, line: UInt = #line, _ operation: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        let (id, startsCancelled) = roster.withLock { roster in
            roster.lastID &+= 1
            roster.places[roster.lastID] = Place(file: file, line: line)
            return (roster.lastID, roster.isClosed)
        }
        let task = Task(executorPreference: executor) {
            if startsCancelled { withUnsafeCurrentTask { $0?.cancel() } }
            await operation()
            self.leave(id)
        }
        let wasClosed = roster.withLock { roster in
            // No place: the task has ended already.
            roster.places[id]?.task = task
            return roster.isClosed
        }
        // `cancelAll()` may have come between the two locks, when there was no task yet to cancel.
        if wasClosed { task.cancel() }
        return task
    }

    /// Cancels every running task, in the order in which they were started, and all that are started later.
    public func cancelAll() {
        let tasks = roster.withLock { roster in
            roster.isClosed = true
            return roster.places.sorted { $0.key < $1.key }.compactMap(\.value.task)
        }
        for task in tasks { task.cancel() }
    }

    private func leave(_ id: UInt64) {
        roster.withLock { $0.places[id] = nil }
    }
}
