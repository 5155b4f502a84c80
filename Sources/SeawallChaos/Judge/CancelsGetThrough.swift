internal import Seawall

/// P5: cancels are never behind new orders, never stopped by a pause or by the order breaker.
///
/// Decisive: a cancel asked for while trading was restricted, a breaker was not closed, or a new order waited.
struct CancelsGetThrough: PromiseCheck {
    private struct Waiting: Sendable {
        var call: String
        var since: MonotonicInstant
    }

    let promise = Promise.cancelsGetThrough
    private(set) var finding = Finding()

    private var waiting: [String: Waiting] = [:]
    private var waitingOrders: Set<String> = []
    private var openBreakers: Set<String> = []
    private var causes = ActiveCauses()
    private var shutUntil = MonotonicInstant.origin

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .call(let call) where call.operation.isCancel:
            waiting[call.id] = Waiting(call: call.id, since: record.at)
            let level = causes.level(at: record.at, symbol: call.symbol, strategy: call.strategy)
            if level < .open || !openBreakers.isEmpty || !waitingOrders.isEmpty { finding.checked += 1 }
        case .call(let call) where call.operation == .place:
            waitingOrders.insert(call.id)
        case .request(let request):
            observe(request, record)
        case .result(let result):
            observe(result, record)
        case .reply(let reply):
            if let until = reply.until { shutUntil = max(shutUntil, until) }
        case .layer(.permission(let change)):
            causes.apply(change)
        case .layer(.breaker(let transition)):
            if transition.to.rawValue == "closed" {
                openBreakers.remove(transition.name)
            } else {
                openBreakers.insert(transition.name)
            }
        case .end:
            for cancel in waiting.values.sorted(by: { $0.call < $1.call }) where isOverdue(cancel, record.at) {
                finding.accuse(record, "cancel \(cancel.call) of \(cancel.since) was never sent")
            }
        default:
            break
        }
    }

    private mutating func observe(_ request: RequestRecord, _ record: RunRecord) {
        if let call = request.call {
            waitingOrders.remove(call)
            if request.operation.isCancel { waiting[call] = nil }
        }
        guard request.lane == .newOrder else { return }
        for cancel in waiting.values.sorted(by: { $0.call < $1.call }) where cancel.since < record.at {
            finding.accuse(record, "new order \(request.id) went out while cancel \(cancel.call) waited")
        }
    }

    private mutating func observe(_ result: ResultRecord, _ record: RunRecord) {
        waitingOrders.remove(result.call)
        guard waiting.removeValue(forKey: result.call) != nil, result.answer == .denied else { return }
        let isFrozen = causes.level(at: record.at, symbol: nil, strategy: nil) == .frozen
        if !isFrozen, record.at >= shutUntil {
            finding.accuse(record, "cancel \(result.call) was denied: \(result.reason ?? "no reason")")
        }
    }

    /// A cancel that waits longer than the longest window of any venue here, with nothing shut, was forgotten.
    private func isOverdue(_ cancel: Waiting, _ now: MonotonicInstant) -> Bool {
        max(cancel.since, shutUntil).advanced(by: .seconds(61)) < now
    }
}

extension BrokerOperation {
    /// One of the calls that cancel.
    var isCancel: Bool { self == .cancel || self == .cancelMany || self == .cancelAll }
}
