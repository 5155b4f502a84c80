internal import Seawall

/// P1: one intent, at most one order at the venue, and nothing is sent for an intent whose order the venue has taken.
///
/// Decisive: a reply lost though the venue had taken the order; what was under way when the process died is lost.
struct OneOrderPerIntent: PromiseCheck {
    let promise = Promise.oneOrderPerIntent
    private(set) var finding = Finding()

    private var intentByCall: [String: String] = [:]
    private var intentByRequest: [String: String] = [:]
    private var intentByClient: [ClientOrderID: String] = [:]
    private var intentByLedger: [IntentID: String] = [:]
    private var ordersByIntent: [String: Set<VenueOrderID>] = [:]
    private var taken: Set<String> = []
    private var lost: Set<String> = []
    private var underWay: Set<String> = []

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .call(let call) where call.operation == .place:
            // What the bot did not name is a wish of its own with each call.
            intentByCall[call.id] = call.intent.map { "intent \($0)" } ?? "call \(call.id)"
        case .request(let request) where request.operation == .place:
            note(request, record)
        case .venue(let event) where event.kind == .accepted:
            note(event, record)
        case .reply(let reply) where reply.wasLost && lost.insert(reply.id).inserted:
            underWay.remove(reply.id)
            if taken.contains(reply.id) { finding.checked += 1 }
        case .reply(let reply):
            underWay.remove(reply.id)
        case .crash:
            finding.checked += underWay.count { taken.contains($0) && !lost.contains($0) }
            lost.formUnion(underWay)
            underWay = []
        case .layer(.order(let change)):
            note(change)
        default:
            break
        }
    }

    private mutating func note(_ request: RequestRecord, _ record: RunRecord) {
        let asked = request.call.flatMap { intentByCall[$0] }
        if asked == nil, request.episode == nil {
            finding.accuse(record, "order \(request.id) serves no call of the bot and no episode")
        }
        let intent = asked ?? request.clientID.flatMap { intentByClient[$0] } ?? "request \(request.id)"
        intentByRequest[request.id] = intent
        underWay.insert(request.id)
        if let client = request.clientID { intentByClient[client] = intent }
        if let order = ordersByIntent[intent]?.min() {
            finding.accuse(record, "\(intent) is sent again as \(request.id), though the venue has its order \(order)")
        }
    }

    /// By the library's own word an order that no call asked for may belong to an intent.
    private mutating func note(_ change: LedgerChange) {
        if let intent = intentByClient[change.clientID] {
            intentByLedger[change.intent] = intent
        } else {
            intentByClient[change.clientID] = intentByLedger[change.intent] ?? "intent \(change.intent)"
        }
    }

    private mutating func note(_ event: VenueEvent, _ record: RunRecord) {
        guard let request = event.request, let intent = intentByRequest[request] else {
            let order = event.orderID?.rawValue ?? "without a name"
            finding.accuse(record, "the venue took order \(order), which no request asked for")
            return
        }
        if taken.insert(request).inserted, lost.contains(request) { finding.checked += 1 }
        guard let order = event.orderID else { return }
        ordersByIntent[intent, default: []].insert(order)
        let count = ordersByIntent[intent]?.count ?? 0
        if count > 1 { finding.accuse(record, "\(intent) has \(count) orders at the venue") }
    }
}

extension ReplyRecord {
    /// The library learnt nothing from the answer: none came in time, or none that proves anything.
    var wasLost: Bool { event == .gaveUp || (event == .answered && outcome == "ambiguous") }

    /// The answer proves that the request changed nothing and never will.
    ///
    /// "No such order" and "duplicate" are answers to another question.
    var provesNoEffect: Bool {
        switch outcome {
        case "not_sent", "rejected", "rate_limited", "banned", "reduce_capacity", "clock_skew", "overloaded": true
        default: false
        }
    }
}
