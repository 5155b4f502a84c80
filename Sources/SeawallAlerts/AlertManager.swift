public import SeawallTime

/// Turns reports of trouble into few alerts, and carries them to sinks without ever making a caller wait.
///
/// Trouble has a key. Its first report opens an episode and tells the sinks once; the same report again is counted, a
/// more severe one is told; `end` tells them once, with the duration. Reminders come at doubling spacing, when
/// `remindIfDue()` is called or a report comes in. Every sink has its own bounded queue and hears its alerts in order,
/// one at a time; a sink that is slow or throws delays neither the caller nor another sink.
public final class AlertManager: Sendable {
    struct Storage: Sendable {
        var core: AlertCore
        var sinks: [UInt64: any AlertSink] = [:]
        var lastSink: UInt64 = 0
        var waiters: [DeliveryWaiter] = []
        var lastWaiter: UInt64 = 0
        var listener: (@Sendable (String, Alert?) -> Void)?
    }

    let storage: Lock<Storage>
    private let time: any TimeSource
    private let spawner: TaskSpawner

    /// Makes a manager without sinks.
    ///
    /// - Throws: `AlertError.Code.invalidConfiguration` with every field that is outside its range.
    public init(
        configuration: AlertConfiguration = AlertConfiguration(), environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(AlertError) {
        try configuration.validate()
        time = environment.time
        spawner = environment.spawner
        storage = Lock(Storage(core: AlertCore(configuration)))
    }

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
    /// - Returns: The alert, with duration and suppressed count; nil where no episode is open under the key.
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

    /// Tells the sinks of every episode whose reminder is due, and returns at once.
    ///
    /// Nothing of the manager runs on a timer: call it when `nextReminder` has come, or at any rhythm.
    @discardableResult
    public func remindIfDue() -> [Alert] {
        run { core, now in core.remind(now) }
    }

    /// When the next reminder is due; nil while no episode is open.
    public var nextReminder: MonotonicInstant? { storage.withLock { $0.core.nextReminder } }

    /// The last alerts, oldest first, whether or not a sink wanted them.
    public var history: [Alert] { storage.withLock { $0.core.history } }

    /// Every open episode as a reminder would tell it now, in the order in which they began.
    public var openEpisodes: [Alert] { storage.withLock { $0.core.open(moment()) } }

    /// How many episodes were not opened because as many were open as may be.
    public var refusedEpisodeCount: Int { storage.withLock { $0.core.refusedEpisodes } }

    private func run<Result: Sendable>(_ event: (inout AlertCore, AlertCore.Moment) -> Result) -> Result {
        let (result, idle) = storage.withLock { storage in
            let result = event(&storage.core, moment())
            return (result, storage.core.callCouriers())
        }
        for sink in idle { spawner.spawn { await self.carry(to: sink) } }
        tellSettled()
        return result
    }

    /// Sends for whatever waits for a sink.
    func callCouriers() { run { _, _ in } }

    /// Tells the listener of what every sink has heard.
    func tellSettled() {
        let (listener, settled) = storage.withLock { storage in
            guard let listener = storage.listener else {
                return ((@Sendable (String, Alert?) -> Void)?.none, [AlertCore.Settled]())
            }
            return (listener, storage.core.takeSettled(moment()))
        }
        for episode in settled { listener?(episode.key, episode.open) }
    }

    private func moment() -> AlertCore.Moment { AlertCore.Moment(at: time.now, civil: time.civilNow) }
}
