package import SeawallBroker
package import SeawallTime

extension ExposureBook {
    /// What an update did to a position.
    package struct Effect: Hashable, Sendable {
        /// By how much the position moved, in steps.
        package var moved: Int128 = 0
        /// How much of the order is filled so far, in steps; nil where the order is not known.
        package var filled: Int128?
        /// True where the order was none of the book's.
        package var isStranger = false
    }

    /// Sets a position: the truth as it was when the orders named had been filled so far, and no others since.
    ///
    /// What later news tell of those orders moves the position only beyond that.
    package mutating func setPosition(
        _ position: Int128?, of symbol: Symbol, containing filled: [OrderTarget: Int128] = [:]
    ) {
        var state = symbols[symbol] ?? SymbolState(position: nil)
        state.position = position
        symbols[symbol] = state
        for target in orders.keys where orders[target]?.symbol == symbol {
            orders[target]?.contain(atLeast: filled[target] ?? 0)
        }
    }

    /// Sets all positions from a complete list; a symbol that is missing from it is flat.
    package mutating func setPositions(_ positions: [Symbol: Int128]) {
        isPositionListComplete = true
        for symbol in Set(symbols.keys).union(positions.keys) { setPosition(positions[symbol] ?? 0, of: symbol) }
    }

    /// Counts a fill once per order and trade id; one of a stranger's order moves the position too.
    ///
    /// A fill of an order that nobody knows, no later on the venue's clock than one that was forgotten, was counted when
    /// its order was known: lists and streams may begin anywhere.
    package mutating func apply(
        fill id: FillID, of target: OrderTarget, symbol: Symbol, side: Side, quantity: Int128,
        at time: CivilInstant? = nil
    ) -> Effect {
        let isStranger = orders[target] == nil
        if isStranger, let time, let forgottenUntil, time <= forgottenUntil { return Effect(isStranger: true) }
        if isStranger {
            // It has no quantity of its own to count: what is known of it is what it has traded.
            let origin = OrderOrigin(symbol: symbol)
            insert(
                ExposureOrder(
                    origin: origin, symbol: symbol, side: side, phase: .outstanding, total: 0, isStranger: true),
                as: target)
            retire(target, phase: .glimpsed)
        }
        if orders[target]?.isThoughtAbsent == true { bringBack(target) }
        let moved = count(target) { order in
            order.count(fill: id, quantity: quantity)
            order.hear(at: time)
        }
        return Effect(moved: moved, filled: orders[target]?.filled, isStranger: isStranger)
    }

    /// Takes in what a snapshot tells of an order that the book knows; false where it knows none.
    ///
    /// A larger whole quantity than the book knew is believed at once; a smaller one never is, since the snapshot may be
    /// older than an amend. `isOver` only where the snapshot itself proves the end, with its final filled quantity;
    /// `reopens` where it is known to be newer than any end, so that the order counts again.
    package mutating func apply(
        snapshotOf target: OrderTarget, total: Int128, filled: Int128, isOver: Bool, reopens: Bool = false,
        at time: CivilInstant? = nil
    ) -> Effect {
        guard let before = orders[target] else { return Effect(isStranger: true) }
        let isBack = before.phase == .glimpsed || before.isThoughtAbsent || (reopens && before.phase == .ended)
        if !isOver, isBack { bringBack(target) }
        if let order = orders[target], order.isOutstanding, let known = order.total, total > known {
            orders[target]?.total = total
        }
        let moved = count(target) { order in
            order.count(reported: filled)
            order.hear(at: time)
        }
        if isOver { retire(target, phase: .ended) }
        return Effect(moved: moved, filled: orders[target]?.filled)
    }

    /// Counts an order again that turns out to be at the venue.
    private mutating func bringBack(_ target: OrderTarget) {
        guard var order = orders[target] else { return }
        order.phase = .outstanding
        insert(order, as: target)
    }

    /// Takes in an order of an earlier run of the process: what it had filled then is in any position that is set from
    /// now on.
    package mutating func restore(_ order: ExposureOrder, as target: OrderTarget, phase: ExposureOrder.Phase) {
        guard orders[target] == nil else { return }
        var order = order
        order.group = countedGroup(order.group, of: order.symbol)
        insert(order, as: target)
        if order.filled > 0 { fire(order) }
        if phase != .outstanding { retire(target, phase: phase) }
    }

    /// Takes in an order that was found at the venue and rests there; what it has filled is in the position already.
    package mutating func adopt(_ order: ExposureOrder, as target: OrderTarget) {
        guard orders[target] == nil else { return }
        insert(order, as: target)
        if order.filled > 0 { fire(order) }
    }

    /// Ends an order with its final filled quantity: from now on it holds no capacity.
    package mutating func end(_ target: OrderTarget, filled: Int128) -> Effect {
        guard orders[target] != nil else { return Effect(isStranger: true) }
        let moved = count(target) { $0.count(reported: filled) }
        retire(target, phase: .ended)
        return Effect(moved: moved, filled: orders[target]?.filled)
    }

    /// Gives back an order that provably never reached the venue, and never will.
    ///
    /// One that has traded was there after all: it is left alone.
    package mutating func giveBack(_ target: OrderTarget) {
        guard let order = orders[target], order.filled == 0 else { return }
        retire(target, phase: .givenBack)
    }

    /// Ends an amend that became true, or of which proof came that it never will.
    package mutating func settle(_ ticket: AmendTicket, applied: Bool) {
        guard let amend = amends.removeValue(forKey: ticket) else { return }
        orders[amend.order]?.settle(ticket, applied: applied)
    }

    /// Learns that the venue's name and ours mean one order, and brings together what came under either.
    package mutating func link(_ venueID: VenueOrderID, to clientID: ClientOrderID) {
        guard clientIDs[venueID] == nil, !isAnother(venueID, than: clientID) else { return }
        guard var merged = orders[.client(clientID)] else {
            rename(venueID, to: clientID)
            return
        }
        let known = merged
        clientIDs[venueID] = clientID
        merged.rename(to: venueID)
        orders[.client(clientID)] = merged
        defer { renameAmends(venueID, to: clientID) }
        guard let stranger = orders.removeValue(forKey: .venue(venueID)) else { return }
        symbols[stranger.symbol]?.outstanding.remove(.venue(venueID))
        merged.merge(stranger)
        orders[.client(clientID)] = merged
        if merged.filled > known.filled { fire(merged) }
        // What both names have moved already may have been the same fills.
        let already = known.moved.addingSaturating(stranger.moved)
        move(known.symbol, side: known.side, by: merged.moved.subtractingSaturating(already))
    }

    /// Keeps an order that came under the venue's name alone under ours from now on.
    private mutating func rename(_ venueID: VenueOrderID, to clientID: ClientOrderID) {
        guard var order = orders.removeValue(forKey: .venue(venueID)) else { return }
        clientIDs[venueID] = clientID
        order.venueID = venueID
        orders[.client(clientID)] = order
        renameAmends(venueID, to: clientID)
        if symbols[order.symbol]?.outstanding.remove(.venue(venueID)) != nil {
            symbols[order.symbol]?.outstanding.insert(.client(clientID))
        } else {
            remember(.client(clientID))
        }
    }

    /// Amends that were asked for by the venue's name of an order are the order's under ours.
    private mutating func renameAmends(_ venueID: VenueOrderID, to clientID: ClientOrderID) {
        for ticket in amends.keys where amends[ticket]?.order == .venue(venueID) {
            amends[ticket]?.order = .client(clientID)
        }
        attachAmends(of: .client(clientID))
    }

    /// True where a stranger's client id names an order of another venue id: each is counted under its own.
    ///
    /// Its owner may use the id again once the order is over, or have an amend replace it; which is which only the venue's
    /// id tells. Of an order of ours we know that all of its names mean the same.
    private func isAnother(_ venueID: VenueOrderID, than clientID: ClientOrderID) -> Bool {
        guard let order = orders[.client(clientID)], order.isStranger, order.venueID != nil else { return false }
        return !order.venueIDs.contains(venueID)
    }

    /// The key of an order that is named by either id.
    package func target(venueID: VenueOrderID?, clientID: ClientOrderID?) -> OrderTarget? {
        if let clientID {
            if let venueID, isAnother(venueID, than: clientID) { return .venue(venueID) }
            return .client(clientID)
        }
        return venueID.map { target(of: .venue($0)) }
    }

    /// The key of an order that is named by either id.
    package func target(of target: OrderTarget) -> OrderTarget {
        switch target {
        case .client: target
        case .venue(let id): clientIDs[id].map { .client($0) } ?? target
        }
    }

    /// Changes what is known of an order's fills and moves the position by what became new, signed.
    private mutating func count(_ target: OrderTarget, _ change: (inout ExposureOrder) -> Void) -> Int128 {
        guard var order = orders[target] else { return 0 }
        let before = order.filled
        change(&order)
        orders[target] = order
        let increase = order.filled.subtractingSaturating(before)
        guard increase > 0 else { return 0 }
        fire(order)
        return move(order.symbol, side: order.side, by: increase)
    }

    @discardableResult
    private mutating func move(_ symbol: Symbol, side: Side, by quantity: Int128) -> Int128 {
        let signed = side == .buy ? quantity : 0 - quantity
        if let position = symbols[symbol]?.position {
            symbols[symbol]?.position = position.addingSaturating(signed)
        }
        return signed
    }
}
