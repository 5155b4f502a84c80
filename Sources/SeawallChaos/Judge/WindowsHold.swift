internal import Seawall

/// P4: no window of the venue's own shape ever holds more than its limit.
///
/// Counted is what our requests cost, from their arrival at the venue on, by restarted processes too; what a venue
/// refuses only where it counts that. What somebody else spends is not ours, nor what a fault makes arrive a second
/// time; but where the venue says stop, and neither explains it in a window that the request counts in, we spent it.
/// Orders that are open at once have no window and are not counted. Decisive: each time a window is filled to at least
/// half.
struct WindowsHold: PromiseCheck {
    private struct Key: Hashable, Sendable {
        var limit: Int
        var symbol: Symbol?
    }

    /// One window: what we filled it with, and where something arrived twice or others spent, with that.
    private struct Counter: Sendable {
        var own: JudgedWindow
        var whole: JudgedWindow?
        /// Up to when what others spent is in it.
        var othersUntil = MonotonicInstant.origin
    }

    /// A second process that keeps what is spent at so much of every limit.
    private struct Others: Sendable {
        var perMille = 0
        var until = MonotonicInstant.origin

        /// True where what was spent may still be in the window of a limit.
        func isIn(_ rule: LimitRule, at now: MonotonicInstant) -> Bool { now < until.advanced(by: rule.window) }
    }

    /// What the request that has just arrived was charged, and whether that explains a refusal.
    private struct Arrival: Sendable {
        var request: String?
        var charges: [(key: Key, weight: Int)] = []
        var isExplained = false
    }

    let promise = Promise.windowsHold
    private(set) var finding = Finding()

    private var profile: VenueProfile?
    private var limits: [LimitRule] = []
    /// Of each limit, whether what is refused counts.
    private var countsRefused: [Bool] = []
    private var civilAtZero = CivilInstant(nanosecondsSinceEpoch: 0)
    private var counters: [Key: Counter] = [:]
    private var halfFull: Set<Key> = []
    private var onTheirWay: [String: RequestRecord] = [:]
    /// Struck by a fault, so that it may arrive again.
    private var struck: Set<String> = []
    private var arrivedOnce: [String: RequestRecord] = [:]
    private var ages = OrderAges()
    /// By which request an order came to be, until it begins to fill.
    private var requestByOrder: [VenueOrderID: String] = [:]
    /// Until when the venue refuses in a scope, whatever is spent.
    private var shut: [LimitScope: MonotonicInstant] = [:]
    /// Whoever spent beside us, the last one last.
    private var others: [Others] = []
    private var last = Arrival()

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header):
            profile = header.venue
            limits = header.venue.limits
            countsRefused = limits.map(header.countsRefused)
            civilAtZero = header.civilAtZero
        case .request(let request): onTheirWay[request.id] = request
        case .fault(let fault): if let request = fault.request { struck.insert(request) }
        case .reply(let reply):
            guard reply.event != .gaveUp else { return }
            struck.remove(reply.id)
            arrivedOnce[reply.id] = nil
        case .world(let world) where world.event == .secondProcess:
            others.append(Others(perMille: world.perMille ?? 1_000, until: world.until ?? record.at))
        case .venue(let event): observe(event, record)
        default: break
        }
    }

    private mutating func observe(_ event: VenueEvent, _ record: RunRecord) {
        switch event.kind {
        case .arrived:
            guard let id = event.request else { return }
            last = Arrival(request: id)
            if let request = onTheirWay.removeValue(forKey: id) {
                if struck.contains(id) { arrivedOnce[id] = request }
                arrive(request, record)
            } else if let request = arrivedOnce[id] {
                arriveAgain(request, record)
            }
        case .limited, .banned: refuse(event, record)
        case .accepted, .replaced:
            if let order = event.orderID, profile?.limits.contains(where: \.releasesOnFill) == true {
                requestByOrder[order] = event.request
            }
        case .filled: release(event, record)
        case .amended, .cancelled, .expired, .rejected, .duplicate, .foreign, .connected, .disconnected: break
        }
        ages.observe(event, at: record.at)
    }

    private mutating func arrive(_ request: RequestRecord, _ record: RunRecord) {
        for (index, rule) in limits.enumerated() where rule.counts != .open {
            let weight = cost(of: request, in: rule, at: record.at)
            guard weight > 0 else { continue }
            let key = Key(limit: index, symbol: rule.isPerSymbol ? request.symbol : nil)
            var counter = counters[key] ?? Counter(own: JudgedWindow(rule, civilAtZero: civilAtZero))
            countOthers(in: &counter, rule, at: record.at)
            let used = counter.own.charge(weight, at: record.at, request: request.id)
            let all = counter.whole?.charge(weight, at: record.at, request: request.id) ?? used
            counters[key] = counter
            last.charges.append((key, weight))
            if used.multipliedSaturating(by: 2) < rule.limit {
                halfFull.remove(key)
            } else if halfFull.insert(key).inserted {
                finding.checked += 1
            }
            explain(max(used, all), in: rule, at: record.at)
            guard used > rule.limit else { continue }
            let whose = key.symbol.map { " of \($0)" } ?? ""
            finding.accuse(
                record,
                "\(request.operation.rawValue) \(request.id) fills \(rule.name)\(whose) to \(used) of \(rule.limit)")
        }
    }

    /// What others spent falls with what we spend, and is there until the whole has fallen to nothing.
    private func countOthers(in counter: inout Counter, _ rule: LimitRule, at now: MonotonicInstant) {
        guard rule.shape == .decay, let others = others.last, others.until > counter.othersUntil else { return }
        var whole = counter.whole ?? counter.own
        let instant = min(now, others.until)
        whole.lift(to: rule.limit.multipliedSaturating(by: others.perMille) / 1_000, at: instant)
        counter.whole = whole
        counter.othersUntil = instant
    }

    /// A window that is used up, with what others may have put into it, explains a refusal.
    private mutating func explain(_ used: Int, in rule: LimitRule, at now: MonotonicInstant) {
        let all = others.reduce(used) { used, others in
            guard others.isIn(rule, at: now) else { return used }
            return used.addingSaturating(rule.limit.multipliedSaturating(by: others.perMille) / 1_000)
        }
        if all > rule.limit { last.isExplained = true }
    }

    /// What a fault doubles fills the window too, but not by our doing.
    private mutating func arriveAgain(_ request: RequestRecord, _ record: RunRecord) {
        for (index, rule) in limits.enumerated() where rule.counts != .open {
            let weight = cost(of: request, in: rule, at: record.at)
            guard weight > 0 else { continue }
            let key = Key(limit: index, symbol: rule.isPerSymbol ? request.symbol : nil)
            var counter = counters[key] ?? Counter(own: JudgedWindow(rule, civilAtZero: civilAtZero))
            var whole = counter.whole ?? counter.own
            explain(whole.charge(weight, at: record.at, request: request.id), in: rule, at: record.at)
            counter.whole = whole
            counters[key] = counter
            last.charges.append((key, weight))
        }
    }

    private func cost(of request: RequestRecord, in rule: LimitRule, at now: MonotonicInstant) -> Int {
        var weight = request.weights[rule.name] ?? 0
        guard let steps = profile?.costsByAge[request.operation]?[rule.name] else { return weight }
        for target in request.targets {
            guard let age = ages.age(of: target, at: now) else { continue }
            weight = weight.addingSaturating(steps.first { age < $0.under }?.cost ?? 0)
        }
        return weight
    }

    /// A refusal for a limit, of which only the first says that a window was overrun; the rest went into it.
    private mutating func refuse(_ event: VenueEvent, _ record: RunRecord) {
        if event.request == last.request { takeBack(at: record.at) }
        guard let scope = event.limitScope else { return }
        let isNew = record.at >= (shut[scope] ?? .origin)
        shut[scope] = max(shut[scope] ?? .origin, event.until ?? .origin)
        let isExplained = event.request == last.request && last.isExplained
        if event.kind == .limited, isNew, !isExplained {
            finding.accuse(
                record, "the venue refused \(event.request ?? "a request"): \(event.reason ?? "a limit") in \(scope)")
        }
    }

    /// What was refused fills nothing where the venue does not count it.
    private mutating func takeBack(at now: MonotonicInstant) {
        guard let request = last.request else { return }
        for (key, weight) in last.charges where !countsRefused[key.limit] {
            counters[key]?.own.takeBack(weight, of: request, at: now)
            counters[key]?.whole?.takeBack(weight, of: request, at: now)
        }
        last.charges = []
    }

    private mutating func release(_ event: VenueEvent, _ record: RunRecord) {
        guard let order = event.orderID, let request = requestByOrder.removeValue(forKey: order) else { return }
        for (index, rule) in limits.enumerated() where rule.releasesOnFill {
            let key = Key(limit: index, symbol: rule.isPerSymbol ? event.symbol : nil)
            counters[key]?.own.release(request, at: record.at)
            counters[key]?.whole?.release(request, at: record.at)
        }
    }
}
