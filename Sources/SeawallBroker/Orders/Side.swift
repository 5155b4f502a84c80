/// Which way an order trades.
public enum Side: String, Codable, Sendable, CaseIterable {
    /// Takes base in, pays quote.
    case buy
    /// Gives base away, receives quote.
    case sell

    /// The other side.
    public var opposite: Side { self == .buy ? .sell : .buy }
}
