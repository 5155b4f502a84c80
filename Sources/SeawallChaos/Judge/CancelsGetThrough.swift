internal import Seawall

/// P5: cancels are never behind new orders, never stopped by a pause or by the order breaker.
///
/// A cancel may wait for a ban or a Retry-After in its scope, for what freezes trading, for its own window, and, where the
/// venue cancels by its own ids alone, until any answer or event has told that of its order. Decisive: a cancel asked for
/// while trading was restricted, a breaker was not closed, or a new order waited.
struct CancelsGetThrough: PromiseCheck {
    /// A cancel, and those of its orders for which nothing was sent yet.
    private struct Waiting: Sendable {
        var call: CallRecord
        var since: MonotonicInstant
        var origin: Origin
        /// True once something was sent for others of its orders.
        var isPartlySent = false
    }

    let promise = Promise.cancelsGetThrough
    private(set) var finding = Finding()

    private var waiting: [String: Waiting] = [:]
    /// Cancels without an answer, with all that they mean.
    private var calls: [String: CallRecord] = [:]
    private var waitingOrders: Set<String> = []
    private var openBreakers: Set<String> = []
    private var causes = ActiveCauses()
    private var thawed = MonotonicInstant.origin
    private var asleepUntil = MonotonicInstant.origin
    /// When a cancel went out last: where many are asked for at once, the rest stands in line behind it.
    private var lastCancel = MonotonicInstant.origin
    private var road = CancelRoad()
    private var living = LivingOrders()
    private var names = NamedOrders()

    mutating func observe(_ record: RunRecord) {
        road.observe(record)
        names.observe(record)
        switch record.body {
        case .run(let header): living.begin(header.positions)
        case .call(let call) where call.operation.isCancel: ask(call, record)
        case .call(let call) where call.operation == .place: waitingOrders.insert(call.id)
        case .request(let request): send(request, record)
        case .result(let result): answer(result, record)
        case .layer(.permission(let change)): apply(change, record)
        case .layer(.breaker(let transition)):
            switch transition.to {
            case .closed, .disabled: openBreakers.remove(transition.name)
            case .open, .halfOpen, .isolated: openBreakers.insert(transition.name)
            }
        case .venue(let event): living.observe(event)
        case .world(let world) where world.event == .sleep:
            asleepUntil = max(asleepUntil, world.until ?? record.at)
        case .crash:
            // What a dead process did not send nobody waits for.
            waiting = [:]
            calls = [:]
            waitingOrders = []
            openBreakers = []
            causes.die()
        case .end:
            for cancel in inOrder where isOverdue(cancel, record.at) && isWanted(cancel) {
                finding.accuse(record, "cancel \(cancel.call.id) of \(cancel.since) was never sent")
            }
        default: break
        }
    }

    private var inOrder: [Waiting] { waiting.values.sorted { ($0.since, $0.call.id) < ($1.since, $1.call.id) } }

    private mutating func ask(_ call: CallRecord, _ record: RunRecord) {
        var call = call
        // To cancel all means those that live by now: what is placed meanwhile is left alone.
        if call.operation == .cancelAll {
            call.targets = living.names(of: call.symbol)
            if call.targets.isEmpty { return }
        }
        let origin = Origin(symbol: call.symbol, strategy: call.strategy, account: call.account)
        waiting[call.id] = Waiting(call: call, since: record.at, origin: origin)
        calls[call.id] = call
        let isRestricted = causes.restriction(of: origin, at: record.at) > .open
        if isRestricted || !openBreakers.isEmpty || !waitingOrders.isEmpty { finding.checked += 1 }
    }

    private mutating func apply(_ change: PermissionChange, _ record: RunRecord) {
        // A cause that time has ended is over already at the instant of which its record tells.
        let wasFrozen = causes.restriction(of: Origin(symbol: nil), at: record.at) == .frozen
        let hasEnded = change.event == .expired || change.event == .cleared
        if wasFrozen || (hasEnded && change.level == .frozen) { thawed = max(thawed, record.at) }
        causes.apply(change, at: record.at)
    }

    private mutating func send(_ request: RequestRecord, _ record: RunRecord) {
        if let call = request.call {
            waitingOrders.remove(call)
            if request.operation.isCancel { sent(request, of: call, record) }
        }
        if request.operation.isCancel { lastCancel = record.at }
        guard !waiting.isEmpty, living.isNewOrder(request) else { return }
        for cancel in inOrder where !isHeldUp(cancel, record.at) && isWanted(cancel) {
            // At one instant, and when a machine wakes, either may come first.
            guard max(cancel.since, asleepUntil) < record.at else { continue }
            finding.accuse(record, "new order \(request.id) went out while cancel \(cancel.call.id) waited")
        }
    }

    /// What a request names is on its way; the rest of its call waits on.
    private mutating func sent(_ request: RequestRecord, of call: String, _ record: RunRecord) {
        let named = Set(request.targets.compactMap(living.order(named:)))
        if request.operation == .cancel { sent(named, with: call, record) }
        guard let cancel = waiting[call] else { return }
        if isOverdue(cancel, record.at), isWanted(cancel) {
            finding.accuse(record, "cancel \(call) of \(cancel.since) went out only now")
        }
        let left = cancel.call.targets.filter { target in
            living.order(named: target).map { !named.contains($0) } ?? false
        }
        let isForAll = request.operation == .cancelAll || cancel.call.targets.count < 2
        waiting[call]?.call.targets = left
        waiting[call]?.isPartlySent = true
        if isForAll || left.isEmpty { waiting[call] = nil }
    }

    /// Whoever asked for the cancel of the same order before it went out has it sent with it.
    private mutating func sent(_ named: Set<VenueOrderID>, with call: String, _ record: RunRecord) {
        for cancel in inOrder where cancel.call.id != call {
            let orders = cancel.call.targets.map { ($0, living.order(named: $0)) }
            guard orders.contains(where: { $0.1.map(named.contains) ?? false }) else { continue }
            if isOverdue(cancel, record.at) {
                finding.accuse(record, "cancel \(cancel.call.id) of \(cancel.since) went out only now, with \(call)")
            }
            let left = orders.filter { $0.1.map { !named.contains($0) } ?? false }.map(\.0)
            waiting[cancel.call.id]?.call.targets = left
            waiting[cancel.call.id]?.isPartlySent = true
            if left.isEmpty { waiting[cancel.call.id] = nil }
        }
    }

    private mutating func answer(_ result: ResultRecord, _ record: RunRecord) {
        waitingOrders.remove(result.call)
        if let call = calls.removeValue(forKey: result.call), result.answer == .accepted,
            let order = living.order(of: call)
        {
            finding.accuse(record, "cancel \(result.call) was called done, though \(order) lives")
        }
        guard let cancel = waiting.removeValue(forKey: result.call), result.answer != .accepted else { return }
        // Who goes away himself was not stopped.
        let hasLeft = result.answer == .threw && result.reason == "CancellationError"
        if !hasLeft, isWanted(cancel), !isHeldUp(cancel, record.at), openFrom(cancel) <= cancel.since {
            let reason = result.reason ?? "no reason"
            finding.accuse(record, "cancel \(result.call) was \(result.answer.rawValue) and never sent: \(reason)")
        }
    }

    /// False where nothing has to be sent for what is left of several: all have ended, or those that were held up may have
    /// come to the end of their patience, which only the result of all tells.
    private func isWanted(_ cancel: Waiting) -> Bool {
        if cancel.call.operation == .cancel { return true }
        if cancel.isPartlySent, openFrom(cancel) > cancel.since { return false }
        return living.order(of: cancel.call) != nil
    }

    /// True where something that may stop a cancel does.
    private func isHeldUp(_ cancel: Waiting, _ now: MonotonicInstant) -> Bool {
        end(of: cancel) > now || road.isBusy(at: now)
    }

    /// When the last of what may have stopped a cancel is over.
    private func end(of cancel: Waiting) -> MonotonicInstant {
        max(openFrom(cancel), names.sendable(cancel.call) ?? .distantFuture)
    }

    /// When the last of what may have stopped any cancel of its scope is over.
    private func openFrom(_ cancel: Waiting) -> MonotonicInstant {
        max(road.shutUntil, thawed, causes.thaw(of: cancel.origin) ?? .origin)
    }

    /// A cancel that waits longer than the longest window of the venue, with nothing shut, awake, told of nobody else who
    /// spends, and with no other cancel before it, was forgotten.
    private func isOverdue(_ cancel: Waiting, _ now: MonotonicInstant) -> Bool {
        let free = max(cancel.since, end(of: cancel), asleepUntil, road.othersToldAt, lastCancel)
        return free.advanced(by: road.longestWindow + .seconds(1)) < now
    }
}

extension BrokerOperation {
    /// One of the calls that cancel.
    var isCancel: Bool { self == .cancel || self == .cancelMany || self == .cancelAll }
}
