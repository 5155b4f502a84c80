internal import SeawallDegradation
internal import SeawallMetrics
internal import SeawallTime

/// What may be sent, and what restricts it.
final class PermissionMetrics: Sendable {
    /// The guard that the kill switch counts as.
    static let killSwitch = "kill_switch"

    private struct Change: Hashable, Sendable {
        var code: ReasonCode
        var event: PermissionChange.Event
    }

    /// The scopes that causes have named: each shows when it is open again.
    private let levels: ScopeGauges<CauseScope>
    private let causes: ScopedFamily<Gauge>
    private let changes: KnownSeries<Change, Counter>
    private let trips: ScopedFamily<Counter>
    private let codes = Lock(Set(ReasonCode.known))

    init(_ scope: MetricsScope) throws {
        let level = try scope.gauge(
            "permission_level", "What may be sent: 3 open, 2 reduce only, 1 cancel only, 0 frozen.", "scope")
        levels = ScopeGauges(
            level, [.global], limit: scope.registry.seriesLimit, open: Permission.open.gaugeValue, worst: min)
        causes = try scope.gauge("permission_causes", "Active causes that restrict, in all scopes.", "code")
        changes = KnownSeries(
            try scope.counter("permission_changes_total", "Causes that began, grew or ended.", "code", "event"),
            of: ReasonCode.known.flatMap { code in
                PermissionChange.Event.allCases.map { Change(code: code, event: $0) }
            }, scope
        ) { [("code", $0.code.rawValue), ("event", $0.event.rawValue)] }
        trips = try scope.counter(
            "guard_trips_total",
            "Latches that were set by a guard, or by the kill switch: each counts once until it is released.", "guard")
        level.with(("scope", CauseScope.global.description)).set(Permission.open.gaugeValue)
        trips.with(("guard", Self.killSwitch))
    }

    /// A cause began, grew or ended, in this process or, if that is inherited, in an earlier one.
    func changed(_ change: PermissionChange, isInherited: Bool) {
        let times = changes[Change(code: change.code, event: change.event)]
        if !isInherited { times.increment() }
        levels.remember(change.scope)
        codes.withLock { _ = $0.insert(change.code) }
        guard change.event == .raised, !isInherited, let name = change.cause.key.id.guardName else { return }
        trips.with(("guard", name)).increment()
    }

    /// Shows permissions as they are whenever somebody reads the metrics.
    func watch(_ gate: OrderGate, _ sources: MetricsSources) {
        sources.add { [self] in
            var active: [ReasonCode: Int] = [:]
            let stand = gate.pauses.status.causes
            for status in stand { active[status.cause.code, default: 0] += 1 }
            for code in codes.withLock({ $0 }).sorted() {
                causes.with(("code", code.rawValue)).set(active[code] ?? 0)
            }
            levels.show(stand.map(\.cause.key.scope)) { gate.permission(for: $0.narrowest).gaugeValue }
        }
    }
}

extension ReasonCode {
    /// Every code that the library has a cause for.
    static let known: [ReasonCode] = [
        .operatorPause, .killSwitch, .venueBan, .venueMode, .apiHealth, .staleData, .stateUnreadable, .stateUnwritable,
        .drift, .clockSkew, .clockFault, .breakerOpen, .breakerIsolated, .guardTrip, .trip,
    ]
}

extension CauseScope {
    /// An order that this scope covers, and no other that is narrower than everything.
    fileprivate var narrowest: OrderOrigin {
        switch self {
        case .global: OrderOrigin()
        case .account(let account): OrderOrigin(account: account)
        case .symbol(let symbol): OrderOrigin(symbol: symbol)
        case .strategy(let strategy): OrderOrigin(strategy: strategy)
        }
    }
}

extension Permission {
    /// The more may be sent, the higher.
    fileprivate var gaugeValue: Double {
        switch self {
        case .frozen: 0
        case .cancelOnly: 1
        case .reduceOnly: 2
        case .open: 3
        }
    }
}

extension CauseID {
    /// The latch of a guard.
    static func trip(_ name: String) -> CauseID { CauseID(tripPrefix + name) }

    /// The guard whose latch it is; nil for what is none.
    var guardName: String? {
        if self == .killSwitch { return PermissionMetrics.killSwitch }
        return rawValue.hasPrefix(Self.tripPrefix) ? String(rawValue.dropFirst(Self.tripPrefix.count)) : nil
    }

    private static let tripPrefix = "trip."
}
