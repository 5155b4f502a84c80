internal import Seawall

/// P10: sinks hear once when an episode begins and once when it ends.
///
/// With a journal an episode outlives its process: the next one neither tells its beginning again nor forgets its end.
/// What restricts trading for a minute is heard of by every sink that hears of anything. Decisive: each episode that
/// began.
struct OneAlertPerEpisode: PromiseCheck {
    private struct Key: Hashable, Sendable {
        var sink: String
        var name: String
    }

    private enum State: Hashable, Sendable {
        case open
        case ended(boot: Int, at: MonotonicInstant)
    }

    private static let patience = Duration.seconds(60)

    /// How long after an end was told it may not be written yet, on a disk that takes what it is given.
    private static let writing = Duration.seconds(2)

    let promise = Promise.oneAlertPerEpisode
    private(set) var finding = Finding()

    private var states: [Key: State] = [:]
    /// Of which causes a sink has heard what, in this process.
    private var told: Set<Key> = []
    private var heard: Set<Key> = []
    private var sinks: Set<String> = []
    /// What restricts trading, and since when.
    private var restrictions: [String: MonotonicInstant] = [:]
    private var asleepUntil = MonotonicInstant.origin
    private var hasJournal = false
    private var diskHasFailed = false
    /// When each process died, by its number.
    private var deaths: [Int: MonotonicInstant] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .alert(let alert, let sink): hear(alert, Key(sink: sink, name: alert.episode), record)
        case .layer(.permission(let change)): follow(change, record)
        case .world(let world) where world.event == .sleep: asleepUntil = max(asleepUntil, world.until ?? record.at)
        case .disk(let disk):
            hasJournal = true
            if disk.outcome != .done { diskHasFailed = true }
        case .crash:
            deaths[record.boot] = record.at
            told = []
            restrictions = [:]
            // Whoever writes nothing down names his episodes anew.
            if !hasJournal { states = [:] }
        case .end:
            for id in restrictions.keys.sorted() { expectHeard(id, record) }
        default: break
        }
    }

    private mutating func hear(_ alert: Alert, _ key: Key, _ record: RunRecord) {
        sinks.insert(key.sink)
        let state = states[key]
        switch alert.event {
        case .begin:
            finding.checked += 1
            if state != nil { finding.accuse(record, "sink \(key.sink) hears of \(key.name) a second time") }
            states[key] = .open
            for cause in alert.causes where restrictions[cause] != nil {
                heard.insert(Key(sink: key.sink, name: cause))
                if !told.insert(Key(sink: key.sink, name: "\(alert.code) \(cause)")).inserted {
                    finding.accuse(record, "sink \(key.sink) hears of cause \(cause) in a second episode")
                }
            }
        case .remind:
            if !isOpen(state, record) {
                finding.accuse(record, "sink \(key.sink) is reminded of \(key.name), which is not open")
            }
            states[key] = .open
        case .end:
            if !isOpen(state, record) {
                finding.accuse(record, "sink \(key.sink) hears the end of \(key.name), which is not open")
            }
            states[key] = .ended(boot: record.boot, at: record.at)
        }
    }

    /// Of an end that a process told as it died the next one may not know: there the episode goes on.
    private func isOpen(_ state: State?, _ record: RunRecord) -> Bool {
        switch state {
        case .open: true
        case .ended(let boot, let end):
            deaths[boot].map { diskHasFailed || end.advanced(by: Self.writing) >= $0 } ?? false
        case nil: false
        }
    }

    private mutating func follow(_ change: PermissionChange, _ record: RunRecord) {
        switch change.event {
        case .raised, .extended:
            if restrictions[change.id] == nil { restrictions[change.id] = record.at }
        case .cleared, .expired:
            expectHeard(change.id, record)
            restrictions[change.id] = nil
        }
    }

    private mutating func expectHeard(_ id: String, _ record: RunRecord) {
        guard let since = restrictions[id], max(since, asleepUntil).advanced(by: Self.patience) < record.at else {
            return
        }
        for sink in sinks.sorted() where !heard.contains(Key(sink: sink, name: id)) {
            finding.accuse(record, "sink \(sink) never heard of cause \(id), raised at \(since)")
        }
    }
}
