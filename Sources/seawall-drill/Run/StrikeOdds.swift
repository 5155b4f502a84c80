/// How often each fault had to strike each operation, summed over runs, from the calls that the runs made.
struct StrikeOdds: Equatable, Sendable {
    /// A fault and an operation.
    struct Odds: Equatable, Sendable {
        /// The strikes to be expected, at the least.
        var expected = 0.0

        /// The calls that nothing but this fault could let pass, and it lets none.
        var certain = 0

        /// Never to strike is then less likely than once in a hundred million runs, or is said to be impossible.
        var isSure: Bool { expected >= StrikeOdds.enough || certain >= Int(StrikeOdds.enough) }
    }

    /// So many strikes expected are surely one.
    static let enough = 20.0

    /// By fault and operation, as `RunCounts.strikes` names them; what is not in it had no call to strike.
    private(set) var odds: [String: Odds] = [:]

    /// What must have been struck, in order.
    var sure: [String] { odds.filter(\.value.isSure).keys.sorted() }

    /// What may have been struck, in order.
    var possible: [String] { odds.keys.sorted() }

    mutating func add(_ more: Odds, to pair: String) {
        odds[pair, default: Odds()].expected += more.expected
        odds[pair, default: Odds()].certain += more.certain
    }

    mutating func add(_ other: StrikeOdds) {
        for (pair, more) in other.odds { add(more, to: pair) }
    }

    /// The odds of one of two runs that were the same.
    var halved: StrikeOdds {
        var half = self
        half.odds = odds.mapValues { Odds(expected: $0.expected / 2, certain: $0.certain / 2) }
        return half
    }
}
