public import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension OrderGate {
    /// Counts a fill, once per order and trade id; late ones and those of strangers' orders move the position too.
    ///
    /// - Throws: `GateError` where the quantity is no number above zero that the gate can count; nothing is changed.
    @discardableResult
    public func apply(_ fill: Fill) throws(GateError) -> ExposureChange {
        guard let quantity = fill.quantity.steps, quantity > 0 else {
            throw .quantity(fill.quantity, of: "fill \(fill.id)", expected: "above zero")
        }
        return storage.step { core, _ in
            if let clientID = fill.clientID { core.book.link(fill.venueID, to: clientID) }
            let target = core.book.target(venueID: fill.venueID, clientID: fill.clientID) ?? .venue(fill.venueID)
            let effect = core.book.apply(
                fill: fill.id, of: target, symbol: fill.symbol, side: fill.side, quantity: quantity, at: fill.time)
            // A stranger's order has only now come into the book, where its second name can be noted.
            if effect.isStranger, let clientID = fill.clientID { core.book.link(fill.venueID, to: clientID) }
            return ExposureChange(effect, position: core.book.position(of: fill.symbol))
        }
    }

    /// Takes in what a reply, a list or a stream tells of an order.
    ///
    /// The filled quantity of an order is the largest that fills or snapshots have told, and the position moves by its
    /// increase alone, so repeated, late and reordered news do no harm. A terminal status ends the order with the
    /// snapshot's filled quantity. An order that the gate does not know is counted from now on where it still rests;
    /// if part of it is filled already, its position counts as unknown until it is set again.
    ///
    /// - Throws: `GateError` where a quantity is none that the gate can count; nothing is changed.
    @discardableResult
    public func apply(_ order: Order) throws(GateError) -> ExposureChange {
        try apply(order, reopens: false)
    }

    /// As `apply(_:)`; with `reopens`, an order that had ended counts again, since another took its place at the venue.
    @discardableResult
    package func apply(_ order: Order, reopens: Bool) throws(GateError) -> ExposureChange {
        guard let total = order.quantity.steps, total >= 0 else {
            throw .quantity(order.quantity, of: "the quantity of order \(order.name)", expected: "zero or above")
        }
        guard let filled = order.filled.steps, filled >= 0 else {
            throw .quantity(order.filled, of: "the filled quantity of order \(order.name)", expected: "zero or above")
        }
        return storage.step { core, _ in
            guard let target = core.book.locate(order) else {
                return ExposureChange(.init(isStranger: true), position: core.book.position(of: order.symbol))
            }
            var effect = core.book.apply(
                snapshotOf: target, total: total, filled: filled,
                isOver: order.provesEnd(total: total, filled: filled), reopens: reopens, at: order.updatedAt)
            if effect.isStranger, !order.status.isTerminal {
                core.book.adopt(order.stranger(total: total, filled: filled), as: target)
                core.book.learnNames(of: order)
                if filled > 0 { core.book.setPosition(nil, of: order.symbol) }
                effect.isStranger = true
            }
            return ExposureChange(effect, position: core.book.position(of: order.symbol))
        }
    }

    /// Counts, beside the whole quantity of an order, what legs may still fill that an amend should have cancelled.
    ///
    /// With `raisesOnly`, less than what counts already changes nothing.
    package func count(beside quantity: Decimal, of id: ClientOrderID, raisesOnly: Bool = false) {
        let steps = max(0, quantity.steps ?? .max)
        storage.step { core, _ in
            guard let known = core.book.orders[.client(id)]?.beside, known != steps else { return }
            if !raisesOnly || steps > known { core.book.orders[.client(id)]?.beside = steps }
        }
    }

    /// Counts an order that was found resting at the venue, with its filled part already in the position.
    ///
    /// For orders of an earlier start of the process, before positions are set. One that is known stays as it is.
    ///
    /// - Throws: `GateError` where a quantity is none that the gate can count; nothing is changed.
    public func adopt(_ order: Order) throws(GateError) {
        guard let total = order.quantity.steps, total >= 0, let filled = order.filled.steps, filled >= 0 else {
            throw .quantity(order.quantity, of: "the quantity of order \(order.name)", expected: "zero or above")
        }
        guard !order.status.isTerminal else { return }
        storage.step { core, _ in
            guard let target = core.book.locate(order) else { return }
            core.book.adopt(order.stranger(total: total, filled: filled), as: target)
            core.book.learnNames(of: order)
        }
    }

    /// Ends an order that is proven to have ended, with its final filled quantity in base.
    ///
    /// Without that quantity the end frees nothing safely: ask the venue first. A fill that still comes is counted.
    ///
    /// - Throws: `GateError` where the quantity is none that the gate can count; nothing is changed.
    @discardableResult
    public func end(_ id: ClientOrderID, filled: Decimal) throws(GateError) -> ExposureChange {
        guard let steps = filled.steps, steps >= 0 else {
            throw .quantity(filled, of: "the filled quantity of order \(id)", expected: "zero or above")
        }
        return storage.step { core, _ in
            let effect = core.book.end(.client(id), filled: steps)
            let symbol = core.book.orders[.client(id)]?.symbol
            return ExposureChange(effect, position: symbol.flatMap { core.book.position(of: $0) })
        }
    }

    /// Gives back a reservation whose order provably never reached the venue and never will.
    ///
    /// The same id may be reserved again. An order of which a fill is known was there after all, and stays counted.
    public func giveBack(_ id: ClientOrderID) {
        storage.step { core, _ in core.book.giveBack(.client(id)) }
    }

    /// Sets the signed position of a symbol in base, from a read of the account.
    ///
    /// The caller vouches for the moment of the read: the position contains all that the gate has counted so far and, of
    /// the orders in `filled`, at least so much. What comes beyond that moves it.
    ///
    /// - Throws: `GateError` where a quantity is none that the gate can count; nothing is changed.
    public func setPosition(
        _ quantity: Decimal, of symbol: Symbol, containing filled: [ClientOrderID: Decimal] = [:]
    ) throws(GateError) {
        guard let steps = quantity.steps else {
            throw .quantity(quantity, of: "the position in \(symbol)", expected: "a number")
        }
        var contained: [OrderTarget: Int128] = [:]
        for (id, amount) in filled.sorted(by: { $0.key < $1.key }) {
            guard let steps = amount.steps, steps >= 0 else {
                throw .quantity(amount, of: "the filled quantity of order \(id)", expected: "zero or above")
            }
            contained[.client(id)] = steps
        }
        storage.step { [contained] core, _ in core.book.setPosition(steps, of: symbol, containing: contained) }
    }

    /// Sets every position from a complete list; a symbol that is missing from it is flat, now and later.
    ///
    /// - Throws: `GateError` where a quantity is none that the gate can count; nothing is changed.
    public func setPositions(_ positions: [Position]) throws(GateError) {
        var known: [Symbol: Int128] = [:]
        for position in positions {
            guard let steps = position.quantity.steps else {
                throw .quantity(position.quantity, of: "the position in \(position.symbol)", expected: "a number")
            }
            known[position.symbol] = (known[position.symbol] ?? 0).addingSaturating(steps)
        }
        storage.step { [known] core, _ in core.book.setPositions(known) }
    }

    /// Forgets the position of a symbol, as something that cannot be trusted: nothing reduces it until it is set again.
    public func distrustPosition(of symbol: Symbol) {
        storage.step { core, _ in core.book.setPosition(nil, of: symbol) }
    }

    /// What the gate knows of a symbol's position and of what may still change it.
    public func exposure(of symbol: Symbol) -> SymbolExposure {
        storage.step { core, _ in SymbolExposure(symbol, in: core.book) }
    }
}

extension Order {
    fileprivate var name: String { clientID?.rawValue ?? venueID?.rawValue ?? "without an id" }

    /// A venue that says `filled` of less than the quantity contradicts itself, and proves nothing.
    fileprivate func provesEnd(total: Int128, filled: Int128) -> Bool {
        status == .filled ? filled >= total : status.isTerminal
    }

    fileprivate func stranger(total: Int128, filled: Int128) -> ExposureOrder {
        ExposureOrder(
            origin: OrderOrigin(symbol: symbol), symbol: symbol, side: side, phase: .outstanding, total: total,
            reported: filled, isStranger: true)
    }
}

extension ExposureBook {
    /// The key of a snapshot's order, having learned which names are the same; nil where it has no name at all.
    fileprivate mutating func locate(_ order: Order) -> OrderTarget? {
        learnNames(of: order)
        return target(venueID: order.venueID, clientID: order.clientID)
    }

    fileprivate mutating func learnNames(of order: Order) {
        if let venueID = order.venueID, let clientID = order.clientID { link(venueID, to: clientID) }
    }
}
