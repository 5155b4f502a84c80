internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// P7: a trip latches before it acts, and acts once per episode, across restarts too.
///
/// A sweep serves a cause in force, begins once, and is taken up after a restart only where it had not ended, or its end
/// may not be written down. What was asked for before and had to wait is not sent any more, unless it only reduces. After
/// its end none of our orders of the scope works that could open, but those that the sweep named as left. A cause that
/// sweeps has its sweep begin, and a sweep ends, in bounded time of nothing in the way. One whose cause is released midway
/// is over in the same instant, and asks for no more than what became of its own cancels. Decisive: each sweep that began
/// or was taken up.
struct TripActsOnce: PromiseCheck {
    private struct Sweep: Sendable {
        var scope: CauseScope
        var begins = 0
        var endedAt: MonotonicInstant?
        var left: Set<String> = []
        /// The orders that it has sent a cancel for, by what they were first called.
        var cancelled: Set<String> = []
        /// When its cause was released before its end.
        var releasedAt: MonotonicInstant?
        /// The process that sweeps.
        var boot: Int
        /// True where nobody can be held to have written the end down.
        var mayGoOn = false

        var hasEnded: Bool { endedAt != nil && !mayGoOn }
    }

    /// How long before the death of a process something may not have been written down.
    private static let margin = Duration.seconds(1)

    let promise = Promise.tripActsOnce
    private(set) var finding = Finding()

    private var causes: [String: CauseScope] = [:]
    /// By the episode that the cause belongs to.
    private var episodes: [String: String] = [:]
    private var sweeps: [String: Sweep] = [:]
    private var waiting: [String: Origin] = [:]
    private var withdrawn: [String: String] = [:]
    private var living = LivingOrders()
    private var duties = SweepDuties()
    /// What an order was first called, by each of its later names.
    private var firstNames: [String: String] = [:]
    private var origins: [String: Origin] = [:]
    /// Of the orders that one request has ended, whose place another may take.
    private var ended: (request: String?, origins: [ClientOrderID: Origin]) = (nil, [:])
    private var hasDiskFailed = false
    /// When the cause of a sweep was released that had not ended.
    private var released: MonotonicInstant?

    mutating func observe(_ record: RunRecord) {
        if let since = released, since < record.at { expectOver(record) }
        for complaint in duties.observe(record) { finding.accuse(record, complaint) }
        switch record.body {
        case .run(let header): living.begin(header.positions)
        case .call(let call) where call.operation == .place:
            waiting[call.id] = Origin(symbol: call.symbol, strategy: call.strategy, account: call.account)
        case .result(let result):
            waiting[result.call] = nil
            withdrawn[result.call] = nil
        case .layer(.permission(let change)): follow(change, record)
        case .layer(.sweep(let sweep)): observe(sweep, record)
        case .request(let request): send(request, record)
        case .venue(let event): observe(event, record)
        case .disk(let disk) where disk.outcome != .done: hasDiskFailed = true
        case .crash:
            for (key, sweep) in sweeps {
                let isFresh = sweep.endedAt.map { $0.advanced(by: Self.margin) >= record.at } ?? false
                sweeps[key]?.mayGoOn = isFresh || hasDiskFailed
                sweeps[key]?.releasedAt = nil
            }
            released = nil
            hasDiskFailed = false
            causes = [:]
            waiting = [:]
            withdrawn = [:]
        default: break
        }
    }

    private mutating func follow(_ change: PermissionChange, _ record: RunRecord) {
        switch change.event {
        case .raised, .extended:
            causes[change.id] = change.scope
            episodes[change.id] = change.episode
            let key = key(change.id)
            if sweeps[key].map({ $0.boot != record.boot && $0.endedAt == nil }) ?? true {
                duties.demand(change, as: key, at: record.at)
            }
        case .cleared, .expired:
            causes[change.id] = nil
            let key = key(change.id)
            for complaint in duties.end(key, at: record.at) { finding.accuse(record, complaint) }
            guard let sweep = sweeps[key], sweep.boot == record.boot, sweep.endedAt == nil else { return }
            sweeps[key]?.releasedAt = record.at
            released = record.at
        }
    }

    /// What was released is over by now.
    private mutating func expectOver(_ record: RunRecord) {
        released = nil
        for (key, sweep) in sweeps.sorted(by: { $0.key < $1.key }) {
            guard let since = sweep.releasedAt else { continue }
            sweeps[key]?.releasedAt = nil
            if sweep.endedAt == nil {
                finding.accuse(record, "the sweep of \(key) goes on, though its cause was released at \(since)")
            }
        }
    }

    /// One cause under two names is one episode.
    private func key(_ cause: String) -> String { episodes[cause] ?? cause }

    private mutating func observe(_ event: SweepEvent, _ record: RunRecord) {
        let key = key(event.cause)
        var sweep = sweeps[key] ?? Sweep(scope: event.scope, boot: record.boot)
        defer { sweeps[key] = sweep }
        switch event.step {
        case .begin, .resumed:
            finding.checked += 1
            if causes[event.cause] == nil {
                finding.accuse(record, "the sweep of \(event.cause) has no cause in force")
            }
            if sweep.hasEnded {
                finding.accuse(record, "the sweep of \(event.cause) is made again after its end")
            } else if event.step == .begin, sweep.begins > 0 {
                finding.accuse(record, "the sweep of \(event.cause) begins a second time")
            }
            if event.step == .begin { sweep.begins += 1 }
            sweep.boot = record.boot
            sweep.endedAt = nil
            sweep.mayGoOn = false
            sweep.cancelled = []
            for complaint in duties.end(key, at: record.at) { finding.accuse(record, complaint) }
            duties.begin(event, as: key, at: record.at)
            withdraw(event)
        case .listed, .released: break
        case .residual: sweep.left.formUnion(event.orders.map(\.rawValue))
        case .end:
            if sweep.hasEnded { finding.accuse(record, "the sweep of \(event.cause) ends a second time") }
            sweep.endedAt = record.at
            for complaint in duties.end(key, at: record.at) { finding.accuse(record, complaint) }
            // Whoever was called off while he swept has nothing to answer for.
            guard causes[event.cause] != nil else { return }
            for order in living.openingOrders(in: event.scope, origins) where !sweep.left.contains(order) {
                finding.accuse(record, "order \(order) works after the sweep of \(event.cause), which does not name it")
            }
        }
    }

    private mutating func withdraw(_ sweep: SweepEvent) {
        for (call, origin) in waiting where sweep.scope.includes(origin) { withdrawn[call] = sweep.cause }
    }

    private mutating func send(_ request: RequestRecord, _ record: RunRecord) {
        if let call = request.call, request.operation == .place {
            let origin = waiting.removeValue(forKey: call)
            origins[request.id] = origin
            if let cause = withdrawn.removeValue(forKey: call), causes[cause] != nil, living.isNewOrder(request) {
                finding.accuse(record, "order \(request.id) had to wait and went out after the sweep of \(cause) began")
            }
        }
        guard let cause = request.sweptCause else { return }
        duties.send(request, for: key(cause))
        guard causes[cause] != nil else {
            // What became of a cancel that went out before the release is asked all the same.
            if request.operation == .query, let sweep = sweeps[key(cause)], sweep.boot == record.boot,
                !sweep.cancelled.isDisjoint(with: names(in: request))
            {
                return
            }
            finding.accuse(
                record, "\(request.operation.rawValue) \(request.id) sweeps for \(cause), which is not in force")
            return
        }
        let sweep = sweeps[key(cause)]
        if sweep == nil || sweep?.boot != record.boot {
            finding.accuse(record, "\(request.id) sweeps for \(cause) before the sweep began")
        } else if sweep?.hasEnded == true, request.operation.isCancel {
            finding.accuse(
                record, "\(request.operation.rawValue) \(request.id) sweeps for \(cause) after the sweep's end")
        }
        let names = names(in: request)
        if request.operation.isCancel { sweeps[key(cause)]?.cancelled.formUnion(names) }
    }

    /// The orders that a request names, each by what it was first called.
    private func names(in request: RequestRecord) -> Set<String> {
        Set((request.targets + [request.clientID?.rawValue].compactMap(\.self)).map { firstNames[$0] ?? $0 })
    }

    private mutating func observe(_ event: VenueEvent, _ record: RunRecord) {
        living.observe(event)
        guard let order = event.orderID?.rawValue else { return }
        note(event, order, record)
        switch event.kind {
        case .accepted:
            guard let request = event.request else { return }
            origins[order] = origins.removeValue(forKey: request) ?? Origin(symbol: event.symbol)
        case .replaced:
            // The old one has ended a moment before, or works on where that half of it failed.
            let origin = event.replaces.flatMap { client in
                ended.request == event.request && ended.origins[client] != nil
                    ? ended.origins[client] : living.another(than: order, named: client).flatMap { origins[$0] }
            }
            origins[order] = origin ?? Origin(symbol: event.symbol)
        case .cancelled, .expired:
            if ended.request != event.request { ended = (event.request, [:]) }
            if let client = event.clientID { ended.origins[client] = origins[order] }
            origins[order] = nil
        case .filled:
            if let remaining = event.remaining, remaining <= 0 { origins[order] = nil }
        default: break
        }
    }
}

extension TripActsOnce {
    /// What every move of an order means for sweeps: its names, and that something was still to be waited for.
    private mutating func note(_ event: VenueEvent, _ order: String, _ record: RunRecord) {
        switch event.kind {
        case .accepted, .replaced:
            if let client = event.clientID?.rawValue {
                let first = event.replaces?.rawValue ?? client
                firstNames[order] = firstNames[first] ?? first
                if client != first { firstNames[client] = firstNames[first] ?? first }
            }
        case .filled, .amended, .cancelled, .expired, .foreign: break
        case .arrived, .rejected, .duplicate, .limited, .banned, .connected, .disconnected: return
        }
        let origin = origins[order] ?? event.request.flatMap { origins[$0] }
        duties.move(origin ?? Origin(symbol: event.symbol), at: record.at)
    }
}

extension CauseScope {
    /// True for what the scope covers.
    func includes(_ origin: Origin) -> Bool {
        switch self {
        case .global: true
        case .account(let account): account == origin.account
        case .symbol(let symbol): symbol == origin.symbol
        case .strategy(let strategy): strategy == origin.strategy
        }
    }
}
