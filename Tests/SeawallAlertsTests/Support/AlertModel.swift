import SeawallAlerts
import SeawallTime

@testable import SeawallAlerts

/// A naive image of the core: it keeps the list of all that was reported, and works out from it what must be told.
struct AlertModel {
    enum Event {
        case begin(String, AlertSeverity)
        case end(String)
        case remind
    }

    /// What the core is to answer, in the fields that the model knows.
    struct Expected: Equatable {
        var episode: String
        var event: AlertEvent
        var severity: AlertSeverity
        var duration: Duration?
        var suppressed: Int
    }

    let reminderAfter: Int64
    let longestWait: Int64
    private var log: [(at: Int64, event: Event)] = []

    init(reminderAfter: Int64, longestWait: Int64) {
        self.reminderAfter = reminderAfter
        self.longestWait = longestWait
    }

    /// Replays everything from the start and gives the answer to the last event.
    mutating func apply(_ event: Event, at now: Int64) -> [Expected] {
        log.append((now, event))
        var open: [(key: String, number: Int, began: Int64, severity: AlertSeverity, suppressed: Int, told: [Int64])] =
            []
        var count = 0
        var answer: [Expected] = []
        func isDue(_ told: [Int64], at now: Int64) -> Bool {
            // The reminders since the last begin or rise double the wait each time.
            var wait = reminderAfter
            for _ in told.dropFirst() { wait = min(wait * 2, longestWait) }
            return now >= told[told.count - 1] + wait
        }
        for (at, event) in log {
            answer = []
            func tell(_ index: Int, _ what: AlertEvent) {
                let one = open[index]
                answer.append(
                    Expected(
                        episode: "alert-\(one.number)", event: what, severity: one.severity,
                        duration: what == .end ? .nanoseconds(at - one.began) : nil, suppressed: one.suppressed))
            }
            switch event {
            case .begin(let key, let severity):
                if let index = open.firstIndex(where: { $0.key == key }) {
                    if severity > open[index].severity {
                        open[index].severity = severity
                        open[index].told = [at]
                        tell(index, .remind)
                    } else {
                        open[index].suppressed += 1
                        guard isDue(open[index].told, at: at) else { continue }
                        open[index].told.append(at)
                        tell(index, .remind)
                    }
                } else {
                    count += 1
                    open.append((key, count, at, severity, 0, [at]))
                    tell(open.count - 1, .begin)
                }
            case .end(let key):
                guard let index = open.firstIndex(where: { $0.key == key }) else { continue }
                tell(index, .end)
                open.remove(at: index)
            case .remind:
                for index in open.indices where isDue(open[index].told, at: at) {
                    open[index].told.append(at)
                    tell(index, .remind)
                }
            }
        }
        return answer
    }
}
