public import SeawallBroker

// What an operator does by hand. None of it can freeze: that is what venues do.
extension PauseController {
    /// Pauses everything: what reduces and cancels still pass.
    ///
    /// - Parameters:
    ///   - duration: How long, above zero; nil: until it is resumed.
    ///   - level: What still passes, `reduceOnly` or `cancelOnly`.
    ///   - reason: Why, for whoever looks later.
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    @discardableResult
    public func pauseAll(
        for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) -> [PermissionChange] {
        try pause(.global, for: duration, level: level, reason: reason)
    }

    /// Pauses one symbol: what reduces it, and cancels, still pass.
    ///
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    @discardableResult
    public func pause(
        symbol: Symbol, for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) -> [PermissionChange] {
        try pause(.symbol(symbol), for: duration, level: level, reason: reason)
    }

    /// Pauses one strategy: what reduces, and cancels, still pass.
    ///
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    @discardableResult
    public func pause(
        strategy: StrategyID, for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) -> [PermissionChange] {
        try pause(.strategy(strategy), for: duration, level: level, reason: reason)
    }

    /// Pauses whatever the scope covers.
    ///
    /// Pausing what is paused extends it: the stricter level stays, the later end wins, and a pause without an end stays
    /// without one.
    ///
    /// - Throws: `PauseError` naming every value out of its range; nothing is changed.
    @discardableResult
    public func pause(
        _ scope: CauseScope, for duration: Duration? = nil, level: Permission = .reduceOnly, reason: String
    ) throws(PauseError) -> [PermissionChange] {
        var faults: [String] = []
        if let duration, duration <= .zero { faults.append("duration is \(duration), expected above zero") }
        if level != .reduceOnly, level != .cancelOnly {
            faults.append("level is \(level), expected reduce_only or cancel_only")
        }
        guard faults.isEmpty else {
            throw PauseError(code: .invalidPause, message: faults.joined(separator: "; "))
        }
        return raise(
            .operatorPause, scope: scope, level: level, for: duration, code: .operatorPause, message: reason)
    }

    /// Ends the operator's pause of this scope alone; every other cause stays, the kill switch too.
    @discardableResult
    public func resume(_ scope: CauseScope) -> [PermissionChange] {
        release(.operatorPause, scope: scope)
    }

    /// Ends the operator's pause of one symbol alone.
    @discardableResult
    public func resume(symbol: Symbol) -> [PermissionChange] { resume(.symbol(symbol)) }

    /// Ends the operator's pause of one strategy alone.
    @discardableResult
    public func resume(strategy: StrategyID) -> [PermissionChange] { resume(.strategy(strategy)) }

    /// Ends the operator's pause of everything; pauses of a symbol, a strategy or an account stay.
    @discardableResult
    public func resumeAll() -> [PermissionChange] { resume(.global) }

    /// Pulls the kill switch: cancels only, until it is released by hand.
    @discardableResult
    public func kill(_ scope: CauseScope = .global, reason: String) -> [PermissionChange] {
        raise(
            .killSwitch, scope: scope, level: .cancelOnly, release: .byHand, code: .killSwitch, message: reason)
    }

    /// Releases the kill switch of this scope; every other cause stays.
    @discardableResult
    public func releaseKill(_ scope: CauseScope = .global) -> [PermissionChange] {
        release(.killSwitch, scope: scope)
    }
}
