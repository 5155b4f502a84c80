internal import Seawall

/// P8: an outcome that is not proven is unknown: never reported as failed, never retried blindly, always counted.
///
/// An order is proven absent by an answer that says so, or by a question asked once the order could neither arrive nor
/// be invisible any more, for it or for complete lists. An order under way when its process died is in doubt, and the
/// next process has to know it, unless the process had proven by then that the venue took it.
/// Decisive: an order handed over whose answer proved nothing.
struct NothingUnproven: PromiseCheck {
    /// What the judge knows of one order that was handed over.
    private struct Case: Sendable {
        var name: String
        var symbol: Symbol?
        var sentAt: MonotonicInstant
        var isDoubtful = false
        var isTaken = false
        var hasRefusal = false
        var isKnownAbsent = false
        var wasCounted = false
        /// The library's last word of it was that it does not know.
        var isUnknown = false
        /// The library's last word of it was that the venue has or had it, and so it was.
        var isProvenTaken = false
        var wasCalledRejected = false

        var isRejectionProven: Bool { !isTaken && (hasRefusal || isKnownAbsent) }
    }

    let promise = Promise.nothingUnproven
    private(set) var finding = Finding()

    private var conclusiveAfter = Duration.zero
    /// By request: a client order id names one order, but the library may forget to give one.
    private var cases: [String: Case] = [:]
    private var caseByClient: [ClientOrderID: String] = [:]
    private var casesByIntent: [IntentID: [String]] = [:]
    private var calls: [String: CallRecord] = [:]
    private var caseByCall: [String: String] = [:]
    /// The orders of which no answer has come, and which the venue has not taken.
    private var untaken: Set<String> = []
    private var lists = CompleteLists()
    private var queries: [String: (client: ClientOrderID, sentAt: MonotonicInstant)] = [:]
    private var changes: [String: String] = [:]
    private var unprovenChanges: Set<String> = []
    /// Orders without an answer so far.
    private var underWay: Set<String> = []
    /// True from a death to the first request of the process after it: nobody has to know anything.
    private var isDead = false

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header): conclusiveAfter = header.conclusiveAfter
        case .call(let call) where call.operation.changesAnOrder: calls[call.id] = call
        case .request(let request): observe(request, record)
        case .reply(let reply): observe(reply)
        case .venue(let event) where event.kind == .accepted: accept(event, record)
        case .layer(.order(let change)): observe(change, record)
        case .result(let result): observe(result, record)
        case .crash: die()
        case .end: close(record)
        default: break
        }
        for absence in lists.observe(record) { learn(absence) }
    }

    /// What neither works nor has ended, and can no longer arrive, never was.
    private mutating func learn(_ absence: CompleteLists.Absence) {
        for name in untaken {
            guard let known = cases[name], absence.symbol.map({ $0 == known.symbol }) ?? true,
                absence.askedAt >= known.sentAt.advanced(by: conclusiveAfter)
            else { continue }
            cases[name]?.isKnownAbsent = true
            untaken.remove(name)
        }
    }

    private mutating func observe(_ request: RequestRecord, _ record: RunRecord) {
        isDead = false
        switch request.operation {
        case .place: hand(over: request, record)
        case .query:
            if let client = request.clientID { queries[request.id] = (client, record.at) }
        case .amend, .cancel, .cancelMany, .cancelAll:
            if let call = request.call {
                changes[request.id] = call
                unprovenChanges.insert(call)
            }
        default: break
        }
    }

    private mutating func hand(over request: RequestRecord, _ record: RunRecord) {
        let intent = request.call.flatMap { calls[$0]?.intent }
        var earlier = Set(intent.flatMap { casesByIntent[$0] } ?? [])
        if let same = request.clientID.flatMap({ caseByClient[$0] }) { earlier.insert(same) }
        for name in earlier.sorted() {
            guard let known = cases[name], !known.isRejectionProven else { continue }
            finding.accuse(
                record, "\(known.name) was sent again as \(request.id) without proof that it never arrived")
        }
        let name = request.clientID.map { "order \($0)" } ?? "order of \(request.id)"
        cases[request.id] = Case(name: name, symbol: request.symbol, sentAt: record.at)
        underWay.insert(request.id)
        untaken.insert(request.id)
        if let client = request.clientID { caseByClient[client] = request.id }
        if let intent { casesByIntent[intent, default: []].append(request.id) }
        if let call = request.call { caseByCall[call] = request.id }
    }

    private mutating func observe(_ reply: ReplyRecord) {
        if let query = queries.removeValue(forKey: reply.id), reply.outcome == "no_such_order",
            let name = caseByClient[query.client], let sentAt = cases[name]?.sentAt,
            query.sentAt >= sentAt.advanced(by: conclusiveAfter)
        {
            cases[name]?.isKnownAbsent = true
        }
        if let call = changes[reply.id], !reply.wasLost { unprovenChanges.remove(call) }
        guard let known = cases[reply.id] else { return }
        underWay.remove(reply.id)
        if reply.wasLost, !known.isDoubtful {
            cases[reply.id]?.isDoubtful = true
            finding.checked += 1
        }
        if reply.provesNoEffect {
            cases[reply.id]?.hasRefusal = true
            untaken.remove(reply.id)
        }
    }

    private mutating func accept(_ event: VenueEvent, _ record: RunRecord) {
        guard let name = event.request, let known = cases[name] else { return }
        cases[name]?.isTaken = true
        untaken.remove(name)
        if known.wasCalledRejected {
            finding.accuse(record, "\(known.name), called rejected, was taken by the venue")
        }
    }

    private mutating func observe(_ change: LedgerChange, _ record: RunRecord) {
        guard let name = caseByClient[change.clientID], let known = cases[name] else { return }
        cases[name]?.isUnknown = change.state == .unknown
        cases[name]?.isProvenTaken = false
        switch change.state {
        case .prepared, .sent: break
        case .unknown: cases[name]?.wasCounted = true
        case .rejected:
            cases[name]?.wasCalledRejected = true
            if !known.isRejectionProven {
                finding.accuse(record, "\(known.name) was called rejected without proof")
            }
        case .acknowledged, .working, .filled, .cancelled, .expired:
            cases[name]?.wasCounted = true
            cases[name]?.isProvenTaken = known.isTaken
            if !known.isTaken {
                finding.accuse(record, "\(known.name) was called \(change.state.rawValue), and the venue never took it")
            }
        }
    }

    private mutating func observe(_ result: ResultRecord, _ record: RunRecord) {
        guard let call = calls.removeValue(forKey: result.call) else { return }
        let claimsFailure = result.answer == .rejected || result.answer == .denied || result.answer == .threw
        switch call.operation {
        case .place:
            let own = caseByCall.removeValue(forKey: result.call)
            // A known intent that is called rejected is judged by the order that was sent for it.
            let known = own ?? (result.answer == .rejected ? call.intent.flatMap { casesByIntent[$0]?.last } : nil)
            guard claimsFailure, let known, let known = cases[known], !known.isRejectionProven else { return }
            finding.accuse(record, "\(known.name) was reported as \(result.answer.rawValue) without proof")
        default:
            // What a cancel leaves open may be asked again by another; an amend that only threw may have been made.
            let isClaim = call.operation == .amend ? claimsFailure : claimsFailure && result.answer != .threw
            if unprovenChanges.remove(result.call) != nil, isClaim {
                finding.accuse(
                    record,
                    "\(call.operation.rawValue) \(call.id) was reported as \(result.answer.rawValue) without proof")
            }
        }
    }

    /// What was under way is in doubt, and whatever was unknown has to be known as such once more.
    private mutating func die() {
        for name in underWay {
            guard let known = cases[name], !known.isDoubtful, !known.isProvenTaken else { continue }
            cases[name]?.isDoubtful = true
            cases[name]?.wasCounted = false
            finding.checked += 1
        }
        for (name, known) in cases where known.isUnknown { cases[name]?.wasCounted = false }
        isDead = true
        underWay = []
        calls = [:]
        caseByCall = [:]
        queries = [:]
        changes = [:]
        unprovenChanges = []
    }

    private mutating func close(_ record: RunRecord) {
        guard !isDead else { return }
        for known in cases.values.sorted(by: { ($0.sentAt, $0.name) < ($1.sentAt, $1.name) })
        where known.isDoubtful && !known.wasCounted && !known.wasCalledRejected {
            finding.accuse(record, "\(known.name) was in doubt and never counted as unknown")
        }
    }
}

extension BrokerOperation {
    /// One of the calls that make, change or end orders.
    fileprivate var changesAnOrder: Bool { self == .place || self == .amend || isCancel }
}
