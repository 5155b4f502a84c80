internal import Seawall

/// P8: an outcome that is not proven is unknown: never reported as failed, never retried blindly, always counted.
///
/// Decisive: an order handed over whose answer proved nothing.
struct NothingUnproven: PromiseCheck {
    /// What the judge knows of one order that was handed over.
    private struct Case: Sendable {
        var call: String?
        var sentAt: MonotonicInstant
        var isDoubtful = false
        var isTaken = false
        var hasAnswer = false
        var isKnownAbsent = false
        var wasCounted = false
        var wasCalledRejected = false

        var isRejectionProven: Bool { !isTaken && (hasAnswer || isKnownAbsent) }
    }

    let promise = Promise.nothingUnproven
    private(set) var finding = Finding()

    private var visibilityLag = Duration.zero
    private var cases: [ClientOrderID: Case] = [:]
    private var clientByRequest: [String: ClientOrderID] = [:]
    private var clientByCall: [String: ClientOrderID] = [:]
    private var queries: [String: (client: ClientOrderID, sentAt: MonotonicInstant)] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header): visibilityLag = header.venue.visibilityLag
        case .request(let request): observe(request, record)
        case .reply(let reply): observe(reply, record)
        case .venue(let event): observe(event, record)
        case .layer(.order(let change)): observe(change, record)
        case .result(let result): observe(result, record)
        case .end: close(record)
        default: break
        }
    }

    private mutating func observe(_ request: RequestRecord, _ record: RunRecord) {
        guard let client = request.clientID else { return }
        switch request.operation {
        case .place:
            if let known = cases[client], !known.isRejectionProven {
                finding.accuse(record, "order \(client) was sent again without proof that the first never arrived")
            }
            cases[client] = Case(call: request.call, sentAt: record.at, isTaken: cases[client]?.isTaken ?? false)
            clientByRequest[request.id] = client
            if let call = request.call { clientByCall[call] = client }
        case .query:
            queries[request.id] = (client, record.at)
        default:
            break
        }
    }

    private mutating func observe(_ reply: ReplyRecord, _ record: RunRecord) {
        if let query = queries[reply.id], reply.outcome == "no_such_order", var known = cases[query.client],
            query.sentAt >= known.sentAt.advanced(by: visibilityLag)
        {
            known.isKnownAbsent = true
            cases[query.client] = known
        }
        guard let client = clientByRequest[reply.id], var known = cases[client] else { return }
        if reply.wasLost, !known.isDoubtful {
            known.isDoubtful = true
            finding.checked += 1
        }
        if let outcome = reply.outcome, outcome != "ambiguous", outcome != "succeeded" { known.hasAnswer = true }
        cases[client] = known
    }

    private mutating func observe(_ event: VenueEvent, _ record: RunRecord) {
        guard event.kind == .accepted, let client = event.clientID, var known = cases[client] else { return }
        known.isTaken = true
        cases[client] = known
        if known.wasCalledRejected {
            finding.accuse(record, "order \(client), called rejected, was taken by the venue")
        }
    }

    private mutating func observe(_ change: LedgerChange, _ record: RunRecord) {
        guard var known = cases[change.clientID] else { return }
        switch change.state {
        case .unknown, .acknowledged, .working, .filled: known.wasCounted = true
        case .rejected:
            known.wasCalledRejected = true
            if !known.isRejectionProven {
                finding.accuse(record, "order \(change.clientID) was called rejected without proof")
            }
        case .prepared, .sent, .cancelled, .expired: break
        }
        cases[change.clientID] = known
    }

    private mutating func observe(_ result: ResultRecord, _ record: RunRecord) {
        guard let client = clientByCall[result.call], let known = cases[client] else { return }
        let claimsFailure = result.answer == .rejected || result.answer == .denied || result.answer == .threw
        if claimsFailure, !known.isRejectionProven {
            finding.accuse(record, "order \(client) was reported as \(result.answer.rawValue) without proof")
        }
    }

    private mutating func close(_ record: RunRecord) {
        for (client, known) in cases.sorted(by: { $0.key < $1.key })
        where known.isDoubtful && !known.wasCounted && !known.wasCalledRejected {
            finding.accuse(record, "order \(client) was in doubt and never counted as unknown")
        }
    }
}
