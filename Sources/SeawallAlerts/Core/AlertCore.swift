internal import SeawallTime

/// The pure part of alerts: which reports become alerts, and what waits for which sink.
///
/// An episode is opened by the first report of its key, rises with a more severe one, and is closed once. Everything
/// else that is reported in between is counted as suppressed.
struct AlertCore: Sendable {
    /// A moment on both clocks.
    struct Moment: Sendable {
        var at: MonotonicInstant
        var civil: CivilInstant
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
    private var episodes: [String: Episode] = [:]
    private var lastEpisode: UInt64 = 0
    private(set) var history: [Alert] = []

    /// Episodes that were not opened because as many were open as may be.
    private(set) var refusedEpisodes = 0

    /// The queues of the sinks, in the order of registration.
    var queues: [SinkQueue] = []

    init(_ configuration: AlertConfiguration) {
        self.configuration = configuration
    }

    /// True where somebody writes down what the sinks have heard.
    var isObserved = false

    /// The keys of episodes of which something may still be on its way to a sink, and what began before any was there.
    private var unsettled: [String: String] = [:]
    private var unheard: [Alert] = []

    /// What the sinks have heard of a key: all there is.
    struct Settled: Sendable {
        var key: String
        /// The open episode; nil where it has ended.
        var open: Alert?
    }

    /// The number of open episodes.
    var openCount: Int { episodes.count }

    /// When the next reminder is due, or nil where no episode is open.
    var nextReminder: MonotonicInstant? { episodes.values.map(\.reminderDue).min() }

    /// Every open episode as an alert says it now, in the order in which they began.
    func open(_ now: Moment) -> [Alert] {
        inOrder.map { alert(.remind, of: $0.episode, now) }
    }

    /// Adds the queue of a sink; the first hears of what is open and nobody could hear of.
    mutating func append(_ queue: SinkQueue) {
        queues.append(queue)
        let open = Set(episodes.values.map(\.id))
        for alert in unheard where open.contains(alert.episode) { queues[queues.count - 1].offer(alert) }
        unheard = []
    }

    /// The keys of which every sink has heard all there is, since they were last asked for.
    mutating func takeSettled(_ now: Moment) -> [Settled] {
        var settled: [Settled] = []
        for (id, key) in unsettled.sorted(by: { $0.key < $1.key }) {
            let isOnItsWay = unheard.contains { $0.episode == id } || queues.contains { $0.holds(id) }
            guard !isOnItsWay else { continue }
            unsettled[id] = nil
            // Where the key has another episode by now, that one tells.
            if let episode = episodes[key] {
                if episode.id == id { settled.append(Settled(key: key, open: alert(.remind, of: episode, now))) }
            } else {
                settled.append(Settled(key: key, open: nil))
            }
        }
        return settled
    }

    /// Takes a report of trouble: opens the episode, lets it rise, or counts the report.
    mutating func begin(_ key: String, _ report: Report, _ now: Moment) -> Alert? {
        guard var episode = episodes[key] else { return open(key, report, now) }
        let rises = report.severity > episode.severity
        let isDue = episode.reminderDue <= now.at
        if !report.causes.isEmpty { episode.causes = report.causes }
        if rises {
            episode.severity = report.severity
            episode.message = report.message
            schedule(&episode, after: configuration.reminderAfter, now)
        } else {
            episode.suppressed = episode.suppressed.addingSaturating(1)
            if isDue { schedule(&episode, after: episode.reminderWait, now) }
        }
        episodes[key] = episode
        return rises || isDue ? publish(.remind, of: episode, key, now) : nil
    }

    /// Opens an episode that an earlier run of the process had opened and told, and tells nobody.
    mutating func restore(_ key: String, id: String, _ report: Report, _ now: Moment) {
        guard episodes[key] == nil, episodes.count < configuration.episodeLimit else { return }
        lastEpisode = lastEpisode.addingSaturating(1)
        var episode = Episode(
            number: lastEpisode, id: id, began: now.at, code: report.code, scope: report.scope,
            severity: report.severity, message: report.message, causes: report.causes, reminderDue: now.at,
            reminderWait: .zero)
        schedule(&episode, after: configuration.reminderAfter, now)
        episodes[key] = episode
        restored[id] = report.severity
    }

    /// The episodes of earlier runs that are open, with what their sinks were told: those hear an end, and no begin.
    private(set) var restored: [String: AlertSeverity] = [:]

    /// Closes an episode; nothing where none is open under the key.
    mutating func end(_ key: String, _ now: Moment) -> Alert? {
        guard let episode = episodes.removeValue(forKey: key) else { return nil }
        restored[episode.id] = nil
        return publish(.end, of: episode, key, now)
    }

    /// Reminds of every episode whose time has come, once however late, in the order in which they began.
    mutating func remind(_ now: Moment) -> [Alert] {
        inOrder.filter { $0.episode.reminderDue <= now.at }.map { key, due in
            var episode = due
            schedule(&episode, after: episode.reminderWait, now)
            episodes[key] = episode
            return publish(.remind, of: episode, key, now)
        }
    }

    private var inOrder: [(key: String, episode: Episode)] {
        episodes.map { (key: $0.key, episode: $0.value) }.sorted { $0.episode.number < $1.episode.number }
    }

    private mutating func open(_ key: String, _ report: Report, _ now: Moment) -> Alert? {
        guard episodes.count < configuration.episodeLimit else {
            refusedEpisodes = refusedEpisodes.addingSaturating(1)
            return nil
        }
        lastEpisode = lastEpisode.addingSaturating(1)
        var episode = Episode(
            number: lastEpisode, id: configuration.episodePrefix + String(lastEpisode), began: now.at,
            code: report.code, scope: report.scope, severity: report.severity,
            message: report.message, causes: report.causes, reminderDue: now.at, reminderWait: .zero)
        schedule(&episode, after: configuration.reminderAfter, now)
        episodes[key] = episode
        return publish(.begin, of: episode, key, now)
    }

    private func schedule(_ episode: inout Episode, after wait: Duration, _ now: Moment) {
        episode.scheduleReminder(after: wait, from: now.at, longest: configuration.longestReminderWait)
    }

    private mutating func publish(_ event: AlertEvent, of episode: Episode, _ key: String, _ now: Moment) -> Alert {
        let alert = alert(event, of: episode, now)
        if configuration.historyLimit > 0 {
            if history.count >= configuration.historyLimit { history.removeFirst() }
            history.append(alert)
        }
        if isObserved {
            unsettled[episode.id] = key
            if event == .end { unheard.removeAll { $0.episode == episode.id } }
            if queues.isEmpty, event == .begin { unheard.append(alert) }
        }
        for index in queues.indices { queues[index].offer(alert) }
        return alert
    }

    private func alert(_ event: AlertEvent, of episode: Episode, _ now: Moment) -> Alert {
        Alert(
            episode: episode.id, event: event, severity: episode.severity,
            code: episode.code, message: episode.message, causes: episode.causes, scope: episode.scope, at: now.at,
            civil: now.civil, duration: event == .end ? episode.began.duration(to: now.at) : nil,
            suppressed: episode.suppressed)
    }
}
