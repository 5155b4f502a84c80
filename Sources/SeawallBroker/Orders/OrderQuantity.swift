#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How much to trade, in the base or in the quote currency.
public enum OrderQuantity: Hashable, Codable, Sendable {
    /// An amount of the base currency (or of contracts).
    case base(Decimal)
    /// An amount of the quote currency; how much base it makes is known only when it fills.
    case quote(Decimal)

    /// The number, whatever it counts.
    public var amount: Decimal {
        switch self {
        case .base(let amount), .quote(let amount): amount
        }
    }
}
