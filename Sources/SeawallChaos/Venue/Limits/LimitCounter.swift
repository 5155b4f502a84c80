internal import SeawallBroker
internal import SeawallTime

/// One limit of a venue: one window, or one for each symbol.
struct LimitCounter: Sendable {
    let rule: LimitRule
    private var shared: NaiveWindow
    private let fresh: NaiveWindow
    private var bySymbol: [Symbol: NaiveWindow] = [:]

    init(_ rule: LimitRule, start: MonotonicInstant, civilStart: CivilInstant) {
        self.rule = rule
        fresh = NaiveWindow(rule, start: start, civilStart: civilStart)
        shared = fresh
    }

    /// What a limit or a ban of it stops for a call about a symbol.
    func scope(of symbol: Symbol?) -> LimitScope {
        guard rule.isPerSymbol, let symbol else { return rule.scope }
        return LimitScope("\(rule.scope):\(symbol)")
    }

    mutating func charge(_ weight: Int, symbol: Symbol?, at now: MonotonicInstant) {
        change(symbol) { $0.charge(weight, at: now) }
    }

    mutating func giveBack(
        _ weight: Int, symbol: Symbol?, chargedAt instant: MonotonicInstant, at now: MonotonicInstant
    ) {
        change(symbol) { $0.giveBack(weight, chargedAt: instant, at: now) }
    }

    func used(symbol: Symbol?, at now: MonotonicInstant) -> Int { window(symbol).used(at: now) }

    func opening(for weight: Int, symbol: Symbol?, at now: MonotonicInstant) -> MonotonicInstant {
        window(symbol).opening(for: weight, at: now)
    }

    /// How much is used, of the symbol that has used the most where each has its own.
    func mostUsed(at now: MonotonicInstant) -> Int {
        bySymbol.values.reduce(shared.used(at: now)) { max($0, $1.used(at: now)) }
    }

    private func window(_ symbol: Symbol?) -> NaiveWindow {
        guard rule.isPerSymbol, let symbol else { return shared }
        return bySymbol[symbol] ?? fresh
    }

    private mutating func change(_ symbol: Symbol?, _ body: (inout NaiveWindow) -> Void) {
        guard rule.isPerSymbol, let symbol else { return body(&shared) }
        body(&bySymbol[symbol, default: fresh])
    }
}
