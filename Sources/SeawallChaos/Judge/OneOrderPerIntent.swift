internal import Seawall

/// P1: one intent, at most one order at the venue.
///
/// Decisive: a reply lost after the venue had taken the order.
struct OneOrderPerIntent: PromiseCheck {
    let promise = Promise.oneOrderPerIntent
    private(set) var finding = Finding()

    private var intentByCall: [String: String] = [:]
    private var intentByRequest: [String: String] = [:]
    private var ordersByIntent: [String: Set<VenueOrderID>] = [:]
    private var taken: Set<String> = []

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .call(let call) where call.operation == .place:
            intentByCall[call.id] = call.intent?.rawValue ?? call.id
        case .request(let request) where request.operation == .place:
            // A request that serves no call of the bot would be an order that nobody asked for.
            intentByRequest[request.id] = request.call.flatMap { intentByCall[$0] } ?? request.id
        case .venue(let event) where event.kind == .accepted:
            note(event, record)
        case .reply(let reply) where taken.contains(reply.id) && reply.wasLost:
            finding.checked += 1
        default:
            break
        }
    }

    private mutating func note(_ event: VenueEvent, _ record: RunRecord) {
        guard let request = event.request, let intent = intentByRequest[request], let order = event.orderID else {
            return
        }
        taken.insert(request)
        ordersByIntent[intent, default: []].insert(order)
        let count = ordersByIntent[intent]?.count ?? 0
        if count > 1 { finding.accuse(record, "intent \(intent) has \(count) orders at the venue") }
    }
}

extension ReplyRecord {
    /// The library learnt nothing from the answer: none came in time, or none that proves anything.
    var wasLost: Bool { event == .gaveUp || (event == .answered && outcome == "ambiguous") }
}
