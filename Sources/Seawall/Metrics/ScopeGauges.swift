internal import SeawallMetrics
internal import SeawallTime

/// Shows one number for each scope that was ever restricted.
///
/// Past the registry's limit of series many scopes share one, which shows the worst of them. Of those that share it and are
/// open only one is remembered, so that names without end take no memory without end.
final class ScopeGauges<Scope: Hashable & CustomStringConvertible & Sendable>: Sendable {
    /// The scopes of one series, in the order of their names, each with its number.
    private struct Sharers {
        var gauge: Gauge
        var scopes: [(scope: Scope, value: Double)]
    }

    private let family: ScopedFamily<Gauge>
    private let limit: Int
    private let open: Double
    private let worst: @Sendable (Double, Double) -> Double
    private let known: Lock<Set<Scope>>

    /// - Parameters:
    ///   - open: What an open scope shows.
    ///   - worst: Of two numbers the one that restricts more.
    init(
        _ family: ScopedFamily<Gauge>, _ scopes: Set<Scope> = [], limit: Int, open: Double,
        worst: @escaping @Sendable (Double, Double) -> Double
    ) {
        self.family = family
        self.limit = limit
        self.open = open
        self.worst = worst
        known = Lock(scopes)
    }

    /// How many scopes are remembered.
    var count: Int { known.withLock { $0.count } }

    /// Shows a scope from the next reading on, restricted or not, as long as there is room.
    func remember(_ scope: Scope) {
        known.withLock { known in
            if known.count < limit { known.insert(scope) }
        }
    }

    /// Shows all scopes that are remembered, and those that are restricted now.
    func show(_ restricted: some Sequence<Scope>, by value: (Scope) -> Double) {
        known.withLock { known in
            known.formUnion(restricted)
            for sharers in sharers(known, by: value) {
                sharers.gauge.set(sharers.scopes.map(\.value).reduce(open, worst))
                // One of them stays, to show what restricts everything.
                for shared in sharers.scopes.dropFirst() where shared.value == open { known.remove(shared.scope) }
            }
        }
    }

    private func sharers(_ scopes: Set<Scope>, by value: (Scope) -> Double) -> [Sharers] {
        var sharers: [ObjectIdentifier: Sharers] = [:]
        for scope in scopes.sorted(by: { $0.description < $1.description }) {
            let gauge = family.with(("scope", scope.description))
            sharers[ObjectIdentifier(gauge), default: Sharers(gauge: gauge, scopes: [])].scopes
                .append((scope, value(scope)))
        }
        return Array(sharers.values)
    }
}
