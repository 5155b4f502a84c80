internal import SeawallTime

extension VenueProfile {
    /// What a call costs in each limit, by the limit's name, apart from the age of the orders it names; empty where it
    /// costs nothing.
    public func cost(of call: BrokerCall) -> [String: Int] {
        if call.symbol == nil, let cost = costsWithoutSymbol[call.operation] { return cost }
        return costs[call.operation] ?? [:]
    }

    /// What a call costs in each limit, with what each of the orders that it changes costs for its age.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - ages: How old each of the orders is, since it was placed or last amended; nil where that is not known, which
    ///     costs the most.
    public func cost(of call: BrokerCall, ages: [Duration?]) -> [String: Int] {
        var cost = cost(of: call)
        for (limit, steps) in costsByAge[call.operation] ?? [:] {
            for age in ages {
                let extra =
                    if let age { steps.first { age < $0.under }?.cost ?? 0 } else { steps.map(\.cost).max() ?? 0 }
                if extra > 0 { cost[limit] = (cost[limit] ?? 0).addingSaturating(extra) }
            }
        }
        return cost
    }

    /// The scopes that a call falls under, sorted: a limit or a ban of one of them stops it.
    ///
    /// Every call falls under `ip`, and under the scopes of the limits that it is charged to. A limit of weight of the
    /// scope `account` stops calls of no weight too; one of a name of the venue's own stops those charged to it alone. Of
    /// a limit for each symbol, a call falls under `symbol` and under the scope of its own, `symbol:NAME`. What the error
    /// table alone names stops every call.
    public func scopes(of call: BrokerCall) -> [LimitScope] {
        let charged = Set(cost(of: call).filter { $0.value > 0 }.keys)
            .union((costsByAge[call.operation] ?? [:]).keys)
        var scopes: Set<LimitScope> = [.ip]
        for limit in limits where charged.contains(limit.name) || (limit.counts == .weight && limit.scope == .account) {
            scopes.formUnion([limit.scope, limit.scope.narrowed(to: call.symbol)])
        }
        let counted = Set(limits.map(\.scope))
        scopes.formUnion(errors.compactMap(\.scope).filter { !counted.contains($0) })
        return scopes.sorted()
    }
}
