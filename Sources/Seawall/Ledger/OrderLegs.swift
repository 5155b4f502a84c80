internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// One order over all its replacements, at a venue whose amends are a cancel and a new order.
///
/// Such an amend makes a new leg: with the client id of the old one, a venue id of its own, the quantity that was left to
/// fill, and nothing filled. Read here, the snapshots of legs are those of one order, with its whole quantity and all that
/// it has filled. A leg that is cancelled proves no end of the order while an amend may have made another.
struct OrderLegs: Sendable {
    /// What a snapshot says of the order.
    enum Reading: Sendable {
        /// An earlier leg, which proves nothing any more; its fills come as fills.
        case older
        /// The leg that is known, read as the order.
        case current(Order)
        /// A new leg, read as the order. `made` are the amends that it ends; `isSure` where it shows what they asked for.
        case next(Order, made: [AmendTicket], isSure: Bool)
    }

    /// What an amend of the order comes to before it is sent.
    enum Opening: Sendable {
        /// Send this, which names the leg by the venue's own id and counts its quantity as the leg does.
        ///
        /// So that a request which arrives twice, or late, finds the leg gone and changes nothing.
        case send(AmendRequest)
        /// Another amend is in flight: what this one would leave cannot be said.
        case inFlight
        /// The venue's id of the leg is not known.
        case unnamed
        /// The leg has not been shown since a restart: how much of the whole is its part is not known.
        case unseen
        /// As much is filled already.
        case nothingLeft
    }

    /// The leg that is at the venue, as far as is known.
    private struct Leg: Sendable {
        var venueID: VenueOrderID?
        /// At least so much have earlier legs filled.
        var base: Decimal
        /// At most so much is the whole quantity, over all legs.
        var total: Decimal
        /// The leg's own quantity; nil until it has been shown.
        var quantity: Decimal?
        /// At least so much of it is filled.
        var filled: Decimal = 0
        var updatedAt: CivilInstant?

        /// True where what earlier legs have filled is known to the last step.
        var isExact: Bool { quantity.map { base + $0 == total } ?? true }

        mutating func hear(_ snapshot: Order) {
            if let quantity {
                let isOlder = updatedAt.flatMap { known in snapshot.updatedAt.map { $0 < known } } ?? false
                if !isOlder { total += snapshot.quantity - quantity }
                self.quantity = isOlder ? quantity : snapshot.quantity
            } else {
                total = max(total, snapshot.quantity)
                base = total - snapshot.quantity
                quantity = snapshot.quantity
            }
            filled = max(filled, snapshot.filled)
            if let time = snapshot.updatedAt { updatedAt = max(updatedAt ?? time, time) }
        }
    }

    private var current: Leg?
    private var former: Set<VenueOrderID> = []
    private var amends: [AmendTicket: Decimal] = [:]
    private var lastWanted: Decimal?
    private var lastMade: AmendTicket?
    private var isAmended = false
    /// False for an order of an earlier run of the process, of which legs are forgotten.
    private var knowsAll = true
    /// The cancel of the current leg, where that proved no end.
    private var heldEnd: Order?

    init() {}

    /// The legs of an order of an earlier run: the last one that was known, and perhaps others.
    init(restoring order: Order) {
        guard order.status.provesExistence, let venueID = order.venueID else { return }
        current = Leg(
            venueID: venueID, base: 0, total: order.quantity, quantity: order.filled == 0 ? order.quantity : nil,
            updatedAt: order.updatedAt)
        isAmended = true
        knowsAll = false
    }

    /// Every name that the venue has given to the order.
    var venueIDs: Set<VenueOrderID> { former.union([current?.venueID].compactMap { $0 }) }

    /// The largest whole quantity that an amend in flight may make; nil where there is none.
    var largestWanted: Decimal? { amends.values.max() }

    /// True where the newest leg is what an amend has made.
    func isMade(by ticket: AmendTicket) -> Bool { lastMade == ticket }

    /// True until an amend is settled.
    func isInFlight(_ ticket: AmendTicket) -> Bool { amends[ticket] != nil }

    /// Takes in an amend that is about to be sent; what it asks for counts until it is settled.
    mutating func open(_ request: AmendRequest, as ticket: AmendTicket) -> Opening {
        guard let leg = current, let venueID = leg.venueID else { return .unnamed }
        guard amends.isEmpty else { return .inFlight }
        guard let quantity = leg.quantity else { return .unseen }
        var named = request
        named.target = .venue(venueID)
        if let wanted = request.quantity {
            let rest = wanted - (leg.total - quantity)
            guard rest > 0 else { return .nothingLeft }
            named.quantity = rest
        }
        inherit(ticket, wanted: request.quantity)
        return .send(named)
    }

    /// Takes in an amend that may have been sent by an earlier run.
    mutating func inherit(_ ticket: AmendTicket, wanted: Decimal?) {
        isAmended = true
        amends[ticket] = wanted ?? current?.total ?? 0
    }

    /// Ends an amend; false where it had ended before.
    mutating func settle(_ ticket: AmendTicket) -> Bool {
        guard let wanted = amends.removeValue(forKey: ticket) else { return false }
        lastWanted = wanted
        return true
    }

    /// The end of the order by the cancel of its last leg, now that no amend can have made another; nil where it lives.
    mutating func releaseEnd() -> Order? {
        guard amends.isEmpty, let end = heldEnd else { return nil }
        return told(end, isAnswer: true)
    }

    /// True where the quantities of a snapshot are such as can be added up.
    static func isReadable(_ snapshot: Order) -> Bool {
        [snapshot.quantity, snapshot.filled].allSatisfy { $0.isFinite && $0 >= 0 }
    }

    /// Reads a snapshot; `isAnswer` where it answers a question for the order, or a cancel of it.
    mutating func read(_ snapshot: Order, isAnswer: Bool) -> Reading {
        guard Self.isReadable(snapshot) else { return .older }
        let leg = current
        let isCurrent = leg?.venueID == nil || snapshot.venueID == nil || leg?.venueID == snapshot.venueID
        guard snapshot.status.provesExistence else { return isCurrent ? .current(snapshot) : .older }
        guard let leg, !isCurrent else {
            var heard = leg ?? Leg(base: 0, total: snapshot.quantity, quantity: snapshot.quantity)
            heard.venueID = snapshot.venueID ?? heard.venueID
            heard.hear(snapshot)
            current = heard
            return .current(told(snapshot, isAnswer: isAnswer))
        }
        if isOlder(snapshot, than: leg, isAnswer: isAnswer) { return .older }
        return replace(leg, by: snapshot, isAnswer: isAnswer)
    }

    private func isOlder(_ snapshot: Order, than leg: Leg, isAnswer: Bool) -> Bool {
        if let venueID = snapshot.venueID, former.contains(venueID) { return true }
        // A name never heard of, while an amend is out, is what the amend has made, whatever the venue's clock says.
        if knowsAll, !amends.isEmpty { return false }
        let isOver = snapshot.status.isTerminal
        guard let known = leg.updatedAt, let new = snapshot.updatedAt else { return isOver && !isAnswer }
        return new < known || (new == known && isOver)
    }

    private mutating func replace(_ leg: Leg, by snapshot: Order, isAnswer: Bool) -> Reading {
        // What the legs before it have filled: at least what they were seen to have, at most their whole, and exactly
        // what was asked for less what was left to fill.
        let least = leg.base + leg.filled
        let most = heldEnd == nil ? leg.total : max(least, leg.total - (leg.quantity ?? 0) + leg.filled)
        func fitting(_ wanted: [Decimal]) -> [Decimal] {
            wanted.map { $0 - snapshot.quantity }.filter { $0 >= least && $0 <= most }
        }
        let fromAmends = fitting(Array(amends.values))
        let fits = fromAmends.isEmpty ? fitting([lastWanted].compactMap { $0 }) : fromAmends
        let isSure = !fromAmends.isEmpty && amends.count == 1
        var next = Leg(
            venueID: snapshot.venueID, base: least, total: (fits.max() ?? most) + snapshot.quantity,
            quantity: snapshot.quantity)
        if leg.isExact, let exact = fits.min() { next.base = exact }
        next.hear(snapshot)
        if let venueID = leg.venueID { former.insert(venueID) }
        let made = amends.keys.sorted()
        for ticket in made { _ = settle(ticket) }
        isAmended = true
        lastMade = isSure ? made.first : nil
        heldEnd = nil
        current = next
        return .next(told(snapshot, isAnswer: isAnswer), made: made, isSure: isSure)
    }

    /// A snapshot of the current leg, as one of the whole order.
    private mutating func told(_ snapshot: Order, isAnswer: Bool) -> Order {
        guard let leg = current else { return snapshot }
        var told = snapshot
        told.quantity = leg.total
        told.filled = leg.base + snapshot.filled
        if leg.base > 0 { told.averagePrice = nil }
        switch snapshot.status {
        case .filled where snapshot.filled >= snapshot.quantity:
            told.quantity = told.filled
        case .cancelled:
            let isEnd = amends.isEmpty && (isAnswer || !isAmended)
            heldEnd = isEnd ? nil : snapshot
            if !isEnd { told.status = .working }
        case .filled, .expired, .acknowledged, .working, .prepared, .sent, .rejected, .unknown:
            break
        }
        return told
    }
}
