public import SeawallBroker
public import SeawallDegradation

// What an operator does by hand, and asks.
extension ReliabilityLayer {
    /// Pauses everything: what reduces and cancels still pass.
    ///
    /// - Parameters:
    ///   - duration: How long, above zero; nil: until it is resumed.
    ///   - level: What still passes, `reduceOnly` or `cancelOnly`.
    ///   - reason: Why, for whoever looks later.
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    public func pauseAll(
        for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) {
        try pause(.global, for: duration, level: level, reason: reason)
    }

    /// Pauses whatever the scope covers: what reduces and cancels still pass.
    ///
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    public func pause(
        _ scope: CauseScope, for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) {
        follow(try pauses.pause(scope, for: duration, level: level, reason: reason))
    }

    /// Ends the operator's pause of a scope, and nothing else.
    public func resume(_ scope: CauseScope = .global) {
        follow(pauses.resume(scope))
    }

    /// Stops all new orders of a scope until it is released by hand, and cancels everything that works in it.
    ///
    /// Orders that the bot did not place are cancelled too, and orders that turn out to have reached the venue later. It
    /// goes on until the venue has shown nothing twice, over restarts where there is a journal; one alert tells what is
    /// left. While the switch is pulled, pulling it again adds the reason to its evidence and cancels nothing anew.
    public func kill(_ scope: CauseScope = .global, reason: String) {
        follow(
            pauses.raise(
                .killSwitch, scope: scope, level: .cancelOnly, release: .byHand, code: .killSwitch, message: reason))
    }

    /// Releases the kill switch of a scope.
    ///
    /// A sweep that goes on for it stops, and what it has not cancelled stays.
    public func releaseKill(_ scope: CauseScope = .global) {
        follow(pauses.releaseKill(scope))
    }

    /// Restricts a scope because a guard has found something wrong, and cancels what works in it.
    ///
    /// For guards of the bot's own: a loss that is too large, a price that cannot be. It stands until it is released by
    /// hand, over restarts where there is a journal. While it stands, tripping it again adds to its evidence and cancels
    /// nothing anew.
    ///
    /// - Parameters:
    ///   - name: Which guard; each has a latch of its own in each scope.
    ///   - scope: What it restricts, and what it sweeps.
    ///   - level: What still passes, `reduceOnly` or `cancelOnly`.
    ///   - keepsProtective: Whether what only closes a position stays at the venue. Without it everything is cancelled,
    ///     stops that protect a position too.
    ///   - reason: What was found, for whoever looks later.
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    public func trip(
        _ name: String, scope: CauseScope = .global, level: Permission = .reduceOnly, keepsProtective: Bool = true,
        reason: String
    ) throws(PauseError) {
        var faults: [String] = []
        if name.isEmpty { faults.append("name is empty, expected the guard's name") }
        if level != .reduceOnly, level != .cancelOnly {
            faults.append("level is \(level), expected reduce_only or cancel_only")
        }
        guard faults.isEmpty else {
            throw PauseError(code: .invalidPause, message: faults.joined(separator: "; "))
        }
        follow(
            pauses.raise(
                .trip(name), scope: scope, level: level, release: .byHand, code: keepsProtective ? .guardTrip : .trip,
                message: reason))
    }

    /// Releases what a guard has tripped in a scope.
    public func releaseTrip(_ name: String, scope: CauseScope = .global) {
        follow(pauses.release(.trip(name), scope: scope))
    }

    /// What may be sent now, every cause that restricts it, and what would release each.
    public var status: PauseStatus { pauses.status }

    /// Says what stands in the way of an order, and what would pass, without sending or reserving anything.
    public func explain(_ order: OrderRequest) -> GateExplanation { gate.explain(order) }

    /// What the layer knows of a symbol's position and of what may still change it.
    public func exposure(of symbol: Symbol) -> SymbolExposure { gate.exposure(of: symbol) }

    private var pauses: PauseController { gate.pauses }

    private func follow(_ changes: [PermissionChange]) {
        consequences.follow(changes)
        journal.settle()
    }
}
