package import SeawallBroker
internal import SeawallTime

/// Positions, and every order that may still change them, in whole steps: the proof behind reduce-only.
///
/// The standing rule: what we know of a position, less what may still close it, is never more than the same of the
/// truth. A fill that we have not seen has left both sides of that difference alike, so late news never makes room.
package struct ExposureBook: Sendable {
    /// How many ended orders the book remembers, to know a late fill from a stranger's.
    package static let defaultMemory = 10_000

    /// What the book keeps of one symbol.
    package struct SymbolState: Sendable {
        /// The signed position; nil while nobody has told it.
        package var position: Int128?
        /// The orders that may still fill.
        package var outstanding: Set<OrderTarget> = []
        /// Groups of which a member has traded or ended: what joins them is not held back by them.
        package var firedGroups: Set<LinkID> = []
    }

    package var symbols: [Symbol: SymbolState] = [:]
    package var orders: [OrderTarget: ExposureOrder] = [:]
    package var clientIDs: [VenueOrderID: ClientOrderID] = [:]
    package var isPositionListComplete = false
    package var amends: [AmendTicket: AmendReservation] = [:]
    package var issuedAmends: UInt64 = 0
    package let countsGroupsOnce: Bool
    private let memory: Int
    private var gone: [OrderTarget] = []
    private var forgotten = 0

    /// The latest that the venue's clock had shown in news of an order that was forgotten.
    private(set) var forgottenUntil: CivilInstant?

    /// Makes a book that knows no position.
    ///
    /// `countsGroupsOnce` only where the venue ends the other members of a linked group once one has traded, those
    /// that arrive later too.
    package init(countsGroupsOnce: Bool = false, memory: Int = ExposureBook.defaultMemory) {
        self.countsGroupsOnce = countsGroupsOnce
        self.memory = max(0, memory)
    }

    /// The signed position in steps; nil while nobody has told it.
    package func position(of symbol: Symbol) -> Int128? {
        guard let state = symbols[symbol] else { return isPositionListComplete ? 0 : nil }
        return state.position
    }

    /// What `side` of a symbol may close; `excluding` one order that is to be decided again.
    package func capacity(
        of symbol: Symbol, side: Side, group: LinkID? = nil, excluding excluded: OrderTarget? = nil
    ) -> Capacity {
        let holders = self.holders(of: symbol, side: side, excluding: excluded)
        guard let position = position(of: symbol) else {
            return Capacity(position: nil, obstacle: .positionUnknown, available: 0, holders: holders)
        }
        guard position != 0 else { return Capacity(position: 0, obstacle: .flat, available: 0, holders: holders) }
        guard (position > 0) == (side == .sell) else {
            return Capacity(position: position, obstacle: .wrongSide, available: 0, holders: [])
        }
        let size = position == .min ? .max : abs(position)
        let all = remaining(of: holders, leavingOut: nil)
        // A member of a group closes in the place of the others, unless they alone are too much already.
        let others = group == nil || all > size ? all : remaining(of: holders, leavingOut: group)
        return Capacity(
            position: position, obstacle: nil, available: max(0, size.subtractingSaturating(others)), holders: holders)
    }

    /// What may still fill on one side, linked orders counted once, in steps.
    package func remaining(of symbol: Symbol, side: Side) -> Int128 {
        remaining(of: holders(of: symbol, side: side, excluding: nil), leavingOut: nil)
    }

    /// The group that a new order may be counted with: none where a member has traded or ended already.
    package func countedGroup(_ group: LinkID?, of symbol: Symbol) -> LinkID? {
        guard countsGroupsOnce, let group, symbols[symbol]?.firedGroups.contains(group) != true else { return nil }
        return group
    }

    private func holders(of symbol: Symbol, side: Side, excluding excluded: OrderTarget?) -> [Capacity.Holder] {
        (symbols[symbol]?.outstanding ?? []).compactMap { target in
            guard target != excluded, let order = orders[target], order.side == side, order.remaining > 0 else {
                return nil
            }
            return Capacity.Holder(order: target, remaining: order.remaining)
        }
        .sorted { $0.order.description < $1.order.description }
    }

    private func remaining(of holders: [Capacity.Holder], leavingOut left: LinkID?) -> Int128 {
        var sum: Int128 = 0
        var groups: [LinkID: Int128] = [:]
        for holder in holders {
            if let group = orders[holder.order]?.group {
                groups[group] = max(groups[group] ?? 0, holder.remaining)
            } else {
                sum = sum.addingSaturating(holder.remaining)
            }
        }
        for (group, largest) in groups where group != left { sum = sum.addingSaturating(largest) }
        return sum
    }

    /// Puts an order into the book, or into its place again.
    package mutating func insert(_ order: ExposureOrder, as target: OrderTarget) {
        orders[target] = order
        attachAmends(of: target)
        var state = symbols[order.symbol] ?? SymbolState(position: isPositionListComplete ? 0 : nil)
        state.outstanding.insert(target)
        symbols[order.symbol] = state
    }

    /// Counts the amends that may still become true of an order, those that were known before the order was.
    package mutating func attachAmends(of target: OrderTarget) {
        for (ticket, amend) in amends where amend.order == target {
            guard let total = amend.total, orders[target]?.amends[ticket] == nil else { continue }
            if orders[target]?.amends.isEmpty == false { orders[target]?.hasOverlappingAmends = true }
            orders[target]?.amends[ticket] = total
        }
    }

    /// Takes an ended order out of the count and remembers it for late fills, for a bounded while.
    package mutating func retire(_ target: OrderTarget, phase: ExposureOrder.Phase) {
        guard let order = orders[target], order.isOutstanding else { return }
        orders[target]?.phase = phase
        orders[target]?.amends = [:]
        // One that was only glimpsed may still rest, and take an amend.
        if !amends.isEmpty, phase != .glimpsed { amends = amends.filter { $0.value.order != target } }
        symbols[order.symbol]?.outstanding.remove(target)
        if phase == .ended { fire(order) }
        remember(target)
    }

    /// Remembers an order that holds no capacity, and forgets the oldest of its kind where there are too many.
    package mutating func remember(_ target: OrderTarget) {
        gone.append(target)
        forgetOldest()
    }

    package mutating func fire(_ order: ExposureOrder) {
        if let group = order.group { symbols[order.symbol]?.firedGroups.insert(group) }
    }

    private mutating func forgetOldest() {
        while gone.count - forgotten > memory {
            let target = gone[forgotten]
            forgotten += 1
            // An order that was reserved again after it had been given back is not gone.
            guard let order = orders[target], !order.isOutstanding else { continue }
            orders[target] = nil
            if let heardAt = order.heardAt { forgottenUntil = max(forgottenUntil ?? heardAt, heardAt) }
            for venueID in order.venueIDs { clientIDs[venueID] = nil }
            if let group = order.group { symbols[order.symbol]?.firedGroups.remove(group) }
        }
        if forgotten > memory, forgotten > gone.count / 2 {
            gone.removeFirst(forgotten)
            forgotten = 0
        }
    }
}
