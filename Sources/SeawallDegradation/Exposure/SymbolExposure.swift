public import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A symbol's position with all that may still change it.
public struct SymbolExposure: Hashable, Sendable {
    /// The symbol.
    public var symbol: Symbol

    /// The signed position in base; nil where it is not known.
    public var position: Decimal?

    /// What may still be bought, in base; nil where an order has no bound.
    public var buying: Decimal?

    /// What may still be sold, in base; nil where an order has no bound.
    public var selling: Decimal?

    /// The largest quantity of a new order that would only reduce; zero where none would.
    public var capacity: Decimal

    /// By how much the outstanding orders on the closing side may pass the position; nil where that has no bound.
    public var excess: Decimal?

    /// The orders that may still fill, by id.
    public var outstanding: [OrderTarget]

    init(_ symbol: Symbol, in book: ExposureBook) {
        self.symbol = symbol
        let steps = book.position(of: symbol)
        position = steps.map { Decimal(steps: $0) }
        let remaining = (
            buy: book.remaining(of: symbol, side: .buy), sell: book.remaining(of: symbol, side: .sell)
        )
        buying = remaining.buy == .max ? nil : Decimal(steps: remaining.buy)
        selling = remaining.sell == .max ? nil : Decimal(steps: remaining.sell)
        let closing: Side = (steps ?? 0) > 0 ? .sell : .buy
        capacity = Decimal(steps: book.capacity(of: symbol, side: closing).available)
        let closable = closing == .sell ? remaining.sell : remaining.buy
        let size = Int128(clamping: (steps ?? 0).magnitude)
        excess =
            if steps == nil || steps == 0 {
                0
            } else if closable == .max {
                nil
            } else {
                Decimal(steps: max(0, closable.subtractingSaturating(size)))
            }
        outstanding = (book.symbols[symbol]?.outstanding ?? []).sorted { $0.description < $1.description }
    }
}
