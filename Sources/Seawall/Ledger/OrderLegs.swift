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
///
/// The cancel may be the half of it that failed: an old leg whose end nobody has shown may work on beside the new one. It
/// is counted beside it, and the order does not end, until its own end is proven.
struct OrderLegs: Sendable {
    /// What a snapshot says of the order.
    enum Reading: Sendable {
        /// An earlier leg, which proves nothing any more; its fills come as fills.
        case older
        /// The leg that is known, read as the order.
        case current(Order)
        /// A new leg, read as the order. `made` are the amends that it ends; `isSure` where it shows what they asked for.
        case next(Order, made: [AmendTicket], isSure: Bool)
        /// News of a leg beside the newest one, with the order as it is then; nil where too little of it was heard.
        case beside(Order?)
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

    /// How many earlier names of an order are written down with an amend of it.
    private static let mostJournalled = 32

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
        /// What was heard of it last.
        var snapshot: Order?

        /// True where its end was seen, so that nothing of it can work on.
        var isOver = false

        /// True where it ended unfilled, as it does when it is replaced.
        var isCancelled = false

        /// The most that it may fill in all.
        var most: Decimal { quantity ?? total - base }

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
            self.snapshot = snapshot
            isCancelled = isCancelled || snapshot.status == .cancelled || snapshot.status == .expired
            isOver = isCancelled || quantity == filled
        }
    }

    /// A leg that another took the place of, and of which nothing shows that it has ended.
    private struct OldLeg: Sendable {
        /// The most that it may fill in all.
        var quantity: Decimal
        /// How much of what it has filled is in the least, and in the most, that the legs before the newest have filled.
        var least: Decimal
        var most: Decimal
        /// The amends of ours that should have cancelled it.
        var amends: [AmendTicket]

        /// What it may still fill beyond what counts as filled.
        var room: Decimal { max(0, quantity - most) }
    }

    private var current: Leg?
    private var former: Set<VenueOrderID> = []
    private var old: [VenueOrderID: OldLeg] = [:]
    private var amends: [AmendTicket: Decimal] = [:]
    /// What the newest leg could still fill when the amend in flight was prepared.
    private var room: Decimal = 0
    private var lastWanted: Decimal?
    private var lastMade: AmendTicket?
    private var isAmended = false
    /// False for an order of an earlier run of the process, of which legs are forgotten.
    private var knowsAll = true
    /// The end of the current leg, where that proved no end of the order.
    private var heldEnd: Order?
    /// True where the venue has said so to a question for the order, or a cancel of it.
    private var isEndAnswered = false

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

    /// What may still fill beside the whole quantity.
    ///
    /// Of legs that an amend should have cancelled; while one is in flight, that is the newest leg too.
    var beside: Decimal {
        let inDoubt = old.values.reduce(0) { $0 + $1.room }
        // That it has filled since proves nothing: it may have done so beside a new one that nobody has seen yet.
        guard !amends.isEmpty, let leg = current, !leg.isCancelled else { return inDoubt }
        return inDoubt + room
    }

    /// The legs that may work on beside the newest one; `isAmended` where an amend of ours should have cancelled it.
    var doubtful: [(venueID: VenueOrderID, isAmended: Bool)] {
        old.map { ($0.key, !$0.value.amends.isEmpty) }.sorted { $0.0 < $1.0 }
    }

    /// True where the newest leg is what an amend has made.
    func isMade(by ticket: AmendTicket) -> Bool { lastMade == ticket }

    /// True until it is known whether an amend made a leg.
    func isInFlight(_ ticket: AmendTicket) -> Bool { amends[ticket] != nil }

    /// The amends that are not over: in flight, or with a leg in doubt that they should have cancelled.
    var open: Set<AmendTicket> { old.values.reduce(into: Set(amends.keys)) { $0.formUnion($1.amends) } }

    /// Takes in an amend that is about to be sent; what it asks for counts until it is settled.
    mutating func open(_ request: AmendRequest, as ticket: AmendTicket) -> Opening {
        guard let leg = current, let venueID = leg.venueID else { return .unnamed }
        guard amends.isEmpty, old.isEmpty else { return .inFlight }
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

    /// The leg that an amend is to replace, as it is to be written down.
    var journalled: JournalledLeg? {
        guard let leg = current, let venueID = leg.venueID else { return nil }
        let names = knowsAll && former.count <= Self.mostJournalled ? former.sorted() : nil
        return JournalledLeg(venueID: venueID, quantity: leg.most, filled: leg.filled, former: names)
    }

    /// Takes in an amend that may have been sent by an earlier run, for `leg`; true where it had made another by then.
    @discardableResult
    mutating func inherit(_ ticket: AmendTicket, wanted: Decimal?, leg: JournalledLeg? = nil) -> Bool {
        isAmended = true
        former.formUnion(leg?.former ?? [])
        if let leg, leg.former != nil, current?.venueID == leg.venueID { knowsAll = true }
        if let leg, let known = current?.venueID, known != leg.venueID {
            former.insert(leg.venueID)
            lastWanted = wanted
            old[leg.venueID] = OldLeg(
                quantity: leg.quantity, least: leg.filled, most: leg.filled,
                amends: (old[leg.venueID]?.amends ?? []) + [ticket])
            return true
        }
        amends[ticket] = wanted ?? current?.total ?? 0
        room = current.map { max(0, $0.most - (leg?.filled ?? $0.filled)) } ?? 0
        return false
    }

    /// Ends an amend; false where it had ended before.
    mutating func settle(_ ticket: AmendTicket) -> Bool {
        guard let wanted = amends.removeValue(forKey: ticket) else { return false }
        lastWanted = wanted
        return true
    }

    /// The venue's own answer says that an amend was done, both halves of it.
    mutating func confirm(_ ticket: AmendTicket) {
        old = old.filter { !$0.value.amends.contains(ticket) }
    }

    /// A leg beside the newest one is proven to be gone.
    mutating func forget(_ venueID: VenueOrderID) { old[venueID] = nil }

    /// The end of the order by that of its last leg, now that no other can work; nil where it lives.
    mutating func releaseEnd() -> Order? {
        guard amends.isEmpty, old.isEmpty, let end = heldEnd else { return nil }
        return told(end, isAnswer: true)
    }

    /// The order by what was heard last of its newest leg; nil where nothing was.
    mutating func latest() -> Order? {
        (heldEnd ?? current?.snapshot).map { told($0, isAnswer: isEndAnswered) }
    }

    /// True where the quantities of a snapshot are such as can be added up.
    static func isReadable(_ snapshot: Order) -> Bool {
        [snapshot.quantity, snapshot.filled].allSatisfy { $0.isFinite && $0 >= 0 }
    }

    /// Reads a snapshot; `isAnswer` where it answers a question for the order, a cancel of it, or an amend.
    ///
    /// In the answer to an amend, `confirmed` is that: then both its halves were done.
    mutating func read(_ snapshot: Order, isAnswer: Bool, confirming confirmed: AmendTicket? = nil) -> Reading {
        guard Self.isReadable(snapshot) else { return .older }
        if let venueID = snapshot.venueID, let known = old[venueID] { return hear(snapshot, of: known, venueID) }
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
        return replace(leg, by: snapshot, isAnswer: isAnswer, confirmed)
    }

    /// News of a leg beside the newest one: what it has filled is part of the whole.
    private mutating func hear(_ snapshot: Order, of known: OldLeg, _ venueID: VenueOrderID) -> Reading {
        guard snapshot.status.provesExistence else { return .older }
        var heard = known
        heard.least = max(known.least, snapshot.filled)
        heard.most = max(known.most, snapshot.filled)
        heard.quantity = max(known.quantity, snapshot.quantity)
        current?.base += heard.least - known.least
        current?.total += heard.most - known.most
        old[venueID] = snapshot.status.isTerminal ? nil : heard
        return .beside(latest())
    }

    private func isOlder(_ snapshot: Order, than leg: Leg, isAnswer: Bool) -> Bool {
        if let venueID = snapshot.venueID, former.contains(venueID) { return true }
        // A name never heard of, while an amend is out, is what the amend has made, whatever the venue's clock says.
        if knowsAll, !amends.isEmpty { return false }
        let isOver = snapshot.status.isTerminal
        // Of the legs that a restart forgot the ends may still come, by whatever clock.
        if isOver, !isAnswer, !knowsAll { return true }
        guard let known = leg.updatedAt, let new = snapshot.updatedAt else { return isOver && !isAnswer }
        return new < known || (new == known && isOver)
    }

    private mutating func replace(
        _ leg: Leg, by snapshot: Order, isAnswer: Bool, _ confirmed: AmendTicket?
    ) -> Reading {
        // What the legs before it have filled: at least what they were seen to have, at most their whole, and exactly
        // what was asked for less what was left to fill.
        let least = leg.base + leg.filled
        let most = heldEnd == nil ? leg.total : max(least, leg.total - (leg.quantity ?? 0) + leg.filled)
        // One that works on beside the new one may have filled more since.
        let lower = leg.isOver ? least : leg.base
        func fitting(_ wanted: [Decimal]) -> [Decimal] {
            wanted.map { $0 - snapshot.quantity }.filter { $0 >= lower && $0 <= most }
        }
        let fromAmends = fitting(Array(amends.values))
        let fits = fromAmends.isEmpty ? fitting([lastWanted].compactMap { $0 }) : fromAmends
        let isSure = !fromAmends.isEmpty && amends.count == 1
        var next = Leg(
            venueID: snapshot.venueID, base: least, total: max(least, fits.max() ?? most) + snapshot.quantity,
            quantity: snapshot.quantity)
        if leg.isExact, let exact = fits.min() { next.base = max(least, exact) }
        next.hear(snapshot)
        let made = amends.keys.sorted()
        if let venueID = leg.venueID {
            former.insert(venueID)
            if !leg.isOver, confirmed == nil || [confirmed] != made {
                old[venueID] = OldLeg(
                    quantity: leg.most, least: next.base - leg.base,
                    most: leg.most - max(0, leg.total - (next.total - snapshot.quantity)), amends: made)
            }
        }
        for ticket in made { _ = settle(ticket) }
        isAmended = true
        lastMade = isSure ? made.first : nil
        heldEnd = nil
        isEndAnswered = false
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
            let isEnd = amends.isEmpty && old.isEmpty && (isAnswer || !isAmended)
            if isEnd { heldEnd = nil } else { told.status = hold(snapshot, isAnswer) }
        case .filled, .expired, .acknowledged, .working, .prepared, .sent, .rejected, .unknown:
            break
        }
        if told.status.isTerminal, !old.isEmpty { told.status = hold(snapshot, isAnswer) }
        return told
    }

    /// Keeps the end of the current leg for later; the order lives on.
    private mutating func hold(_ end: Order, _ isAnswer: Bool) -> OrderStatus {
        heldEnd = end
        isEndAnswered = isEndAnswered || isAnswer
        return .working
    }
}
