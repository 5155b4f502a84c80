#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A change to a working order.
///
/// Values are absolute, so that sending it twice changes nothing more.
public struct AmendRequest: Hashable, Codable, Sendable {
    /// The order to change.
    public var target: OrderTarget

    /// What the order trades.
    public var symbol: Symbol

    /// The new whole quantity in base, or nil to keep it.
    public var quantity: Decimal?

    /// The new limit price, or nil to keep it.
    public var price: Decimal?

    /// The new trigger, or nil to keep it.
    public var trigger: Decimal?

    /// The preview that the venue wants to see with the change, where it previews amends.
    public var preview: PreviewID?

    /// Makes a change; what is nil stays as it is.
    public init(
        target: OrderTarget, symbol: Symbol, quantity: Decimal? = nil, price: Decimal? = nil, trigger: Decimal? = nil,
        preview: PreviewID? = nil
    ) {
        self.target = target
        self.symbol = symbol
        self.quantity = quantity
        self.price = price
        self.trigger = trigger
        self.preview = preview
    }
}
