public import Seawall

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a run is: everything that a judge must know before the first event.
public struct RunHeader: Sendable {
    /// One breaker of the layer, with what its promise depends on.
    public struct Breaker: Sendable {
        /// The breaker's name.
        public var name: String

        /// How many probes it may admit at once.
        public var probes: Int

        /// How long a probe may take before its place is given to another.
        public var lease: Duration
    }

    /// The version of the log's schema.
    ///
    /// 2 added `disk`, `world` and `sweep` lines, `heals_at` to `run`, and `release` to `permission`. 3 added the pages of
    /// lists, streams that are opened and end, and what it takes to know that an order is nowhere. 4 added `told` lines, and
    /// `cancels_by_client_id` to `run`.
    public static let schema = 4

    /// The seed.
    public var seed: UInt64

    /// The scenario's name.
    public var scenario: String

    /// The civil time at instant zero.
    public var civilAtZero: CivilInstant

    /// The venue's profile.
    public var venue: VenueProfile

    /// What is traded.
    public var symbols: [Symbol]

    /// The positions at the start, signed.
    public var positions: [Symbol: Decimal]

    /// The layer's breakers.
    public var breakers: [Breaker]

    /// From when on nothing strikes any more and the venue is well; nil where that is not promised.
    public var healsAt: MonotonicInstant?
}

extension RunHeader {
    /// How long after its sending an order may still arrive, or be there and not be shown.
    ///
    /// A machine whose clock goes ahead dates its requests that much later.
    var conclusiveAfter: Duration { venue.receiveWindow + venue.clockLead + venue.visibilityLag }

    /// The lists that have to be read whole, one after the other, to know that an order is nowhere.
    var conclusiveLists: [BrokerOperation] {
        venue.capabilities.contains(.history) ? [.openOrders, .history] : [.openOrders]
    }

    /// True where the venue takes a cancel by the client order id.
    var cancelsByClientID: Bool { venue.capabilities.contains(.cancelByClientID) }

    /// When a limit or a ban is over: as the venue said it, else as long as its profile takes it to be.
    ///
    /// An end that has passed already says nothing: a venue that limits does not mean that it does not.
    func end(of reply: ReplyRecord, at now: MonotonicInstant) -> MonotonicInstant {
        if let until = reply.until, until > now { return until }
        return now.advanced(by: reply.outcome == "banned" ? venue.defaultBan : venue.defaultRetryAfter)
    }

    /// True where the headers of an answer tell how much of a limit is used.
    func tellsUsage(of limit: LimitRule) -> Bool { venue.usageHeaders[limit.name] != nil }

    /// True where what the venue refuses for a limit counts in it too: it does where the venue says until when.
    func countsRefused(_ limit: LimitRule) -> Bool {
        let reason = limit.counts == .order ? RefusalReason.orderRateLimited : .rateLimited
        return venue.wordings[reason].map { $0.retryAfter != .none } ?? true
    }
}
