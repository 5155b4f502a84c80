import Seawall
import SeawallChaos

extension Scenario {
    /// How many hours of one symbol let every fault strike every operation that it can, all but surely.
    static let hoursToStrikeAll = 50.0

    /// What the bot and its guard ask of the venue often enough to be struck.
    private static let usual: Set<BrokerOperation> = [
        .place, .amend, .cancel, .query, .openOrders, .history, .fills, .balances, .positions, .ticker, .candles,
        .depth, .rules, .time, .timer,
    ]

    /// Each fault with each operation that it must strike in many runs, as `RunCounts.strikes` names them, in order.
    var expectedStrikes: [String] {
        let strikes = kinds.flatMap { fault -> [String] in
            let operations: Set<BrokerOperation> =
                fault.match.operations ?? fault.effect.strikable?.intersection(Self.usual.union([.userStream]))
                ?? Self.usual
            return operations.map { "\(fault.name) \($0.rawValue)" }
        }
        return Set(strikes).sorted()
    }
}
