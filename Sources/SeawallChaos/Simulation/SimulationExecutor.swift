internal import SeawallTime
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The executor of one run: it collects runnable jobs and runs them one at a time on the thread that made it.
///
/// Everything but the inbox, the flag and the count of steps belongs to that thread alone and needs no lock: whoever
/// comes from another thread gets no further than the inbox. That is what `@unchecked Sendable` stands on.
final class SimulationExecutor: TaskExecutor, @unchecked Sendable {
    /// Virtual time; only the run moves it.
    let time: ManualTime

    private let owner: pthread_t
    private let isRandom: Bool
    private let usesPriorities: Bool
    private let yieldsPerMille: UInt64
    private let inbox = ForeignInbox()
    private let attention = Atomic<Bool>(false)
    private let stepCount = Atomic<Int>(0)
    // Unchecked, for they are the run's hottest words: one thread has them, and none is open while other code runs.
    @exclusivity(unchecked) private var ready = ReadyList<ReadyJob>()
    private var machines: [MachineExecutor] = []
    private var alarms: [(step: Int, action: () -> Void)] = []
    @exclusivity(unchecked) private var nextAlarm = Int.max
    @exclusivity(unchecked) private var schedule: SeededGenerator
    @exclusivity(unchecked) private var priorities: PrioritySchedule<ReadyJob>?
    @exclusivity(unchecked) private var yields: SeededGenerator
    @exclusivity(unchecked) private var isFair = false
    @exclusivity(unchecked) private var spin: SpinWatch?
    @exclusivity(unchecked) private var trace = TraceHash()
    @exclusivity(unchecked) private var afterStep: (() -> Void)?
    private(set) var violation: InvariantViolation?
    @exclusivity(unchecked) private(set) var lastNote: String?

    init(seed: UInt64, scheduling: SimulationScheduling, yieldsPerMille: Int = 0, time: ManualTime) {
        owner = pthread_self()
        self.time = time
        isRandom = scheduling == .random
        self.yieldsPerMille = UInt64(clamping: yieldsPerMille)
        schedule = SeededGenerator(seed: seed, stream: "schedule")
        yields = SeededGenerator(seed: seed, stream: "yields")
        guard case .pct(let depth, let steps) = scheduling else {
            usesPriorities = false
            return
        }
        usesPriorities = true
        priorities = PrioritySchedule(
            depth: depth, steps: steps, generator: SeededGenerator(seed: seed, stream: "priorities"))
    }

    /// How many jobs have run.
    var steps: Int { stepCount.load(ordering: .relaxed) }

    /// The hash of what happened so far.
    var hash: UInt64 { trace.value }

    /// How many jobs could run now.
    var readyCount: Int { usesPriorities ? priorities?.count ?? 0 : ready.count }

    /// Every escape seen so far.
    var escapes: [SimulationEscape] { inbox.escapes }

    var isOnOwnThread: Bool { pthread_equal(pthread_self(), owner) != 0 }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnOwnThread {
            makeReady(ReadyJob(job: job))
        } else if ProcessSymbols.isOnMainThread {
            report(.resumedByMainThread, "a task of the simulation was made runnable by the main thread", job: job)
        } else {
            report(.resumedByForeignThread, "a task of the simulation was made runnable by another thread", job: job)
        }
    }

    /// Records an escape and makes the run stop before its next job; callable from any thread.
    func report(
        _ kind: SimulationEscape.Kind, _ what: String, origin: String? = nil, job: UnownedJob? = nil
    ) {
        inbox.add(
            SimulationEscape(kind: kind, what: what, origin: origin, instant: time.now, step: steps), job: job)
        attention.store(true, ordering: .releasing)
    }

    /// Whether the caller runs on the simulation's thread; if not, that is recorded as an escape.
    @discardableResult
    func check(_ kind: SimulationEscape.Kind, _ what: @autoclosure () -> String) -> Bool {
        if isOnOwnThread { return true }
        report(kind, what())
        return false
    }

    /// Has `action` run after every job; on the simulation's thread only.
    func onStep(_ action: @escaping () -> Void) {
        guard check(.callOnForeignThread, "the making of an invariant") else { return }
        afterStep = action
    }

    func endSteps() { afterStep = nil }

    /// Stops the run before its next job; the first violation is the one that is told.
    func violate(_ name: String, _ message: String) {
        if violation == nil {
            violation = InvariantViolation(name: name, message: message, instant: time.now, step: steps)
        }
        interrupt()
    }

    /// Makes `drain` return before the next job; callable from any thread.
    func interrupt() {
        attention.store(true, ordering: .releasing)
    }

    /// Puts a note of the simulated code into the trace.
    func note(_ text: String) {
        guard check(.noteOnForeignThread, "a note for the trace") else { return }
        trace.addNote(text)
        lastNote = text
    }

    /// How `drain` ended.
    enum Drained {
        case idle
        case interrupted
        case exhausted
    }

    /// Keeps a machine's executor for as long as this one lives: jobs hold theirs unowned.
    func keep(_ machine: MachineExecutor) { machines.append(machine) }

    /// Makes a job of a machine runnable; on the simulation's thread only.
    func enqueue(_ job: UnownedJob, of machine: MachineExecutor) {
        makeReady(ReadyJob(job: job, machine: machine))
    }

    /// Takes out every runnable job of a machine, in order.
    func takeJobs(of machine: MachineExecutor) -> [UnownedJob] {
        let taken =
            usesPriorities
            ? priorities?.takeAll { $0.machine === machine } ?? [] : ready.takeAll { $0.machine === machine }
        return taken.map(\.job)
    }

    /// Has `action` run between two jobs, as soon as `step` jobs have run; on the simulation's thread only.
    func addAlarm(atStep step: Int, _ action: @escaping () -> Void) {
        alarms.append((step, action))
        nextAlarm = min(nextAlarm, step)
    }

    private func soundAlarms() {
        // One after the other: an alarm may set others that are due at once.
        while let index = alarms.firstIndex(where: { $0.step <= steps }) { alarms.remove(at: index).action() }
        nextAlarm = alarms.map(\.step).min() ?? .max
    }

    /// Runs jobs until there is none, somebody interrupts, or `budget` is used up.
    func drain(budget: inout Int) -> Drained {
        let executor = asUnownedTaskExecutor()
        while true {
            if attention.load(ordering: .acquiring) {
                attention.store(false, ordering: .relaxed)
                for job in inbox.takeJobs() { makeReady(ReadyJob(job: job)) }
                return .interrupted
            }
            if steps >= nextAlarm { soundAlarms() }
            guard readyCount > 0 else { return .idle }
            guard budget > 0 else { return .exhausted }
            guard let job = takeNext() else { return .idle }
            budget -= 1
            stepCount.store(stepCount.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
            // On the task executor, not the generic one: a yield of a job that runs there leaves the simulation.
            job.job.runSynchronously(on: job.machine?.asUnownedTaskExecutor() ?? executor)
            if let afterStep { afterStep() }
        }
    }

    /// Moves virtual time and makes runnable who is due.
    func moveTime(to instant: MonotonicInstant) {
        isFair = false
        trace.addTimeMove(UInt64(clamping: instant.nanoseconds.subtractingSaturating(time.now.nanoseconds)))
        time.advance(to: instant)
    }

    /// Waits in real time for an escape that would explain a stall.
    func waitForEscape(atMost patience: Duration) -> Bool {
        inbox.waitForEscape(atMost: patience)
    }

    /// Lets every job have its turn until time moves, whatever its priority.
    func beFair() { isFair = true }

    /// Notes from now on, or no more, who makes jobs runnable; returns who did.
    @discardableResult
    func watchSpin(_ isOn: Bool) -> [String] {
        defer { spin = isOn ? SpinWatch() : nil }
        return spin?.names ?? []
    }

    /// Whether there are places at which others may be let first.
    var putsInYields: Bool { yieldsPerMille > 0 }

    /// Whether the task at one of the places where others may be let first is to do so.
    func drawsYield() -> Bool {
        guard putsInYields, isOnOwnThread else { return false }
        return yields.below(1_000) < yieldsPerMille
    }

    /// Lets others go first, where a draw says so.
    func interleave() async {
        if drawsYield() { await Task.yield() }
    }

    /// A job of this thread goes to the shared pool.
    func jobLeaves() {
        // To find the line takes long, and the run stops at the first escape.
        let origin = inbox.hasEscapes ? nil : CallOrigin.current()
        report(.leftForSharedPool, "a job was handed to the shared pool of threads", origin: origin)
    }

    private func makeReady(_ job: ReadyJob) {
        spin?.see()
        if usesPriorities { priorities?.append(job, id: job.job.taskID) } else { ready.append(job) }
    }

    private func takeNext() -> ReadyJob? {
        if usesPriorities { return takeByPriority() }
        let count = ready.count
        guard count > 1, isRandom else { return ready.takeFirst() }
        let position = schedule.below(UInt64(count))
        trace.addPick(position, of: UInt64(count))
        return ready.take(at: Int(position))
    }

    private func takeByPriority() -> ReadyJob? {
        let count = readyCount
        guard let taken = isFair ? priorities?.takeAny() : priorities?.takeNext() else { return nil }
        if count > 1 { trace.addPick(taken.order, of: UInt64(count)) }
        return taken.job
    }
}
