import Seawall
import SeawallChaos

/// Goes along with a run and works out from its calls how often each fault of its plan must strike.
///
/// It is told of calls alone. What a fault needs beyond a call (a fill, an event of a stream, an older answer, a second
/// page) it does not know: such a fault may strike, and is never said to be sure to.
struct StrikeForecast: Sendable {
    private struct State: Sendable {
        var action: FaultAction
        var operations: Set<BrokerOperation>
        var isForeseeable: Bool
        /// True where each call of it that comes in time is struck, whichever were before.
        var takesEveryCall: Bool
        var matched = 0
        var expected = 0.0
    }

    private var states: [State]

    private(set) var odds = StrikeOdds()

    init(plan: FaultPlan) {
        states = plan.actions.map { action in
            let isForeseeable = action.isForeseeable
            return State(
                action: action, operations: action.operations, isForeseeable: isForeseeable,
                takesEveryCall: isForeseeable && action.probability >= 1
                    && (action.times == nil || action.operations.count == 1))
        }
    }

    /// A call goes to the venue.
    mutating func call(_ operation: BrokerOperation, at now: MonotonicInstant) {
        let age = MonotonicInstant.origin.duration(to: now)
        // How likely it is that no fault before has struck the call: of each kind one strikes, the first in the plan.
        var unstruck: [FaultSite: Double] = [:]
        for index in states.indices where states[index].operations.contains(operation) {
            let action = states[index].action
            states[index].matched += 1
            guard age >= action.from, action.until.map({ age < $0 }) ?? true, states[index].matched > action.after
            else { continue }
            let site = action.effect.site
            let left = unstruck[site] ?? 1
            var odds = StrikeOdds.Odds()
            if states[index].isForeseeable {
                let turns = action.times.map { max(0, 1 - states[index].expected / Double(max(1, $0))) } ?? 1
                odds.expected = left * action.probability * turns
                odds.certain = states[index].takesEveryCall && left >= 1 ? 1 : 0
                states[index].expected += odds.expected
            }
            self.odds.add(odds, to: "\(action.name) \(operation.rawValue)")
            unstruck[site] = left * (1 - action.probability)
        }
    }
}

extension FaultAction {
    /// True where a call of its operations is all that it needs to strike.
    fileprivate var isForeseeable: Bool {
        guard match.symbol == nil, match.side == nil, match.lane == nil else { return false }
        return switch effect {
        case .emptyList, .answer, .oldAnswer, .failedPage, .hiddenOrder, .reorder, .halfAmend(.order): false
        default: effect.site == .call || effect.site == .world
        }
    }
}
