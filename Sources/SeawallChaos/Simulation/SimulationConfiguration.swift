public import SeawallTime

/// How a simulation schedules and when it gives up.
///
/// Values out of range are refused by `Simulation.init`, which names all of them at once. As data, durations are
/// seconds, and a field that is missing has its default.
public struct SimulationConfiguration: Sendable, Hashable {
    /// Which of several runnable jobs goes next.
    public var scheduling: SimulationScheduling

    /// How many jobs a run may take in all, 1 or more.
    public var stepLimit: Int

    /// How many jobs may run without virtual time moving, 1 or more; a run that passes it is spinning.
    public var stepsPerInstantLimit: Int

    /// How far virtual time may go, 0 or more; nil sets no end.
    public var timeLimit: Duration?

    /// How many jobs the end of a run may take until what still lives counts as leaked, 0 or more.
    public var shutdownStepLimit: Int

    /// Real time that a stalled run waits for another thread to show itself, 0 to an hour.
    ///
    /// It is spent on stalled runs only, and turns a stall that an escaped task caused into a report of the escape.
    public var stallGrace: Duration

    /// The civil time at which the run begins.
    public var civilStart: CivilInstant

    /// How many of a thousand places where it may the simulation lets other tasks go first, 0 to 1000.
    ///
    /// Such places are the world's sleeps, the calls of its brokers, and wherever the bot awaits
    /// `SimulatedWorld.interleave()`. A default actor does in one go what it can do without waiting; a yield at such a
    /// place lets others in between, and finds what only re-entrancy breaks.
    public var yieldsPerMille: Int

    /// Whether the run watches the runtime for jobs that leave for the shared pool of threads.
    ///
    /// Switch it off for a bot that starts tasks of its own outside on purpose; they are then seen only when they use
    /// something of the world.
    public var usesRuntimeHook: Bool

    /// When no fault of the run's plan strikes any more and progress may be demanded, 0 or more; nil for never.
    public var healsAt: Duration?

    /// Makes a configuration: random order, 100 million steps, 1 million an instant, no end of virtual time.
    ///
    /// The numbers allow about a minute of a core; civil time begins at 2024-01-01T00:00:00Z. No yields are put in, and
    /// the runtime hook is used where there is one.
    public init(
        scheduling: SimulationScheduling = .random,
        stepLimit: Int = 100_000_000,
        stepsPerInstantLimit: Int = 1_000_000,
        timeLimit: Duration? = nil,
        shutdownStepLimit: Int = 1_000_000,
        stallGrace: Duration = .milliseconds(50),
        civilStart: CivilInstant = CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000),
        yieldsPerMille: Int = 0,
        usesRuntimeHook: Bool = true,
        healsAt: Duration? = nil
    ) {
        self.scheduling = scheduling
        self.stepLimit = stepLimit
        self.stepsPerInstantLimit = stepsPerInstantLimit
        self.timeLimit = timeLimit
        self.shutdownStepLimit = shutdownStepLimit
        self.stallGrace = stallGrace
        self.civilStart = civilStart
        self.yieldsPerMille = yieldsPerMille
        self.usesRuntimeHook = usesRuntimeHook
        self.healsAt = healsAt
    }

    /// One sentence for each field that is out of range, with its value and the range.
    var problems: [String] {
        var problems = scheduling.problems
        if stepLimit < 1 { problems.append("stepLimit is \(stepLimit), expected 1 or more") }
        if stepsPerInstantLimit < 1 {
            problems.append("stepsPerInstantLimit is \(stepsPerInstantLimit), expected 1 or more")
        }
        if let timeLimit, timeLimit < .zero {
            problems.append("timeLimit is \(timeLimit), expected 0 seconds or more")
        }
        if shutdownStepLimit < 0 {
            problems.append("shutdownStepLimit is \(shutdownStepLimit), expected 0 or more")
        }
        if stallGrace < .zero || stallGrace > .seconds(3_600) {
            problems.append("stallGrace is \(stallGrace), expected 0 to 3600 seconds")
        }
        if !(0...1_000).contains(yieldsPerMille) {
            problems.append("yieldsPerMille is \(yieldsPerMille), expected 0 to 1000")
        }
        if let healsAt, healsAt < .zero { problems.append("healsAt is \(healsAt), expected 0 seconds or more") }
        return problems
    }
}
