public import Seawall

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A request is handed to the venue's edge.
public struct RequestRecord: Sendable {
    /// The request's name, never used again.
    public var id: String

    /// The call of the bot that it serves.
    public var call: String?

    /// The episode of the library's own that it serves.
    public var episode: String?

    /// What it asks for.
    public var operation: BrokerOperation

    /// The lane that let it through.
    public var lane: Lane?

    /// What it costs, by limit.
    public var weights: [String: Int] = [:]

    /// The scopes that it falls under.
    public var scopes: [LimitScope] = []

    /// Our side's name of the order that it places or names.
    public var clientID: ClientOrderID?

    /// The orders that it names.
    public var targets: [String] = []

    /// What it is about.
    public var symbol: Symbol?

    /// Which way.
    public var side: Side?

    /// How much.
    public var quantity: Decimal?

    /// True where the quantity is counted in quote.
    public var isInQuote = false

    /// How the price is found.
    public var type: String?

    /// What it claims.
    public var isReduceOnly = false

    /// The group of linked orders.
    public var group: LinkID?

    /// The order whose place it takes.
    public var replaces: ClientOrderID?

    /// The page of a list that it asks for; nil for the first one, and for what is no list.
    public var page: PageCursor?

    /// True for a probe of a half-open breaker.
    public var isProbe = false
}
