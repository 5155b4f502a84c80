internal import SeawallBroker
internal import SeawallTime

/// The instrument rules that the layer has read, by symbol.
final class RuleBook: Sendable {
    private let rules = Lock([Symbol: InstrumentRules]())

    func learn(_ list: [InstrumentRules]) {
        rules.withLock { rules in
            for entry in list { rules[entry.symbol] = entry }
        }
    }

    func rules(for symbol: Symbol) -> InstrumentRules? { rules.withLock { $0[symbol] } }
}
