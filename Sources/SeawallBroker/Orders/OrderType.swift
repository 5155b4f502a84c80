#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How an order finds its price.
public enum OrderType: Hashable, Codable, Sendable {
    /// At once, at whatever price there is.
    case market
    /// At this price or better.
    case limit(price: Decimal)
    /// A market order as soon as the price has reached the trigger.
    case stop(trigger: Decimal)
    /// A limit order as soon as the price has reached the trigger.
    case stopLimit(trigger: Decimal, price: Decimal)

    /// The word that records use: `market`, `limit`, `stop`, `stop_limit`.
    public var name: String {
        switch self {
        case .market: "market"
        case .limit: "limit"
        case .stop: "stop"
        case .stopLimit: "stop_limit"
        }
    }

    /// The limit price, where there is one.
    public var price: Decimal? {
        switch self {
        case .market, .stop: nil
        case .limit(let price), .stopLimit(_, let price): price
        }
    }

    /// The trigger price, where there is one.
    public var trigger: Decimal? {
        switch self {
        case .market, .limit: nil
        case .stop(let trigger), .stopLimit(let trigger, _): trigger
        }
    }
}
