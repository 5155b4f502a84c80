internal import SeawallBroker
internal import SeawallTime

/// One sweep of a trip as a pure state machine: what to do next, and when it is over.
///
/// What the venue shows is cancelled, until it has shown nothing twice, asked when whatever was under way at the
/// beginning can no longer arrive. A list that is not complete proves nothing of what is missing from it.
struct SweepCore: Sendable {
    /// What happened.
    enum Event: Sendable {
        /// The latch is safe, or cannot be made safe now.
        case latched
        /// The venue was asked what works.
        case listed(SweepListing)
        /// A cancel came to its end.
        case cancelled(OrderTarget, CancelEnd)
        /// An order of the scope, on its way until now, is at the venue.
        case appeared(SweepOrder)
        /// The pause is over.
        case woken
        /// The cause was released: nothing more may be sent for it, but questions after what was sent.
        case released
    }

    /// What a cancel came to.
    enum CancelEnd: Sendable {
        /// The order has ended, or the next list tells.
        case done
        /// The venue will not cancel it.
        case refused
    }

    /// What to do.
    enum Action: Hashable, Sendable {
        /// Take back every new order of the scope that waits to be sent.
        case dropQueued
        /// Ask the venue for everything that works in the scope.
        case list
        /// Cancel these.
        case cancel([SweepOrder])
        /// Wake up after the delay of this round, and not before the instant.
        case pause(round: Int, until: MonotonicInstant?)
        /// It is over; these are left.
        case end(left: [SweepOrder])
    }

    enum Phase: Hashable, Sendable {
        /// The latch is being made safe.
        case latching
        /// The venue is being asked.
        case listing
        /// Cancels are under way.
        case cancelling
        /// Until the next list.
        case pausing
        /// Over.
        case ended
    }

    /// How many empty lists in a row end it.
    static let emptyListsNeeded = 2
    /// How many times a venue may refuse to cancel an order before it is left.
    static let refusalsTaken = 3

    private(set) var phase = Phase.latching
    /// From when on a list shows whatever was under way at the beginning.
    let conclusiveFrom: MonotonicInstant

    private var round = 0
    private var emptyLists = 0
    private var underWay: Set<OrderTarget> = []
    private var refusals: [OrderTarget: Int] = [:]
    private var shown: [SweepOrder] = []

    init(conclusiveFrom: MonotonicInstant) { self.conclusiveFrom = conclusiveFrom }

    mutating func handle(_ event: Event) -> [Action] {
        switch (phase, event) {
        case (.ended, _):
            return []
        case (_, .released):
            phase = .ended
            return [.end(left: shown)]
        case (.latching, .latched):
            phase = .listing
            return [.dropQueued, .list]
        case (.listing, .listed(let listing)):
            return take(listing)
        case (_, .cancelled(let target, let end)):
            return finish(target, end)
        case (.listing, .appeared(let order)), (.cancelling, .appeared(let order)), (.pausing, .appeared(let order)):
            return cancel([order])
        case (.pausing, .woken):
            phase = .listing
            return [.list]
        // Before the latch is safe nothing is cancelled, and the first list shows it.
        case (.latching, .appeared), (.latching, .listed), (.latching, .woken), (.listing, .latched),
            (.listing, .woken),
            (.cancelling, .latched), (.cancelling, .listed), (.cancelling, .woken), (.pausing, .latched),
            (.pausing, .listed):
            return []
        }
    }

    private mutating func take(_ listing: SweepListing) -> [Action] {
        if listing.isComplete { shown = listing.orders } else { note(listing.orders) }
        let going = listing.orders.filter(mustGo)
        if going.isEmpty, underWay.isEmpty, listing.isComplete, listing.askedAt >= conclusiveFrom {
            emptyLists += 1
            if emptyLists >= Self.emptyListsNeeded {
                phase = .ended
                return [.end(left: shown)]
            }
            return pause()
        }
        if !going.isEmpty { emptyLists = 0 }
        let cancels = cancel(going)
        if !underWay.isEmpty {
            phase = .cancelling
            return cancels
        }
        return pause(until: listing.isComplete && going.isEmpty ? conclusiveFrom : nil)
    }

    /// A partial list adds to what is known to be there.
    private mutating func note(_ orders: [SweepOrder]) {
        for order in orders where !shown.contains(where: { $0.target == order.target }) { shown.append(order) }
    }

    private func mustGo(_ order: SweepOrder) -> Bool {
        !order.isKept && (refusals[order.target] ?? 0) < Self.refusalsTaken
    }

    private mutating func cancel(_ orders: [SweepOrder]) -> [Action] {
        let new = orders.filter { mustGo($0) && !underWay.contains($0.target) }
        guard !new.isEmpty else { return [] }
        note(new)
        emptyLists = 0
        underWay.formUnion(new.map(\.target))
        return [.cancel(new)]
    }

    private mutating func finish(_ target: OrderTarget, _ end: CancelEnd) -> [Action] {
        guard underWay.remove(target) != nil else { return [] }
        if end == .refused { refusals[target, default: 0] += 1 }
        return phase == .cancelling && underWay.isEmpty ? pause() : []
    }

    private mutating func pause(until: MonotonicInstant? = nil) -> [Action] {
        phase = .pausing
        round += 1
        return [.pause(round: round, until: until)]
    }
}
