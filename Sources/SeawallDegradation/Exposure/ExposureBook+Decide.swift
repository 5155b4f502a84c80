package import SeawallBroker
package import SeawallTime

/// Why the book lets an order not pass, in steps.
package struct Refusal: Hashable, Sendable {
    /// Why.
    package var code: Denial.Code
    /// The largest quantity that would pass; nil where none would, or where it makes no difference.
    package var largest: Int128?
    /// The signed position, where it is known.
    package var position: Int128?
    /// The orders that may close first.
    package var holders: [Capacity.Holder]

    package init(
        _ code: Denial.Code, largest: Int128? = nil, position: Int128? = nil, holders: [Capacity.Holder] = []
    ) {
        self.code = code
        self.largest = largest
        self.position = position
        self.holders = holders
    }

    fileprivate init(_ obstacle: Capacity.Obstacle, _ capacity: Capacity) {
        let code: Denial.Code =
            switch obstacle {
            case .positionUnknown: .positionUnknown
            case .flat: .flat
            case .wrongSide: .opens
            }
        self.init(code, position: capacity.position, holders: capacity.holders)
    }
}

extension ExposureBook {
    /// Nil where an order may be sent under `permission`, else why not.
    ///
    /// A quantity of nil is one in quote.
    package func refusal(
        symbol: Symbol, side: Side, quantity: Int128?, group: LinkID?, excluding: OrderTarget? = nil,
        under permission: Permission
    ) -> Refusal? {
        switch permission {
        case .open: nil
        case .cancelOnly, .frozen: Refusal(.paused)
        case .reduceOnly:
            reducingRefusal(symbol: symbol, side: side, quantity: quantity, group: group, excluding: excluding)
        }
    }

    private func reducingRefusal(
        symbol: Symbol, side: Side, quantity: Int128?, group: LinkID?, excluding: OrderTarget?
    ) -> Refusal? {
        let group = countedGroup(group, of: symbol)
        let capacity = self.capacity(of: symbol, side: side, group: group, excluding: excluding)
        if let obstacle = capacity.obstacle { return Refusal(obstacle, capacity) }
        let largest = capacity.available > 0 ? capacity.available : nil
        guard let quantity else {
            return Refusal(.quoteQuantity, largest: largest, position: capacity.position, holders: capacity.holders)
        }
        guard quantity <= capacity.available else {
            return Refusal(.exceedsCapacity, largest: largest, position: capacity.position, holders: capacity.holders)
        }
        return nil
    }

    /// Nil where an amend may be sent under `permission`, else why not.
    ///
    /// A smaller quantity at the same price never raises exposure. Anything else that a reducing order may do must fit
    /// with the larger of its old and new quantities.
    package func refusal(
        of amend: AmendReservation, reservedAs ticket: AmendTicket? = nil, under permission: Permission
    ) -> Refusal? {
        guard let order = orders[amend.order], order.isOutstanding else { return Refusal(.unknownOrder) }
        switch permission {
        case .open: return nil
        case .cancelOnly, .frozen: return Refusal(.paused)
        case .reduceOnly: break
        }
        guard let total = order.largestTotal(without: ticket) else { return Refusal(.quoteQuantity) }
        let amended = max(total, amend.total ?? total)
        if amended == total, !amend.changesPrice { return nil }
        let capacity = self.capacity(of: order.symbol, side: order.side, group: order.group, excluding: amend.order)
        if let obstacle = capacity.obstacle { return Refusal(obstacle, capacity) }
        guard amended.subtractingSaturating(order.filled) <= capacity.available else {
            let largest = capacity.available.addingSaturating(order.filled)
            return Refusal(
                .exceedsCapacity, largest: largest >= total ? largest : nil, position: capacity.position,
                holders: capacity.holders)
        }
        return nil
    }

    /// Takes an admitted order into the count; false where its id is taken.
    package mutating func reserve(_ order: ExposureOrder, as target: OrderTarget) -> Bool {
        if let known = orders[target] {
            guard known.phase == .givenBack, known.filled == 0 else { return false }
        }
        var order = order
        order.group = countedGroup(order.group, of: order.symbol)
        insert(order, as: target)
        return true
    }

    /// Takes an admitted amend into the count.
    package mutating func reserve(_ amend: AmendReservation) -> AmendTicket {
        issuedAmends += 1
        let ticket = AmendTicket(number: issuedAmends)
        amends[ticket] = amend
        if let total = amend.total {
            if orders[amend.order]?.amends.isEmpty == false { orders[amend.order]?.hasOverlappingAmends = true }
            orders[amend.order]?.amends[ticket] = total
        }
        return ticket
    }

    /// Takes in an amend of an earlier run of the process that may still become true.
    ///
    /// Its order may be none that the book knows yet: it counts from then on when the order does.
    package mutating func restore(_ amend: AmendReservation) -> AmendTicket {
        var restored = amend
        restored.isHandedOver = true
        return reserve(restored)
    }

    /// Decides a reserved order again, in the same step in which it is handed over; a refusal gives it back.
    package mutating func handOver(
        _ target: OrderTarget, under permission: Permission, now: MonotonicInstant
    ) -> Refusal? {
        guard let order = orders[target], order.isOutstanding else { return Refusal(.unknownOrder) }
        // Its siblings may have traded since it was reserved, and then they no longer hold it back.
        let group = order.phase == .reserved ? countedGroup(order.group, of: order.symbol) : order.group
        orders[target]?.group = group
        let isLate = order.expires.map { $0 <= now } ?? false
        let refusal =
            isLate
            ? Refusal(.expired)
            : self.refusal(
                symbol: order.symbol, side: order.side, quantity: order.total, group: group, excluding: target,
                under: permission)
        if refusal == nil {
            orders[target]?.phase = .outstanding
        } else if order.phase == .reserved {
            retire(target, phase: .givenBack)
        }
        return refusal
    }

    /// Decides a reserved amend again, in the same step in which it is handed over; a refusal gives it back.
    package mutating func handOver(
        _ ticket: AmendTicket, under permission: Permission, now: MonotonicInstant
    ) -> Refusal? {
        guard let amend = amends[ticket] else { return Refusal(.unknownOrder) }
        let isLate = amend.expires.map { $0 <= now } ?? false
        let refusal = isLate ? Refusal(.expired) : self.refusal(of: amend, reservedAs: ticket, under: permission)
        if refusal == nil {
            amends[ticket]?.isHandedOver = true
        } else if !amend.isHandedOver {
            settle(ticket, applied: false)
        }
        return refusal
    }
}

extension ExposureBook {
    /// The largest quantity that would pass as a reducing order; nil where none would.
    package func largest(symbol: Symbol, side: Side, group: LinkID?) -> Int128? {
        let capacity = capacity(of: symbol, side: side, group: countedGroup(group, of: symbol))
        return capacity.available > 0 ? capacity.available : nil
    }
}
