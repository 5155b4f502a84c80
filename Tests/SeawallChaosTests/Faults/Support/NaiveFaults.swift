import SeawallBroker
import SeawallTime

@testable import SeawallChaos

/// What should strike, found out from the whole history of calls each time anew, for plans without draws.
struct NaiveFaults {
    /// One call that was counted.
    struct Call {
        var call: BrokerCall
        var now: MonotonicInstant
    }

    var plan: FaultPlan
    var history: [Call] = []

    /// Who strikes each call of the history, by site: the place in the plan and the number of the call.
    func strikes(at site: FaultSite) -> [(index: Int, number: Int)?] {
        var struckAt: [Int: [Int]] = [:]
        return history.indices.map { position in
            for (index, action) in plan.actions.enumerated() where action.effect.site == site {
                guard strikes(index, action, at: position, struckAt[index] ?? []) else { continue }
                struckAt[index, default: []].append(position)
                return (index, matches(action, before: position) + 1)
            }
            return nil
        }
    }

    /// How many calls the fault matches in all.
    func matched(_ action: FaultAction) -> Int { matches(action, before: history.count) }

    private func matches(_ action: FaultAction, before position: Int) -> Int {
        history[..<position].count { isMatch(action, $0.call) }
    }

    private func isMatch(_ action: FaultAction, _ call: BrokerCall) -> Bool {
        let (match, effect) = (action.match, action.effect)
        if let strikable = effect.strikable, !strikable.contains(call.operation) { return false }
        return (match.operations?.contains(call.operation) ?? true)
            && (match.symbol == nil || match.symbol == call.symbol) && (match.side == nil || match.side == call.side)
            && match.lane == nil
    }

    private func strikes(_ index: Int, _ action: FaultAction, at position: Int, _ struckAt: [Int]) -> Bool {
        let call = history[position]
        guard isMatch(action, call.call) else { return false }
        if case .outage(let length, _) = action.effect {
            // The strikes that began an outage are those that no earlier one still held.
            var end: MonotonicInstant?
            var begun = 0
            for struck in struckAt where end.map({ history[struck].now >= $0 }) ?? true {
                end = history[struck].now.advanced(by: length)
                begun += 1
            }
            if let end, call.now < end { return true }
            if let times = action.times, begun >= times { return false }
        } else if let times = action.times, struckAt.count >= times {
            return false
        }
        let age = MonotonicInstant.origin.duration(to: call.now)
        if age < action.from { return false }
        if let until = action.until, age >= until { return false }
        return matches(action, before: position) >= action.after
    }
}
