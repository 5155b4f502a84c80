internal import Seawall

/// P6: a latch is durable before anything is cancelled, answered or alerted because of it, and no crash forgets it; state
/// that cannot be read means halted.
///
/// A latch is a cause that time or a hand ends. Where the disk refuses it everything goes on as if it were written.
/// Judged from the first use of a disk on. Decisive: each latch, and each restart with something to keep or unreadable.
struct LatchIsDurable: PromiseCheck {
    private struct Latch: Sendable {
        var id: String
        var scope: CauseScope
        var level: Restriction
        var isByHand: Bool
        var until: MonotonicInstant?
        var raisedAt: MonotonicInstant
        /// Since when the journal lacks what it had.
        var missingSince: MonotonicInstant?

        func isActive(at now: MonotonicInstant) -> Bool { until.map { now < $0 } ?? true }

        func holds(_ other: Latch) -> Bool {
            (scope == .global || scope == other.scope) && level >= other.level && (isByHand || !other.isByHand)
        }
    }

    /// How long a write may take that nothing holds up.
    private static let patience = Duration.seconds(1)

    let promise = Promise.latchIsDurable
    private(set) var finding = Finding()

    private var journal = JournalText()
    private var latches: [String: Latch] = [:]
    /// What the process before this one knew to be safe.
    private var inherited: [String: Latch] = [:]
    private var isFirstRequest = true
    private var origins: [String: Origin] = [:]

    mutating func observe(_ record: RunRecord) {
        journal.observe(record)
        switch record.body {
        case .layer(.permission(let change)): follow(change, record)
        case .call(let call):
            origins[call.id] = Origin(symbol: call.symbol, strategy: call.strategy, account: call.account)
        case .result(let result): answer(result, record)
        case .request(let request): send(request, record)
        case .alert(let alert, let sink) where alert.event == .begin: hear(alert, sink, record)
        case .disk(let disk) where disk.operation == .replace && disk.outcome == .done: noteMissing(record)
        case .crash: die(record)
        case .restart: isFirstRequest = true
        case .end: expectWritten(record)
        default: break
        }
    }

    private var inOrder: [Latch] { latches.values.sorted { ($0.raisedAt, $0.id) < ($1.raisedAt, $1.id) } }

    private mutating func follow(_ change: PermissionChange, _ record: RunRecord) {
        let isByHand = change.cause.release == .byHand
        switch change.event {
        case .raised, .extended:
            guard isByHand || change.until != nil else {
                latches[change.id] = nil
                return
            }
            if latches[change.id] == nil, journal.isInUse { finding.checked += 1 }
            journal.watch(change.id)
            latches[change.id] = Latch(
                id: change.id, scope: change.scope, level: Restriction(change.level), isByHand: isByHand,
                until: change.until, raisedAt: latches[change.id]?.raisedAt ?? record.at)
        case .cleared:
            // A hand may end what came back before anything was sent.
            if latches[change.id] != nil { inherited[change.id] = nil }
            forget(change.id)
        case .expired:
            if let latch = latches[change.id], latch.isByHand || latch.isActive(at: record.at) {
                finding.accuse(
                    record, "latch \(change.id) expired, which \(latch.isByHand ? "only a hand ends" : "still runs")")
            }
            forget(change.id)
        }
    }

    private mutating func forget(_ id: String) {
        latches[id] = nil
        journal.forget(id)
    }

    /// True where something may be done because of a latch.
    ///
    /// On state that cannot be read nothing is written: it halts every process anew, until it is given up.
    private func isSettled(_ latch: Latch) -> Bool {
        !journal.isInUse || journal.isUnreadable || journal.state(of: latch.id) >= .refused
    }

    private mutating func send(_ request: RequestRecord, _ record: RunRecord) {
        if isFirstRequest, journal.isInUse { begin(with: request, record) }
        isFirstRequest = false
        guard let cause = request.sweptCause, let latch = latches[cause], !isSettled(latch) else { return }
        finding.accuse(record, "\(request.operation.rawValue) \(request.id) went out before latch \(cause) was safe")
    }

    private mutating func answer(_ result: ResultRecord, _ record: RunRecord) {
        guard let origin = origins.removeValue(forKey: result.call), result.answer == .denied else { return }
        for latch in inOrder where latch.scope.includes(origin) && !isSettled(latch) && latch.isActive(at: record.at) {
            finding.accuse(record, "call \(result.call) was denied before latch \(latch.id) was safe")
        }
    }

    private mutating func hear(_ alert: Alert, _ sink: String, _ record: RunRecord) {
        for cause in alert.causes {
            guard let latch = latches[cause], !isSettled(latch) else { continue }
            finding.accuse(record, "sink \(sink) heard of latch \(cause) before it was safe")
        }
    }

    /// The first request of a process shows what it knows.
    private mutating func begin(with request: RequestRecord, _ record: RunRecord) {
        let isHalted = latches.values.contains { $0.isByHand && $0.scope == .global && $0.level >= .cancelOnly }
        if journal.isUnreadable {
            finding.checked += 1
            if !isHalted { finding.accuse(record, "\(request.id) went out on unreadable state, with nothing halted") }
        } else if inherited.values.contains(where: { $0.isActive(at: record.at) }) {
            finding.checked += 1
            for old in inherited.values.sorted(by: { $0.id < $1.id }) where old.isActive(at: record.at) {
                if !latches.values.contains(where: { $0.holds(old) }) {
                    finding.accuse(record, "\(request.id) went out and latch \(old.id) on \(old.scope) was forgotten")
                }
            }
        }
        inherited = [:]
    }

    private mutating func die(_ record: RunRecord) {
        expectWritten(record)
        for latch in latches.values where journal.state(of: latch.id) == .safe { inherited[latch.id] = latch }
        latches = [:]
        origins = [:]
    }

    /// A journal that is written anew has to hold what is in force.
    private mutating func noteMissing(_ record: RunRecord) {
        for id in latches.keys {
            let since = journal.state(of: id) == .unwritten ? latches[id]?.missingSince ?? record.at : nil
            latches[id]?.missingSince = since
        }
    }

    private mutating func expectWritten(_ record: RunRecord) {
        guard journal.isInUse, !journal.isUnreadable else { return }
        for latch in inOrder where latch.isActive(at: record.at) && journal.state(of: latch.id) < .refused {
            let since = latch.missingSince ?? latch.raisedAt
            guard since.advanced(by: Self.patience) < record.at else { continue }
            finding.accuse(record, "latch \(latch.id), raised at \(latch.raisedAt), is not on the disk")
        }
    }
}

extension RequestRecord {
    /// The cause because of which a sweep sends it.
    var sweptCause: String? {
        guard let episode, episode.hasPrefix("sweep:") else { return nil }
        return String(episode.dropFirst("sweep:".count))
    }
}
