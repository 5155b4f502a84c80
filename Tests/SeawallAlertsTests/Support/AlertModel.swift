import SeawallAlerts
import SeawallTime

@testable import SeawallAlerts

/// A naive image of the core, in whole seconds: it keeps the list of all that was reported, and works out from it, from
/// the start each time, what must have been told.
struct AlertModel {
    enum Event {
        case begin(String, AlertSeverity)
        case end(String)
        case acknowledge(String)
        case remind
    }

    /// What the core is to say, in the fields that the model knows.
    struct Told: Equatable {
        var episode: String
        var event: AlertEvent
        var severity: AlertSeverity
        var at: Int64
        var duration: Int64?
        var suppressed: Int
        var isFlapping: Bool
        var asks: Bool
        var by: String?
    }

    private struct One {
        var key: String
        var number: Int
        var began: Int64
        var severity: AlertSeverity
        var suppressed = 0
        var isFlapping: Bool
        /// When it was told of since its last begin or rise.
        var told: [Int64]
        var calmSince: Int64?
        var by: String?
    }

    let configuration: AlertConfiguration
    private var log: [(at: Int64, event: Event)] = []
    private var open: [One] = []
    private var count = 0
    private var begins: [(key: String, at: Int64)] = []

    /// Everything that happened, and of it what sinks are to hear; the answer to the last event.
    private(set) var history: [Told] = []
    private(set) var heard: [Told] = []
    private(set) var answer: [Told] = []

    init(_ configuration: AlertConfiguration) { self.configuration = configuration }

    /// When time alone next brings something.
    var nextDue: Int64? { open.compactMap(due).min() }

    /// The open episodes that have ended and begun so often that they count as one.
    var flappingCount: Int { open.count(where: \.isFlapping) }

    /// Replays everything from the start.
    mutating func apply(_ event: Event, at now: Int64) {
        log.append((now, event))
        open = []
        count = 0
        begins = []
        history = []
        heard = []
        for (at, event) in log {
            answer = []
            replay(event, at)
        }
    }

    private mutating func replay(_ event: Event, _ now: Int64) {
        switch event {
        case .begin(let key, let severity):
            settle(key, now)
            answer = []
            guard let index = open.firstIndex(where: { $0.key == key }) else {
                begins.append((key, now))
                count += 1
                let recent = begins.count { $0.key == key && $0.at + seconds(configuration.flapWindow) > now }
                let flaps = configuration.flapCount > 0 && recent >= configuration.flapCount
                open.append(
                    One(key: key, number: count, began: now, severity: severity, isFlapping: flaps, told: [now]))
                return tell(.begin, open[open.count - 1], now)
            }
            let returns = open[index].calmSince != nil
            if returns { begins.append((key, now)) }
            open[index].calmSince = nil
            if severity > open[index].severity {
                open[index].severity = severity
                open[index].by = nil
                open[index].told = [now]
                return tell(.remind, open[index], now)
            }
            open[index].suppressed += 1
            if let due = due(open[index]), due <= now {
                open[index].told.append(now)
                tell(.remind, open[index], now)
            } else if returns {
                history.append(told(.begin, open[index], now))
            }
        case .end(let key):
            settle(key, now)
            answer = []
            guard let index = open.firstIndex(where: { $0.key == key && $0.calmSince == nil }) else { return }
            if open[index].isFlapping {
                open[index].calmSince = now
                history.append(told(.end, open[index], now, until: now))
            } else {
                let one = open.remove(at: index)
                tell(.end, one, now, until: now)
            }
        case .acknowledge(let id):
            guard let index = open.firstIndex(where: { "alert-\($0.number)" == id }) else { return }
            open[index].by = "ann"
        case .remind:
            for one in open {
                if settle(one.key, now) { continue }
                guard let index = open.firstIndex(where: { $0.number == one.number }), let due = due(one), due <= now
                else { continue }
                open[index].told.append(now)
                tell(.remind, open[index], now)
            }
        }
    }

    /// Ends what has been calm for long enough.
    @discardableResult
    private mutating func settle(_ key: String, _ now: Int64) -> Bool {
        guard let index = open.firstIndex(where: { $0.key == key }), let since = open[index].calmSince,
            since + seconds(configuration.flapCalm) <= now
        else { return false }
        let one = open.remove(at: index)
        tell(.end, one, since + seconds(configuration.flapCalm), until: since)
        return true
    }

    private func due(_ one: One) -> Int64? {
        if let since = one.calmSince { return since + seconds(configuration.flapCalm) }
        if one.by != nil { return nil }
        var wait = seconds(configuration.reminderAfter)
        if !asks(one) {
            for _ in one.told.dropFirst() { wait = min(wait * 2, seconds(configuration.longestReminderWait)) }
        }
        return one.told[one.told.count - 1] + wait
    }

    private func asks(_ one: One) -> Bool {
        configuration.acknowledgeFrom.map { one.severity >= $0 && one.by == nil } ?? false
    }

    private mutating func tell(_ event: AlertEvent, _ one: One, _ at: Int64, until: Int64? = nil) {
        let told = told(event, one, at, until: until)
        history.append(told)
        heard.append(told)
        answer.append(told)
    }

    private func told(_ event: AlertEvent, _ one: One, _ at: Int64, until: Int64? = nil) -> Told {
        Told(
            episode: "alert-\(one.number)", event: event, severity: one.severity, at: at,
            duration: until.map { $0 - one.began }, suppressed: one.suppressed, isFlapping: one.isFlapping,
            asks: event != .end && asks(one), by: one.by)
    }

    private func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }
}

extension AlertModel.Told {
    init(_ alert: Alert) {
        self.init(
            episode: alert.episode, event: alert.event, severity: alert.severity,
            at: alert.at.nanoseconds / 1_000_000_000, duration: alert.duration.map(\.components.seconds),
            suppressed: alert.suppressed, isFlapping: alert.isFlapping, asks: alert.asksAcknowledgement,
            by: alert.acknowledgedBy)
    }
}
