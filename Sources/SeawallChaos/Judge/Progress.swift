internal import Seawall

/// L1: once everything has healed, trading goes on within bounded time.
///
/// Time runs from the header's `heals_at`, or from the end of what then still shuts the way to the venue. Five minutes
/// after that no order stays unknown, nothing restricts trading but what a hand or a time ends, no breaker is open, no
/// sweep goes on, the account's stream that the library follows is connected, and whoever asks for an order or a cancel
/// has a proven answer within two minutes. Decisive: that the run goes on for so long, and each such answer.
struct Progress: PromiseCheck {
    private static let patience = Duration.seconds(300)
    private static let answerTime = Duration.seconds(120)

    let promise = Promise.progress
    private(set) var finding = Finding()

    private var healsAt: MonotonicInstant?
    private var road = Hindrances()
    private var hasBegun = false
    private var isDead = false
    /// What goes on that must end, and since when.
    private var troubles: [String: MonotonicInstant] = [:]
    /// The requests by which this process has asked for the account's stream.
    private var streams: Set<String> = []
    /// How many connections each of them holds: one that reaches the venue twice opens two.
    private var connected: [String: Int] = [:]
    private var asked: [String: (call: CallRecord, at: MonotonicInstant)] = [:]

    mutating func observe(_ record: RunRecord) {
        if case .run(let header) = record.body { healsAt = header.healsAt }
        guard healsAt != nil else { return }
        road.observe(record)
        if !hasBegun, isWell(record.at) {
            hasBegun = true
            finding.checked += 1
        }
        switch record.body {
        case .layer(.order(let change)): set("order \(change.clientID) unknown", change.state == .unknown, record)
        case .layer(.permission(let change)):
            let stands = change.event == .raised || change.event == .extended
            set("cause \(change.id) (\(change.code)) in force", stands && change.cause.release == .whenCleared, record)
        case .layer(.breaker(let transition)):
            set("breaker \(transition.name) not closed", transition.to == .open || transition.to == .halfOpen, record)
        case .layer(.sweep(let sweep)):
            set("sweep of \(sweep.cause)", sweep.step != .end, record)
        case .request(let request) where request.operation == .userStream && request.call == nil:
            streams.insert(request.id)
            noteStream(record)
        case .venue(let event) where event.kind == .connected || event.kind == .disconnected:
            guard let request = event.request, streams.contains(request) else { return }
            let count = (connected[request] ?? 0) + (event.kind == .connected ? 1 : -1)
            connected[request] = count > 0 ? count : nil
            noteStream(record)
        case .call(let call): if isWell(record.at) { asked[call.id] = (call, record.at) }
        case .result(let result): answer(result, record)
        case .crash:
            isDead = true
            troubles = [:]
            streams = []
            connected = [:]
            asked = [:]
        case .restart: isDead = false
        case .end: close(record)
        default: break
        }
    }

    private func isWell(_ now: MonotonicInstant) -> Bool {
        guard let healsAt else { return false }
        return max(healsAt, road.clearSince).advanced(by: Self.patience) < now
    }

    private mutating func noteStream(_ record: RunRecord) {
        set("the account's stream not connected", connected.isEmpty, record)
    }

    private mutating func set(_ trouble: String, _ goesOn: Bool, _ record: RunRecord) {
        if goesOn {
            if troubles[trouble] == nil { troubles[trouble] = record.at }
        } else if let since = troubles.removeValue(forKey: trouble) {
            expectShort(trouble, since, record)
        }
    }

    private mutating func expectShort(_ trouble: String, _ since: MonotonicInstant, _ record: RunRecord) {
        guard isWell(record.at), since.advanced(by: Self.patience) < record.at else { return }
        finding.accuse(record, "\(trouble) since \(since), though everything has healed")
    }

    private mutating func answer(_ result: ResultRecord, _ record: RunRecord) {
        guard let asked = asked.removeValue(forKey: result.call), isWell(record.at) else { return }
        let operation = asked.call.operation
        guard operation == .place || operation.isCancel else { return }
        finding.checked += 1
        expectInTime(asked.call, asked.at, record)
        let isLost =
            switch result.answer {
            case .accepted, .rejected: false
            case .unknown: true
            // An order may be denied for what it asks; a cancel never is.
            case .denied: operation.isCancel
            case .threw: false
            }
        if isLost { finding.accuse(record, "\(operation.rawValue) \(result.call) was \(result.answer.rawValue)") }
    }

    private mutating func expectInTime(_ call: CallRecord, _ at: MonotonicInstant, _ record: RunRecord) {
        guard max(at, road.clearSince).advanced(by: Self.answerTime) < record.at else { return }
        finding.accuse(record, "\(call.operation.rawValue) \(call.id), asked for at \(at), waited too long")
    }

    private mutating func close(_ record: RunRecord) {
        guard isWell(record.at) else { return }
        if isDead { finding.accuse(record, "the process never came back") }
        for (trouble, since) in troubles.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            expectShort(trouble, since, record)
        }
        for (_, waiting) in asked.sorted(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) })
        where waiting.call.operation == .place || waiting.call.operation.isCancel {
            expectInTime(waiting.call, waiting.at, record)
        }
    }
}
