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

    /// Stops all new orders of a scope until it is released by hand; cancels pass.
    public func kill(_ scope: CauseScope = .global, reason: String) {
        follow(pauses.kill(scope, reason: reason))
    }

    /// Releases the kill switch of a scope.
    public func releaseKill(_ scope: CauseScope = .global) {
        follow(pauses.releaseKill(scope))
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
