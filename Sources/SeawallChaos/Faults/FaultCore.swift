internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// The core of a plan of faults at work: counts calls and says which fault strikes.
///
/// A fault's draws depend on the seed, the fault itself and the number of the call among those it matches, and on
/// nothing else: taking one fault out of a plan leaves the strikes of the others where they were, unless it stood
/// before them.
struct FaultCore: Sendable {
    private struct State: Sendable {
        var key: String
        var matched = 0
        var strikes = 0
        var outageEnd: MonotonicInstant?
    }

    let plan: FaultPlan
    private let seed: UInt64
    private let start: MonotonicInstant
    private var states: [State]
    private var calls: [BrokerOperation: Int] = [:]
    private var counts: [String: [BrokerOperation: Int]] = [:]

    init(plan: FaultPlan, seed: UInt64, stream: String, start: MonotonicInstant) {
        self.plan = plan
        self.seed = seed
        self.start = start
        var seen: [String: Int] = [:]
        states = plan.actions.map { action in
            let twins = seen[action.drawKey, default: 0]
            seen[action.drawKey] = twins + 1
            return State(key: "\(stream)/\(action.drawKey)/\(twins)")
        }
    }

    /// How many calls of an operation there were.
    func callCount(of operation: BrokerOperation) -> Int { calls[operation] ?? 0 }

    /// How often each fault struck each operation, in order of names.
    var report: [FaultCount] {
        counts.sorted { $0.key < $1.key }.flatMap { fault, operations in
            operations.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { FaultCount(fault: fault, operation: $0.key, count: $0.value) }
        }
    }

    /// Counts a call, and says which faults strike it; `fits` says what the call's answer allows.
    ///
    /// Where the machine goes down before the call is sent, no fault of the call has anything to strike.
    mutating func call(
        _ call: BrokerCall, lane: Lane?, now: MonotonicInstant, fits: (FaultEffect) -> Bool
    ) -> (world: FaultHit?, call: FaultHit?) {
        calls[call.operation, default: 0] += 1
        let world = strike(.world, call, lane: lane, now: now) { _ in true }
        let isSent = world?.action.effect != .crash(.before)
        return (world, strike(.call, call, lane: lane, now: now, mayStrike: isSent, fits: fits))
    }

    /// Counts fills that come on a stream or in an answer, and says which fault strikes them.
    mutating func fills(of call: BrokerCall, lane: Lane?, now: MonotonicInstant) -> FaultHit? {
        strike(.fills, call, lane: lane, now: now) { _ in true }
    }

    private mutating func strike(
        _ site: FaultSite, _ call: BrokerCall, lane: Lane?, now: MonotonicInstant, mayStrike: Bool = true,
        fits: (FaultEffect) -> Bool
    ) -> FaultHit? {
        var winner: FaultHit?
        for index in plan.actions.indices {
            let action = plan.actions[index]
            guard action.effect.site == site, action.match.matches(call, lane: lane) else { continue }
            guard action.effect.strikable?.contains(call.operation) != false, fits(action.effect) else { continue }
            states[index].matched += 1
            guard mayStrike, winner == nil, strikes(action, &states[index], now) else { continue }
            winner = FaultHit(index: index, action: action, number: states[index].matched)
        }
        if let winner { counts[winner.action.name, default: [:]][call.operation, default: 0] += 1 }
        return winner
    }

    private func strikes(_ action: FaultAction, _ state: inout State, _ now: MonotonicInstant) -> Bool {
        if let end = state.outageEnd, now < end { return true }
        let age = start.duration(to: now)
        guard age >= action.from, action.until.map({ age < $0 }) ?? true else { return false }
        guard state.matched > action.after, action.times.map({ state.strikes < $0 }) ?? true else { return false }
        guard isDrawn(action, state) else { return false }
        state.strikes += 1
        if case .outage(let duration, _) = action.effect { state.outageEnd = now.advanced(by: duration) }
        return true
    }

    private func isDrawn(_ action: FaultAction, _ state: State) -> Bool {
        if action.probability >= 1 { return true }
        var generator = SeededGenerator(seed: seed, stream: "\(state.key)/\(state.matched)")
        return generator.chance(action.probability)
    }
}

extension FaultAction {
    /// What makes the fault's draws its own.
    fileprivate var drawKey: String {
        let operations = match.operations?.map(\.rawValue).sorted().joined(separator: ",") ?? "*"
        let rest = [match.symbol?.rawValue, match.side?.rawValue, match.lane?.rawValue].map { $0 ?? "*" }
        let when = "\(after)|\(times ?? 0)|\(probability)|\(from)|\(until ?? .zero)"
        return ([name, effect.name, operations] + rest + [when]).joined(separator: "|")
    }
}
