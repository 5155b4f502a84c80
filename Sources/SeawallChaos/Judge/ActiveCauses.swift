internal import Seawall

/// The causes that restrict trading at a moment, as the library announced them.
struct ActiveCauses: Sendable {
    private var causes: [String: PermissionChange] = [:]

    mutating func apply(_ change: PermissionChange) {
        switch change.event.rawValue {
        case "raised", "extended": causes[change.id] = change
        case "cleared", "expired": causes[change.id] = nil
        default: break
        }
    }

    /// The most restrictive level of all causes that cover the order at the instant.
    func level(
        at instant: MonotonicInstant, symbol: Symbol?, strategy: StrategyID?
    ) -> Permission {
        var level = Permission.open
        for cause in causes.values {
            if let until = cause.until, instant >= until { continue }
            let scope = cause.scope.description
            let covers =
                scope == "global" || scope == "account" || scope == symbol.map { "symbol:\($0)" }
                || scope == strategy.map { "strategy:\($0)" }
            if covers { level = min(level, cause.level) }
        }
        return level
    }
}
