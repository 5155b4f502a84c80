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
        var hasStruck = false
        /// Why it did not strike when its turn had come; the last time.
        var hindrance: String?
        var outageEnd: MonotonicInstant?
        var heldUntil: MonotonicInstant?

        func isInOutage(_ now: MonotonicInstant) -> Bool { outageEnd.map { now < $0 } ?? false }
    }

    let plan: FaultPlan
    private let seed: UInt64
    private let start: MonotonicInstant
    private let sites: [FaultSite]
    private let reach: [Set<BrokerOperation>]
    private var states: [State]
    private var calls: [BrokerOperation: Int] = [:]
    private var counts: [String: [BrokerOperation: Int]] = [:]

    init(plan: FaultPlan, seed: UInt64, stream: String, start: MonotonicInstant) {
        self.plan = plan
        self.seed = seed
        self.start = start
        sites = plan.actions.map(\.effect.site)
        reach = plan.actions.map(\.operations)
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

    /// The faults that have not struck so far, in order of the plan.
    var unstruck: [UnstruckFault] {
        states.indices.filter { !states[$0].hasStruck }.map { index in
            UnstruckFault(
                index: index, fault: plan.actions[index].name, matched: states[index].matched,
                reason: states[index].hindrance)
        }
    }

    /// Counts a call that no fault is about.
    mutating func count(_ operation: BrokerOperation) { calls[operation, default: 0] += 1 }

    /// Counts a call, and says which faults strike it; `fits` says what the call and its answer allow.
    ///
    /// Where the machine goes down before the call is sent, no fault of the call has anything to strike. A fault of the
    /// world is passed over while there is nothing of the world that it could strike.
    ///
    /// - Parameter hindrances: Why a fault of the world cannot strike now, by its place in the plan.
    mutating func call(
        _ call: BrokerCall, lane: Lane?, now: MonotonicInstant, hindrances: [Int: String] = [:],
        fits: (FaultEffect) -> Bool
    ) -> FaultVerdict {
        count(call.operation)
        var verdict = FaultVerdict()
        verdict.world = strike(
            .world, call, lane: lane, now: now, hindrances: hindrances, &verdict.releases
        ) { _ in true }
        let isSent = verdict.world?.action.effect != .crash(.before)
        verdict.call = strike(
            .call, call, lane: lane, now: now, mayStrike: isSent, &verdict.releases, fits: fits)
        return verdict
    }

    /// Counts fills that come on a stream or in an answer, and says which fault strikes them.
    mutating func fills(of call: BrokerCall, lane: Lane?, now: MonotonicInstant) -> FaultHit? {
        var none: [Int] = []
        return strike(.fills, call, lane: lane, now: now, &none) { _ in true }
    }

    /// Counts an event of a stream, and says which fault strikes it; `fits` says what the event allows.
    mutating func event(of call: BrokerCall, now: MonotonicInstant, fits: (FaultEffect) -> Bool) -> FaultHit? {
        var none: [Int] = []
        return strike(.stream, call, lane: nil, now: now, &none) { !$0.isOfConnections && fits($0) }
    }

    /// Counts a connection of a stream, and says which fault strikes it.
    mutating func connection(of call: BrokerCall, now: MonotonicInstant) -> FaultHit? {
        var none: [Int] = []
        return strike(.stream, call, lane: nil, now: now, &none) { $0.isOfConnections }
    }

    private mutating func strike(
        _ site: FaultSite, _ call: BrokerCall, lane: Lane?, now: MonotonicInstant, mayStrike: Bool = true,
        hindrances: [Int: String] = [:], _ releases: inout [Int], fits: (FaultEffect) -> Bool
    ) -> FaultHit? {
        var winner: FaultHit?
        for index in plan.actions.indices where sites[index] == site {
            let action = plan.actions[index]
            guard reach[index].contains(call.operation), action.match.matches(call, lane: lane) else { continue }
            guard fits(action.effect) else { continue }
            states[index].matched += 1
            if let end = states[index].heldUntil {
                // The partner that a held call waits for cannot itself be held, or each would wait for the other.
                states[index].heldUntil = nil
                releases.append(index)
                if now < end { continue }
            }
            guard mayStrike, winner == nil, isDue(action, states[index], now) else { continue }
            states[index].hindrance = hindrances[index]
            if hindrances[index] != nil { continue }
            begin(action, &states[index], now)
            winner = FaultHit(index: index, action: action, number: states[index].matched)
        }
        if let winner {
            states[winner.index].hasStruck = true
            counts[winner.action.name, default: [:]][call.operation, default: 0] += 1
        }
        return winner
    }

    private func isDue(_ action: FaultAction, _ state: State, _ now: MonotonicInstant) -> Bool {
        if state.isInOutage(now) { return true }
        let age = start.duration(to: now)
        guard age >= action.from, action.until.map({ age < $0 }) ?? true else { return false }
        guard state.matched > action.after, action.times.map({ state.strikes < $0 }) ?? true else { return false }
        return isDrawn(action, state)
    }

    private func begin(_ action: FaultAction, _ state: inout State, _ now: MonotonicInstant) {
        if state.isInOutage(now) { return }
        state.strikes += 1
        switch action.effect {
        case .outage(let duration, _): state.outageEnd = now.advanced(by: duration)
        case .reorder(let duration): state.heldUntil = now.advanced(by: duration)
        default: break
        }
    }

    private func isDrawn(_ action: FaultAction, _ state: State) -> Bool {
        if action.probability >= 1 { return true }
        var generator = SeededGenerator(seed: seed, stream: "\(state.key)/\(state.matched)")
        return generator.chance(action.probability)
    }
}

extension FaultEffect {
    /// True for what is counted by the connection and not by the event.
    var isOfConnections: Bool {
        if case .streamFlap = self { true } else { false }
    }
}

extension FaultAction {
    /// What makes the fault's draws its own.
    fileprivate var drawKey: String {
        let operations = match.operations?.map(\.rawValue).sorted().joined(separator: ",") ?? "*"
        let rest = [match.symbol?.rawValue, match.side?.rawValue, match.lane?.rawValue].map { $0 ?? "*" }
        // Not `until`: a fault that is ended sooner strikes as before until then.
        let when = "\(after)|\(times ?? 0)|\(probability)|\(from)"
        return ([name, effect.name, operations] + rest + [when]).joined(separator: "|")
    }
}
