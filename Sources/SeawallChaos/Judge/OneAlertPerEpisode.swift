internal import Seawall

/// P10: sinks hear once when an episode begins and once when it ends.
///
/// An episode lives in one process: after a restart the sinks hear again of what still holds. What restricts trading for
/// a minute is heard of by every sink that hears of anything. Decisive: each episode that began.
struct OneAlertPerEpisode: PromiseCheck {
    private struct Key: Hashable, Sendable {
        var sink: String
        var name: String
    }

    private struct Restriction: Sendable {
        var since: MonotonicInstant
        var heardBy: Set<String> = []
    }

    private static let patience = Duration.seconds(60)

    let promise = Promise.oneAlertPerEpisode
    private(set) var finding = Finding()

    private var isOpen: [Key: Bool] = [:]
    private var told: Set<Key> = []
    private var sinks: Set<String> = []
    private var restrictions: [String: Restriction] = [:]
    private var asleepUntil = MonotonicInstant.origin

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .alert(let alert, let sink): hear(alert, sink, record)
        case .layer(.permission(let change)): follow(change, record)
        case .world(let world) where world.event == .sleep: asleepUntil = max(asleepUntil, world.until ?? record.at)
        case .crash, .restart:
            isOpen = [:]
            told = []
            restrictions = [:]
        case .end:
            for id in restrictions.keys.sorted() { expectHeard(id, record) }
        default: break
        }
    }

    private mutating func hear(_ alert: Alert, _ sink: String, _ record: RunRecord) {
        sinks.insert(sink)
        let key = Key(sink: sink, name: alert.episode)
        switch (alert.event, isOpen[key]) {
        case (.begin, nil): begin(alert, key, record)
        case (.remind, true?): break
        case (.end, true?): isOpen[key] = false
        case (.begin, _): finding.accuse(record, "sink \(sink) hears of episode \(alert.episode) a second time")
        case (.remind, _), (.end, _):
            finding.accuse(
                record, "sink \(sink) hears the \(alert.event.rawValue) of \(alert.episode), which is not open")
        }
    }

    private mutating func begin(_ alert: Alert, _ key: Key, _ record: RunRecord) {
        finding.checked += 1
        isOpen[key] = true
        for cause in alert.causes where restrictions[cause] != nil {
            restrictions[cause]?.heardBy.insert(key.sink)
            if !told.insert(Key(sink: key.sink, name: cause)).inserted {
                finding.accuse(record, "sink \(key.sink) hears of cause \(cause) in a second episode")
            }
        }
    }

    private mutating func follow(_ change: PermissionChange, _ record: RunRecord) {
        switch change.event {
        case .raised, .extended:
            if restrictions[change.id] == nil { restrictions[change.id] = Restriction(since: record.at) }
        case .cleared, .expired:
            expectHeard(change.id, record)
            restrictions[change.id] = nil
        }
    }

    private mutating func expectHeard(_ id: String, _ record: RunRecord) {
        guard let known = restrictions[id] else { return }
        guard max(known.since, asleepUntil).advanced(by: Self.patience) < record.at else { return }
        for sink in sinks.subtracting(known.heardBy).sorted() {
            finding.accuse(record, "sink \(sink) never heard of cause \(id), raised at \(known.since)")
        }
    }
}
