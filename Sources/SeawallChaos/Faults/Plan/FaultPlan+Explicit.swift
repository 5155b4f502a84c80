internal import SeawallBroker
internal import SeawallTime

extension FaultPlan {
    /// The plan that strikes exactly the calls that these strikes struck, and draws nothing.
    ///
    /// Each strike becomes a fault of its own, so that a shrinker can take them out one by one. It counts the calls as
    /// its fault did. What an outage did to a call becomes the error that the call got, since an outage of its own would
    /// strike the calls behind it too. A fault keeps the end that it had, so that a plan that heals is one that heals.
    public static func explicit(_ strikes: [FaultStrike]) -> FaultPlan {
        FaultPlan(strikes.map(\.asAction))
    }
}

extension FaultStrike {
    fileprivate var asAction: FaultAction {
        var effect = action.effect
        var end = action.until
        if case .outage(let duration, let form) = effect {
            effect = .error(form.faultError)
            // An outage that began in time strikes on behind its end.
            end = end.map { $0 + duration }
        }
        var match = action.match
        if match.operations == nil { match.operations = action.effect.strikable }
        return FaultAction(
            effect, on: match, name: action.name, after: number.addingSaturating(-1), times: 1, probability: 1,
            until: end)
    }
}
