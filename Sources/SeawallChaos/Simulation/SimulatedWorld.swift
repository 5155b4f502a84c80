public import SeawallTime

/// The world that a simulated bot lives in: virtual time, seeded randomness, tasks, and the trace.
///
/// Give `environment` to everything that takes one. What a bot does is decided by the seed as long as it waits on
/// `time`, draws from `stream(_:)` or the environment, starts tasks by task groups, `async let` or the environment's
/// spawner, and iterates over nothing unordered. A world is good for one run.
public final class SimulatedWorld: Sendable {
    /// The seed of the run.
    public let seed: UInt64

    /// What goes wrong in the run: `chaos(_:)` lets these faults strike a broker.
    public let faults: FaultPlan

    /// When no fault of the run's plan strikes any more and progress may be demanded; nil for never.
    public let healsAt: MonotonicInstant?

    /// Virtual time, one stream of the seed's randomness, and tasks that stay in the simulation.
    public let environment: RuntimeEnvironment

    /// What parts of the world keep for the length of the run and for its report.
    package let attachments = WorldAttachments()

    let executor: SimulationExecutor

    /// What the user demands of the run.
    let invariants = InvariantBook()

    private let rootState = Lock(SimulationRootState.running)

    init(
        seed: UInt64, faults: FaultPlan = FaultPlan(), healsAt: Duration? = nil, executor: SimulationExecutor
    ) {
        self.seed = seed
        self.faults = faults
        self.healsAt = healsAt.map(MonotonicInstant.origin.advanced(by:))
        self.executor = executor
        environment = RuntimeEnvironment(
            time: SimulatedTime(executor: executor),
            random: SimulatedRandom(
                executor: executor, source: SeededRandom(seed: seed, stream: "environment")),
            spawner: TaskSpawner(executor: executor))
    }

    /// Virtual time: it stands still while code runs, and moves to the next deadline when nothing else can run.
    public var time: any TimeSource { environment.time }

    /// A generator of its own for one concern: a draw more in one stream shifts no other.
    ///
    /// The same name gives the same numbers again, from the first on.
    public func stream(_ name: String) -> SeededGenerator {
        SeededGenerator(seed: seed, stream: "world." + name)
    }

    /// Puts a text into the trace: two runs are equal only if they leave the same notes in the same order.
    public func note(_ text: String) {
        executor.note(text)
        invariants.hear(note: text, executor)
    }

    /// Tells whether the caller runs on the simulation's thread; if not, the run stops and reports an escape.
    ///
    /// Wrappers of a broker call it first, with the name of the call, so that a bot that left the simulation is seen.
    @discardableResult
    public func checkThread(_ what: @autoclosure () -> String) -> Bool {
        executor.check(.callOnForeignThread, what())
    }

    /// A place where others may be let first: it yields as often as `SimulationConfiguration.yieldsPerMille` says.
    ///
    /// Await it in actors where a race is to be found between what they do in one go. Where no yields are put in, it
    /// returns at once.
    public func interleave() async {
        await executor.interleave()
    }

    /// Moves the civil clock without moving virtual time, as an operator or a time server does.
    public func stepCivil(by duration: Duration) {
        guard checkThread("a step of the simulation's civil clock") else { return }
        executor.time.stepCivil(by: duration)
    }

    /// Has `action` run when the run stops, on its thread, before anything is cancelled; in order of registration.
    ///
    /// This is the place to freeze a log or a disk, so that what tasks do on being cancelled is not taken for the run.
    package func atStop(_ action: @escaping @Sendable (SimulationOutcome) -> Void) {
        attachments.addActionAtStop(action)
    }

    var rootIsDone: Bool { rootState.withLock { $0.isDone } }

    var rootError: (any Error)? { rootState.withLock { $0.error } }

    func endRoot(_ error: (any Error)?) {
        rootState.withLock { $0 = .ended(error) }
        executor.interrupt()
    }
}
