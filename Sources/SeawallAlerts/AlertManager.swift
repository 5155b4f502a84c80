public import SeawallTime

/// Turns reports of trouble into few alerts, and carries them to sinks without ever making a caller wait.
///
/// Trouble has a key. Its first report opens an episode and tells the sinks once; the same report again is counted, a
/// more severe one is told; `end` tells them once, with the duration. Reminders come at doubling spacing. Trouble that
/// comes and goes more often than the configuration allows is told once as flapping, and once when it has been calm.
/// Every sink has its own bounded queue and hears its alerts in order, one at a time; a sink that is slow or throws
/// delays neither the caller nor another sink.
public final class AlertManager: Sendable {
    struct Storage: Sendable {
        var core: AlertCore
        var sinks: [UInt64: any AlertSink] = [:]
        var lastSink: UInt64 = 0
        var waiters: [DeliveryWaiter] = []
        var lastWaiter: UInt64 = 0
        var listener: (@Sendable (String, Alert?) -> Void)?
        var sinkListener: (@Sendable (SinkReading) -> Void)?
        var alarm = ReminderAlarm()
    }

    let storage: Lock<Storage>
    let time: any TimeSource
    let spawner: TaskSpawner
    private let remindsByItself: Bool

    /// Makes a manager without sinks.
    ///
    /// - Throws: `InvalidFields` with every field of the configuration that is outside its range.
    public init(
        configuration: AlertConfiguration = AlertConfiguration(), environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        try configuration.validate()
        remindsByItself = configuration.remindsByItself
        time = environment.time
        spawner = environment.spawner
        let prefix = configuration.prefix(startedAt: environment.time.civilNow)
        storage = Lock(Storage(core: AlertCore(configuration, episodePrefix: prefix)))
    }

    deinit { storage.withLock { $0.alarm.disarm() }?.cancel() }

    /// Reports trouble and returns at once.
    ///
    /// - Parameters:
    ///   - key: Whose trouble it is; one episode is open under a key at a time.
    ///   - code: What kind of trouble, for programs. It holds for the episode, as the scope does.
    ///   - severity: How much it matters; an episode keeps the highest.
    ///   - message: What happened, for people.
    ///   - causes: Everything that brought it about; an empty list leaves what was told before.
    ///   - scope: What is affected.
    /// - Returns: The alert, or nil where nothing new is to be told: then the report is counted as suppressed, or, where
    ///   as many episodes are open as may be, as refused.
    @discardableResult
    public func begin(
        _ key: String, code: String, severity: AlertSeverity, message: String, causes: [String] = [],
        scope: String = "global"
    ) -> Alert? {
        let report = AlertCore.Report(
            severity: severity, code: code, message: message, causes: causes, scope: scope)
        return run { core, now in core.begin(key, report, now) }
    }

    /// Reports that the trouble of a key is over and returns at once.
    ///
    /// - Returns: The alert, with duration and suppressed count; nil where no episode is open under the key, and where it
    ///   flaps: then sinks hear of its end when it has stayed over for as long as the configuration says.
    @discardableResult
    public func end(_ key: String) -> Alert? {
        run { core, now in core.end(key, now) }
    }

    /// Has `listener` told of every key of which all sinks have heard what there is to hear: with the open episode, or
    /// with nil where it has ended.
    ///
    /// From now on the first sink to be registered hears at once of what began before there was any.
    package func observe(_ listener: @escaping @Sendable (String, Alert?) -> Void) {
        storage.withLock { storage in
            storage.listener = listener
            storage.core.isObserved = true
        }
    }

    /// Opens an episode that an earlier run of the process had opened and told; sinks hear of its end alone.
    ///
    /// Before any sink is registered.
    package func restore(
        _ key: String, episode: String, code: String, severity: AlertSeverity, message: String, causes: [String],
        scope: String
    ) {
        let report = AlertCore.Report(severity: severity, code: code, message: message, causes: causes, scope: scope)
        run { core, now in core.restore(key, id: episode, report, now) }
    }

    /// Says that somebody looks after an episode: its reminders end, until it rises in severity.
    ///
    /// - Parameters:
    ///   - episode: The id that its alerts carry.
    ///   - name: Who looks after it; later alerts of the episode say so.
    /// - Returns: False where no episode of the id is open.
    @discardableResult
    public func acknowledge(episode: String, by name: String) -> Bool {
        run { core, _ in core.acknowledge(episode, by: name) }
    }

    /// Tells the sinks of every reminder that is due, and of every end of what flapped and is calm; returns at once.
    ///
    /// It is called by itself when `nextReminder` has come, unless the configuration says otherwise.
    @discardableResult
    public func remindIfDue() -> [Alert] {
        run { core, now in core.remind(now) }
    }

    /// When time alone next has something told; nil where nothing waits for it.
    public var nextReminder: MonotonicInstant? { storage.withLock { $0.core.nextReminder } }

    /// The last alerts, oldest first, whether or not a sink wanted them.
    ///
    /// Of an episode that flaps the begins and ends are there too that no sink heard of.
    public var history: [Alert] { history(limit: .max) }

    /// The last alerts, oldest first, at most `limit` of them; none for 0 or less.
    public func history(limit: Int) -> [Alert] { storage.withLock { $0.core.history(limit) } }

    /// Every open episode as a reminder would tell it now, in the order in which they began.
    public var openEpisodes: [Alert] { storage.withLock { $0.core.open(moment()) } }

    /// How many episodes were not opened because as many were open as may be.
    public var refusedEpisodeCount: Int { storage.withLock { $0.core.refusedEpisodes } }

    func run<Result: Sendable>(_ event: (inout AlertCore, AlertCore.Moment) -> Result) -> Result {
        let (result, idle, alarm) = storage.withLock { storage in
            let result = event(&storage.core, moment())
            let due = storage.core.nextReminder
            let step = remindsByItself ? storage.alarm.follow(due) : .none
            return (result, storage.core.callCouriers(), step)
        }
        for sink in idle { spawner.spawn { await self.carry(to: sink) } }
        carryOut(alarm)
        tellSettled()
        return result
    }

    /// Sends for whatever waits for a sink.
    func callCouriers() { run { _, _ in } }

    /// Tells the listener of what every sink has heard.
    func tellSettled() {
        let (listener, settled) = storage.withLock { storage in
            guard let listener = storage.listener else {
                return ((@Sendable (String, Alert?) -> Void)?.none, [HeardLedger.Settled]())
            }
            return (listener, storage.core.takeSettled(moment()))
        }
        for episode in settled { listener?(episode.key, episode.open) }
    }

    func moment() -> AlertCore.Moment { AlertCore.Moment(at: time.now, civil: time.civilNow) }
}
