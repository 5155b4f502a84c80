public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One trade of one order.
///
/// A fill may arrive twice, late, and by several ways; its id tells.
public struct Fill: Hashable, Codable, Sendable {
    /// The venue's name of the trade.
    public var id: FillID

    /// The order that traded.
    public var venueID: VenueOrderID

    /// Our side's name of that order, where it has one.
    public var clientID: ClientOrderID?

    /// What was traded.
    public var symbol: Symbol

    /// Which way.
    public var side: Side

    /// How much, in base.
    public var quantity: Decimal

    /// At which price.
    public var price: Decimal

    /// What it cost, in `feeAsset`; negative for a rebate.
    public var fee: Decimal

    /// What the fee is counted in.
    public var feeAsset: Asset

    /// When, on the venue's clock.
    public var time: CivilInstant

    /// Makes a fill.
    public init(
        id: FillID, venueID: VenueOrderID, clientID: ClientOrderID?, symbol: Symbol, side: Side, quantity: Decimal,
        price: Decimal, fee: Decimal, feeAsset: Asset, time: CivilInstant
    ) {
        self.id = id
        self.venueID = venueID
        self.clientID = clientID
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.price = price
        self.fee = fee
        self.feeAsset = feeAsset
        self.time = time
    }
}
