internal import SeawallTime

/// What waits for one sink, and what it has been told.
///
/// A sink that heard the begin of an episode hears its end: begins and reminders are dropped where the queue is full,
/// an end never is. So a queue holds at most its limit, and one end for each episode that the sink knows of. A sink
/// that missed a begin, because its queue was full or it came later, hears the next reminder or rise as its begin.
struct SinkQueue: Sendable {
    /// Whether a task is carrying this queue to its sink.
    private enum Courier {
        case resting
        case underWay
        case delivering
    }

    let id: UInt64
    let name: String
    let minimumSeverity: AlertSeverity
    private let limit: Int
    private var waiting: [Alert] = []
    private var waitingWithoutEnds = 0
    private var told: Set<String> = []
    private var courier = Courier.resting
    private var underWay: String?
    private var delivered = 0
    private var failed = 0
    private var dropped = 0

    /// How many alerts were ever put into the queue, and how many of them were taken by the sink or thrown on.
    private(set) var accepted: UInt64 = 0
    private(set) var settled: UInt64 = 0

    init(id: UInt64, name: String, minimumSeverity: AlertSeverity, limit: Int) {
        self.id = id
        self.name = name
        self.minimumSeverity = minimumSeverity
        self.limit = limit
    }

    /// True while the sink has still to hear something of an episode.
    func holds(_ episode: String) -> Bool {
        underWay == episode || waiting.contains { $0.episode == episode }
    }

    /// Notes what the sink heard of an earlier run of the process.
    mutating func remember(_ restored: [String: AlertSeverity]) {
        for (episode, severity) in restored where severity >= minimumSeverity { told.insert(episode) }
    }

    var status: AlertSinkStatus {
        AlertSinkStatus(
            name: name, minimumSeverity: minimumSeverity, delivered: delivered, failed: failed, dropped: dropped,
            waiting: waiting.count + (courier == .delivering ? 1 : 0))
    }

    func reading(isLast: Bool) -> SinkReading { SinkReading(id: id, status: status, isLast: isLast) }

    mutating func offer(_ alert: Alert) {
        switch alert.event {
        case .end:
            if told.remove(alert.episode) != nil { append(alert) }
        case .begin, .remind:
            // An episode never loses severity, so that this holds for all that follows what was once told.
            guard alert.severity >= minimumSeverity else { return }
            guard waitingWithoutEnds < limit else {
                dropped = dropped.addingSaturating(1)
                return
            }
            var heard = alert
            heard.event = told.insert(alert.episode).inserted ? .begin : .remind
            waitingWithoutEnds += 1
            append(heard)
        }
    }

    /// Whether a task is to be started for it; answers true once, until that task has found the queue empty.
    mutating func callCourier() -> Bool {
        guard courier == .resting, !waiting.isEmpty else { return false }
        courier = .underWay
        return true
    }

    /// The next alert for the sink; nil sends the courier to rest.
    mutating func next() -> Alert? {
        guard !waiting.isEmpty else {
            courier = .resting
            return nil
        }
        courier = .delivering
        let alert = waiting.removeFirst()
        underWay = alert.episode
        if alert.event != .end { waitingWithoutEnds -= 1 }
        return alert
    }

    /// Records what the sink did with the alert that `next()` gave.
    mutating func settle(succeeded: Bool) {
        courier = .underWay
        underWay = nil
        settled += 1
        if succeeded { delivered = delivered.addingSaturating(1) } else { failed = failed.addingSaturating(1) }
    }

    private mutating func append(_ alert: Alert) {
        waiting.append(alert)
        accepted += 1
    }
}
