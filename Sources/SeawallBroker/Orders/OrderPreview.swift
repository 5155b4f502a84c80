#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a venue says an order, or an amend, would do, without doing it.
public struct OrderPreview: Hashable, Codable, Sendable {
    /// The preview's name, which the amend that follows takes where the venue wants it.
    public var id: PreviewID?

    /// The expected average price, where the venue says one.
    public var averagePrice: Decimal?

    /// The expected fee in the quote currency, where the venue says one.
    public var fee: Decimal?

    /// Why the venue would refuse it; empty where it would take it.
    public var problems: [String]

    /// Makes a preview.
    public init(id: PreviewID? = nil, averagePrice: Decimal? = nil, fee: Decimal? = nil, problems: [String] = []) {
        self.id = id
        self.averagePrice = averagePrice
        self.fee = fee
        self.problems = problems
    }
}
