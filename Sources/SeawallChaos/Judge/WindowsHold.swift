internal import Seawall

/// P4: no window of the venue's own shape ever holds more than its limit.
///
/// Counted is what our requests cost, from their arrival at the venue on, by restarted processes too. What somebody else
/// spends is not ours; but where the venue says stop for no reason of that kind, we spent it. Orders that are open at
/// once have no window and are not counted. Decisive: each time a window is filled to at least half.
struct WindowsHold: PromiseCheck {
    private struct Key: Hashable, Sendable {
        var limit: Int
        var symbol: Symbol?
    }

    let promise = Promise.windowsHold
    private(set) var finding = Finding()

    private var profile: VenueProfile?
    private var limits: [LimitRule] = []
    private var civilAtZero = CivilInstant(nanosecondsSinceEpoch: 0)
    private var windows: [Key: JudgedWindow] = [:]
    private var halfFull: Set<Key> = []
    private var onTheirWay: [String: RequestRecord] = [:]
    private var ages = OrderAges()
    /// Until when the venue refuses in a scope, whatever is spent.
    private var shut: [LimitScope: MonotonicInstant] = [:]
    private var othersUntil = MonotonicInstant.origin
    private var justArrived: String?
    private var justOverran = false

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header):
            profile = header.venue
            limits = header.venue.limits
            civilAtZero = header.civilAtZero
        case .request(let request): onTheirWay[request.id] = request
        case .world(let world) where world.event == .secondProcess:
            let longest = limits.map(\.window).max() ?? .zero
            othersUntil = max(othersUntil, (world.until ?? record.at).advanced(by: longest))
        case .venue(let event): observe(event, record)
        default: break
        }
    }

    private mutating func observe(_ event: VenueEvent, _ record: RunRecord) {
        switch event.kind {
        case .arrived:
            guard let id = event.request, let request = onTheirWay.removeValue(forKey: id) else { return }
            justArrived = id
            justOverran = false
            arrive(request, record)
        case .limited, .banned: refuse(event, record)
        case .filled: release(event, record)
        case .accepted, .amended, .cancelled, .expired, .rejected, .duplicate, .replaced, .foreign: break
        }
        ages.observe(event, at: record.at)
    }

    private mutating func arrive(_ request: RequestRecord, _ record: RunRecord) {
        for (index, rule) in limits.enumerated() where rule.counts != .open {
            let weight = cost(of: request, in: rule, at: record.at)
            guard weight > 0 else { continue }
            let key = Key(limit: index, symbol: rule.isPerSymbol ? request.symbol : nil)
            let order = rule.releasesOnFill && request.operation == .place ? request.clientID?.rawValue : nil
            let used = windows[key, default: JudgedWindow(rule, civilAtZero: civilAtZero)].charge(
                weight, at: record.at, order: order)
            if used.multipliedSaturating(by: 2) < rule.limit {
                halfFull.remove(key)
            } else if halfFull.insert(key).inserted {
                finding.checked += 1
            }
            guard used > rule.limit else { continue }
            justOverran = true
            let whose = key.symbol.map { " of \($0)" } ?? ""
            finding.accuse(
                record,
                "\(request.operation.rawValue) \(request.id) fills \(rule.name)\(whose) to \(used) of \(rule.limit)")
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
        guard let scope = event.limitScope else { return }
        let isNew = record.at >= (shut[scope] ?? .origin)
        shut[scope] = max(shut[scope] ?? .origin, event.until ?? .origin)
        let isSeen = event.request == justArrived && justOverran
        if event.kind == .limited, isNew, !isSeen, record.at >= othersUntil {
            finding.accuse(
                record, "the venue refused \(event.request ?? "a request"): \(event.reason ?? "a limit") in \(scope)")
        }
    }

    private mutating func release(_ event: VenueEvent, _ record: RunRecord) {
        guard let client = event.clientID?.rawValue else { return }
        for (index, rule) in limits.enumerated() where rule.releasesOnFill {
            let key = Key(limit: index, symbol: rule.isPerSymbol ? event.symbol : nil)
            windows[key]?.release(client, at: record.at)
        }
    }
}
