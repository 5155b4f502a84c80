package import SeawallBroker
package import SeawallTime

/// An order as the book counts it.
///
/// There is no state for in flight, working, unknown or cancel unconfirmed: whatever is not proven to have ended counts
/// with all that may still fill.
package struct ExposureOrder: Sendable {
    /// How far the order has come.
    package enum Phase: Hashable, Sendable {
        /// Admitted, not handed over.
        case reserved
        /// Handed over to the venue, and not proven to have ended.
        case outstanding
        /// Proven never to have reached the venue, now or later; the same id may be reserved again.
        case givenBack
        /// A stranger's, known only by what it has traded; whether it still rests nobody has told.
        case glimpsed
        /// Proven to have ended.
        case ended
    }

    /// What it trades, whose it is.
    package var origin: OrderOrigin
    package var symbol: Symbol
    package var side: Side
    package var phase: Phase

    /// The whole quantity in steps; nil for an order sized in quote, which may fill any quantity.
    package var total: Int128?

    /// The group that it is counted with.
    package var group: LinkID?

    /// True for one that was found at the venue: nothing says that its client id is no other order's too.
    package var isStranger: Bool

    /// The venue's name of it, once that is known to be its.
    package var venueID: VenueOrderID?

    /// The names that the venue had for it before amends replaced it.
    private var formerVenueIDs: [VenueOrderID] = []

    /// When it is too late to hand it over.
    package var expires: MonotonicInstant?

    /// New whole quantities that may become true, by the amend in flight.
    package var amends: [AmendTicket: Int128] = [:]

    /// What may still fill beside the whole quantity: legs that an amend should have cancelled.
    package var beside: Int128 = 0

    /// True where amends were in flight together, so that nobody knows which came last.
    package var hasOverlappingAmends = false

    /// The fills that were seen, and their sum.
    package private(set) var fills: [FillID: Int128] = [:]
    package private(set) var sumOfFills: Int128 = 0

    /// The largest filled quantity that a snapshot has told.
    package private(set) var reported: Int128 = 0

    /// The latest that the venue's clock has shown in any news of it.
    package private(set) var heardAt: CivilInstant?

    /// The filled quantity that was in the position before this order's fills began to move it.
    package private(set) var contained: Int128 = 0

    package init(
        origin: OrderOrigin, symbol: Symbol, side: Side, phase: Phase, total: Int128?, group: LinkID? = nil,
        expires: MonotonicInstant? = nil, reported: Int128 = 0, isStranger: Bool = false
    ) {
        self.isStranger = isStranger
        self.origin = origin
        self.symbol = symbol
        self.side = side
        self.phase = phase
        self.total = total
        self.group = group
        self.expires = expires
        self.reported = reported
        contained = reported
    }

    /// True where it may still fill.
    package var isOutstanding: Bool {
        switch phase {
        case .reserved, .outstanding: true
        case .givenBack, .glimpsed, .ended: false
        }
    }

    /// True where it was taken for not being at the venue: any sign of it there disproves that.
    package var isThoughtAbsent: Bool {
        switch phase {
        case .reserved, .givenBack: true
        case .outstanding, .glimpsed, .ended: false
        }
    }

    /// The cumulative filled quantity, as far as anything has told.
    package var filled: Int128 { max(sumOfFills, reported) }

    /// By how much the order has moved the position.
    package var moved: Int128 { filled.subtractingSaturating(contained) }

    /// The largest whole quantity that the order may have, by any amend in flight; nil where it has no bound.
    package func largestTotal(without excluded: AmendTicket? = nil) -> Int128? {
        guard let total else { return nil }
        return amends.reduce(total) { $1.key == excluded ? $0 : max($0, $1.value) }
    }

    /// What may still fill, in steps; `Int128.max` where it has no bound.
    package var remaining: Int128 {
        guard isOutstanding else { return 0 }
        guard let largest = largestTotal() else { return .max }
        return max(0, largest.addingSaturating(beside).subtractingSaturating(filled))
    }

    /// Every name that the venue has given to it.
    package var venueIDs: [VenueOrderID] { formerVenueIDs + [venueID].compactMap { $0 } }

    /// Learns a new name that the venue has for it; the old ones stay its own.
    package mutating func rename(to new: VenueOrderID) {
        if let venueID, venueID != new { formerVenueIDs.append(venueID) }
        venueID = new
    }

    /// Counts a fill once.
    package mutating func count(fill id: FillID, quantity: Int128) {
        guard fills.updateValue(quantity, forKey: id) == nil else { return }
        sumOfFills = sumOfFills.addingSaturating(quantity)
    }

    /// Counts what a snapshot tells; an older one than the latest changes nothing.
    package mutating func count(reported filled: Int128) {
        reported = max(reported, filled)
    }

    /// The position was set to a truth that contains all that is known to be filled, and at least `filled`.
    package mutating func contain(atLeast filled: Int128) {
        count(reported: filled)
        contained = self.filled
    }

    /// Notes the venue's time of some news.
    package mutating func hear(at time: CivilInstant?) {
        if let time { heardAt = max(heardAt ?? time, time) }
    }

    /// Takes over what was counted of the same order under the venue's name for it.
    package mutating func merge(_ other: ExposureOrder) {
        for (id, quantity) in other.fills { count(fill: id, quantity: quantity) }
        reported = max(reported, other.reported)
        contained = max(contained, other.contained)
    }

    /// An amend came to its end: it became true, or proof came that it never will.
    package mutating func settle(_ amend: AmendTicket, applied: Bool) {
        guard let amended = amends.removeValue(forKey: amend) else { return }
        if applied, let total { self.total = hasOverlappingAmends ? max(total, amended) : amended }
        if amends.isEmpty { hasOverlappingAmends = false }
    }
}
