internal import SeawallTime

/// The pure part of alerts: which reports become alerts, and what waits for which sink.
///
/// An episode is opened by the first report of its key, rises with a more severe one, and is closed once. Everything
/// else that is reported in between is counted as suppressed. One that flaps stays open until it has been calm.
struct AlertCore: Sendable {
    /// A moment on both clocks.
    struct Moment: Sendable {
        var at: MonotonicInstant
        var civil: CivilInstant

        /// What the clocks say at another instant, if both go on alike.
        func moved(to instant: MonotonicInstant) -> Moment {
            Moment(at: instant, civil: civil.advanced(by: at.duration(to: instant)))
        }
    }

    /// What the owner of a key says about its trouble.
    struct Report: Sendable {
        var severity: AlertSeverity
        var code: String
        var message: String
        var causes: [String]
        var scope: String
    }

    let configuration: AlertConfiguration
    private let episodePrefix: String
    private var episodes: [String: Episode] = [:]
    private(set) var dues = DueQueue()
    private var lastEpisode: UInt64 = 0
    private var flaps: FlapLog
    private var past: Recent<Alert>
    private var latest: MonotonicInstant?

    /// What became of breakers, oldest first.
    var breakers: Recent<CircuitBreakerAlert>

    /// Episodes that were not opened because as many were open as may be.
    private(set) var refusedEpisodes = 0

    /// The queues of the sinks, in the order of registration.
    var queues: [SinkQueue] = []

    /// The episodes of earlier runs that are open, with what their sinks were told: those hear an end, and no begin.
    private(set) var restored: [String: AlertSeverity] = [:]

    /// What the sinks have still to hear, for whoever writes down what they have heard.
    private var ledger = HeardLedger()

    init(_ configuration: AlertConfiguration, episodePrefix: String = "alert-") {
        self.configuration = configuration
        self.episodePrefix = configuration.episodePrefix ?? episodePrefix
        flaps = FlapLog(configuration)
        past = Recent(limit: configuration.historyLimit)
        breakers = Recent(limit: configuration.historyLimit)
    }

    /// True where somebody writes down what the sinks have heard.
    var isObserved: Bool {
        get { ledger.isKept }
        set { ledger.isKept = newValue }
    }

    /// The last alerts, oldest first.
    func history(_ count: Int = .max) -> [Alert] { past.last(count) }

    /// The number of open episodes.
    var openCount: Int { episodes.count }

    /// When time alone next has something told; nil where nothing waits for it.
    var nextReminder: MonotonicInstant? {
        mutating get { dues.first(of: episodes) }
    }

    /// Every open episode as an alert says it now, in the order in which they began.
    func open(_ now: Moment) -> [Alert] {
        let now = held(now)
        return inOrder.map { alert(.remind, of: $0.episode, now) }
    }

    /// Adds the queue of a sink; the first hears of what is open and nobody could hear of.
    mutating func append(_ queue: SinkQueue) {
        queues.append(queue)
        let open = Set(episodes.values.map(\.id))
        for alert in ledger.takeUnheard() where open.contains(alert.episode) { queues[queues.count - 1].offer(alert) }
    }

    /// The keys of which every sink has heard all there is, since they were last asked for.
    mutating func takeSettled(_ now: Moment) -> [HeardLedger.Settled] {
        let now = held(now)
        return ledger.takeSettled(queues).compactMap { id, key in
            guard let episode = episodes[key] else { return HeardLedger.Settled(key: key, open: nil) }
            // Where the key has another episode by now, that one tells.
            return episode.id == id ? HeardLedger.Settled(key: key, open: alert(.remind, of: episode, now)) : nil
        }
    }

    /// Takes a report of trouble: opens the episode, lets it rise, or counts the report.
    mutating func begin(_ key: String, _ report: Report, _ now: Moment) -> Alert? {
        let now = advance(to: now)
        endCalm(key, now)
        guard var episode = episodes[key] else { return open(key, report, now) }
        let returns = if case .calm = episode.phase { true } else { false }
        if returns {
            episode.phase = .active
            _ = flaps.begin(key, now.at)
        }
        if !report.causes.isEmpty { episode.causes = report.causes }
        guard report.severity <= episode.severity else {
            episode.severity = report.severity
            episode.message = report.message
            episode.acknowledgedBy = nil
            schedule(&episode, after: configuration.reminderAfter, now)
            return tell(.remind, &episode, key, now)
        }
        episode.suppressed = episode.suppressed.addingSaturating(1)
        if let reminder = episode.reminder, episode.isReminderDue(now.at) {
            schedule(&episode, after: reminder.nextWait, now)
            return tell(.remind, &episode, key, now)
        }
        keep(episode, key)
        if returns { past.append(alert(.begin, of: episode, now)) }
        return nil
    }

    /// Opens an episode that an earlier run of the process had opened and told, and tells nobody.
    mutating func restore(_ key: String, id: String, _ report: Report, _ now: Moment) {
        let now = advance(to: now)
        guard episodes[key] == nil, episodes.count < configuration.episodeLimit else { return }
        keep(make(report, id: id, now), key)
        restored[id] = report.severity
    }

    /// Closes an episode, or has one that flaps wait for calm; nothing where none is open under the key.
    mutating func end(_ key: String, _ now: Moment) -> Alert? {
        let now = advance(to: now)
        endCalm(key, now)
        guard var episode = episodes[key] else { return nil }
        if case .calm = episode.phase { return nil }
        guard episode.isFlapping else { return close(&episode, key, duration: episode.length(to: now.at), now) }
        episode.phase = .calm(since: now.at, until: now.at.advanced(by: configuration.flapCalm))
        keep(episode, key)
        past.append(alert(.end, of: episode, now, duration: episode.length(to: now.at)))
        return nil
    }

    /// Tells what time alone has brought: reminders, each once however late, and the ends of what has been calm.
    ///
    /// In the order in which the episodes began.
    mutating func remind(_ now: Moment) -> [Alert] {
        let now = advance(to: now)
        return dues.takeDue(at: now.at, of: episodes).compactMap { key in
            if let end = endCalm(key, now) { return end }
            guard var episode = episodes[key], let reminder = episode.reminder, episode.isReminderDue(now.at) else {
                return nil
            }
            schedule(&episode, after: reminder.nextWait, now)
            return tell(.remind, &episode, key, now)
        }
    }

    /// Notes who looks after an episode, which ends its reminders until it rises; false where none of the id is open.
    mutating func acknowledge(_ id: String, by name: String) -> Bool {
        guard let (key, known) = episodes.first(where: { $0.value.id == id }) else { return false }
        var episode = known
        episode.acknowledgedBy = name
        episode.reminder = nil
        keep(episode, key)
        return true
    }

    /// The moment as it is told: a clock that goes back finds alerts where they were, and no later one tells of earlier.
    private func held(_ now: Moment) -> Moment {
        guard let latest, now.at < latest else { return now }
        return now.moved(to: latest)
    }

    private mutating func advance(to now: Moment) -> Moment {
        let now = held(now)
        latest = now.at
        return now
    }

    private mutating func keep(_ episode: Episode, _ key: String) {
        let isNews = episodes[key]?.due != episode.due || episodes[key]?.number != episode.number
        episodes[key] = episode
        guard isNews else { return }
        dues.note(key, episode)
        dues.tidy(episodes)
    }

    private var inOrder: [(key: String, episode: Episode)] {
        episodes.map { (key: $0.key, episode: $0.value) }.sorted { $0.episode.number < $1.episode.number }
    }

    private mutating func open(_ key: String, _ report: Report, _ now: Moment) -> Alert? {
        guard episodes.count < configuration.episodeLimit else {
            refusedEpisodes = refusedEpisodes.addingSaturating(1)
            return nil
        }
        var episode = make(report, id: nil, now)
        episode.isFlapping = flaps.begin(key, now.at)
        return tell(.begin, &episode, key, now)
    }

    /// A new episode, not yet told nor kept.
    private mutating func make(_ report: Report, id: String?, _ now: Moment) -> Episode {
        lastEpisode = lastEpisode.addingSaturating(1)
        var episode = Episode(
            number: lastEpisode, id: id ?? episodePrefix + String(lastEpisode), began: now.at,
            code: report.code, scope: report.scope, severity: report.severity, message: report.message,
            causes: report.causes)
        schedule(&episode, after: configuration.reminderAfter, now)
        return episode
    }

    /// Sets the next reminder; the wait after that one is twice as long, but where somebody is asked to answer.
    private func schedule(_ episode: inout Episode, after wait: Duration, _ now: Moment) {
        guard episode.acknowledgedBy == nil else { return }
        // Half first: doubling a duration can pass its range.
        let longest = configuration.longestReminderWait
        let doubled = wait > longest / 2 ? longest : wait * 2
        episode.reminder = Episode.Reminder(
            due: now.at.advanced(by: wait), nextWait: asks(episode) ? configuration.reminderAfter : doubled)
    }

    private func asks(_ episode: Episode) -> Bool {
        guard let least = configuration.acknowledgeFrom else { return false }
        return episode.severity >= least && episode.acknowledgedBy == nil
    }

    /// Ends an episode that has been calm long enough, at the instant at which that became true.
    @discardableResult
    private mutating func endCalm(_ key: String, _ now: Moment) -> Alert? {
        guard var episode = episodes[key], case .calm(let since, let until) = episode.phase, until <= now.at else {
            return nil
        }
        return close(&episode, key, duration: episode.length(to: since), now.moved(to: until))
    }

    private mutating func close(
        _ episode: inout Episode, _ key: String, duration: Duration, _ now: Moment
    ) -> Alert {
        let alert = tell(.end, &episode, key, now, duration: duration)
        episodes[key] = nil
        dues.tidy(episodes)
        restored[episode.id] = nil
        return alert
    }

    private mutating func tell(
        _ event: AlertEvent, _ episode: inout Episode, _ key: String, _ now: Moment, duration: Duration? = nil
    ) -> Alert {
        keep(episode, key)
        let alert = alert(event, of: episode, now, duration: duration)
        past.append(alert)
        ledger.note(alert, key, anybodyThere: !queues.isEmpty)
        for index in queues.indices { queues[index].offer(alert) }
        return alert
    }

    private func alert(
        _ event: AlertEvent, of episode: Episode, _ now: Moment, duration: Duration? = nil
    ) -> Alert {
        Alert(
            episode: episode.id, event: event, severity: episode.severity, code: episode.code,
            message: episode.message, causes: episode.causes, scope: episode.scope, at: now.at, civil: now.civil,
            duration: duration, suppressed: episode.suppressed, isFlapping: episode.isFlapping,
            asksAcknowledgement: event != .end && asks(episode), acknowledgedBy: episode.acknowledgedBy)
    }
}
