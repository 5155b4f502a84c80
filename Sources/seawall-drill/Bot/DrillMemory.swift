import Seawall

/// What the bot keeps outside of its process, as in a database of its own: where each of its trades stands.
///
/// A bot that comes back after a crash goes on from here. It wrote down what it wanted before it asked for it, so that it
/// can ask for the same intent again.
final class DrillMemory: Sendable {
    private struct Contents: Sendable {
        var traders: [Symbol: SymbolTrader.State] = [:]
        var quoters: [Symbol: SymbolQuoter.State] = [:]
    }

    private let contents = Lock(Contents())

    /// Where trading of a symbol stands; nil where it was never begun.
    func trader(of symbol: Symbol) -> SymbolTrader.State? { contents.withLock { $0.traders[symbol] } }

    /// Where quoting of a symbol stands; nil where it was never begun.
    func quoter(of symbol: Symbol) -> SymbolQuoter.State? { contents.withLock { $0.quoters[symbol] } }

    /// Keeps where trading of a symbol stands.
    func keep(_ state: SymbolTrader.State, of symbol: Symbol) { contents.withLock { $0.traders[symbol] = state } }

    /// Keeps where quoting of a symbol stands.
    func keep(_ state: SymbolQuoter.State, of symbol: Symbol) { contents.withLock { $0.quoters[symbol] = state } }
}
