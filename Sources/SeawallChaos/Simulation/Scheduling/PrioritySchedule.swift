internal import SeawallTime

/// The core of probabilistic concurrency testing: which job goes next, by priorities of tasks that the seed draws.
///
/// Burckhardt et al., ASPLOS 2010: n tasks have the priorities d ... d + n - 1 in a random order, of k steps d - 1 are
/// change points, and the task that is to make the step of the i-th falls to the priority i. Tasks are not known before
/// they come, so that each draws a number of 63 bits above all d instead of a place in an order: that is the same order
/// but for a chance of n^2 / 2^64 that two draw alike, of which the older then goes first.
struct PrioritySchedule<Job> {
    private var list = PriorityList<Job>()
    private var generator: SeededGenerator
    private var priorities: [UInt64] = []
    private var taskOfID: [UInt64: Int] = [:]
    /// Step to priority; of two points that meet one is spent, as when the second strikes the same task again.
    private var changes: [Int: UInt64] = [:]
    private var step = 0
    private var current: Int?

    init(depth: Int, steps: Int, generator: SeededGenerator) {
        self.generator = generator
        for point in 1..<max(1, depth) {
            changes[Int(clamping: self.generator.below(UInt64(clamping: steps)))] = UInt64(point)
        }
    }

    var count: Int { list.count }

    /// Takes a job in; `id` names its task, and a job without one goes by the task that asks for it.
    mutating func append(_ job: Job, id: UInt64?) {
        let task = id.map { self.task(of: $0) } ?? current ?? newTask()
        list.append(job, task: task, priority: priorities[task])
    }

    /// The next job, and which of all that were taken in it is; nil where there is none.
    mutating func takeNext() -> (job: Job, order: UInt64)? {
        if let priority = changes[step], let fallen = list.takeFirst() {
            priorities[fallen.task] = priority
            list.append(fallen.job, task: fallen.task, priority: priority)
        }
        return taken(list.takeFirst())
    }

    /// Any job, by one draw.
    mutating func takeAny() -> (job: Job, order: UInt64)? {
        taken(list.take(at: Int(generator.below(UInt64(list.count)))))
    }

    /// Takes out every job that `isMeant` says, in the order in which they came.
    mutating func takeAll(where isMeant: (Job) -> Bool) -> [Job] { list.takeAll(where: isMeant) }

    private mutating func taken(_ entry: PriorityList<Job>.Entry?) -> (job: Job, order: UInt64)? {
        guard let entry else { return nil }
        step += 1
        current = entry.task
        return (entry.job, entry.order)
    }

    private mutating func task(of id: UInt64) -> Int {
        if let known = taskOfID[id] { return known }
        let task = newTask()
        taskOfID[id] = task
        return task
    }

    private mutating func newTask() -> Int {
        priorities.append(generator.next() | 1 << 63)
        return priorities.count - 1
    }
}

extension UnownedJob {
    /// The number that the runtime gave to the job's task, nil for a turn of an actor or a yield.
    ///
    /// Numbers differ from run to run, since the process gives them out; only their being equal may decide anything.
    var taskID: UInt64? {
        UInt64(description.drop { !$0.isNumber }.prefix { $0.isNumber })
    }
}
