public import SeawallBroker
internal import SeawallRateLimit
public import SeawallTime

extension FaultPlan {
    /// Judges every field of every fault, and what faults do to each other.
    ///
    /// A fault that can never strike is at fault: one whose turn never comes, or that an earlier one always comes before.
    ///
    /// - Parameter symbols: What the venue trades, where that is known; a fault of another symbol would match nothing.
    /// - Throws: one `InvalidFields` that lists every bad field, its value, and what was expected.
    public func validate(symbols: Set<Symbol>? = nil) throws(InvalidFields) {
        try validate(symbols: symbols, hasWorld: true)
    }

    /// Judges the plan; without a world, faults that would strike it are at fault too.
    func validate(symbols: Set<Symbol>? = nil, hasWorld: Bool) throws(InvalidFields) {
        var problems = InvalidFields(subject: "fault plan", fields: [])
        for (index, action) in actions.enumerated() {
            var found = action.problems
            if let symbols, let symbol = action.match.symbol, !symbol.rawValue.isEmpty {
                let known = symbols.map(\.rawValue).sorted().joined(separator: ", ")
                found.check(symbols.contains(symbol), "match.symbol", symbol, "one of \(known), or nil for all")
            }
            found.check(
                hasWorld || action.effect.site != .world, "effect", action.effect.name,
                "a fault of calls, fills or streams, or a ChaosBroker with a world")
            if let shadow = actions[..<index].firstIndex(where: { $0.shadows(action) }) {
                found.check(
                    false, "effect", action.effect.name,
                    "a place before actions[\(shadow)] \(actions[shadow].name), which strikes every call of it")
            }
            problems.merge(found, under: "actions[\(index)]")
        }
        try problems.throwIfAny()
    }
}

extension FaultAction {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "fault", fields: [])
        problems.check(!name.isEmpty, "name", "empty", "a name")
        checkMatch(&problems)
        problems.check((0..<Int.max).contains(after), "after", after, "0 or more, and a turn that can come")
        if let times { problems.check(times > 0, "times", times, "1 or more, or nil for ever") }
        problems.check(
            probability > 0 && probability <= 1, "probability", probability, "above 0 and at most 1, or no such fault")
        problems.checkDuration(from, "from")
        if let until { problems.check(until > from, "until", until, "later than from, \(from)") }
        effect.check(&problems)
        return problems
    }

    private func checkMatch(_ problems: inout InvalidFields) {
        if let operations = match.operations {
            problems.check(!operations.isEmpty, "match.operations", "empty", "operations, or nil for all")
            problems.check(
                operations.isSubset(of: effect.struck), "match.operations", operations.names,
                "some of \(effect.struck.names) for \(effect.name)")
        }
        problems.check(match.symbol?.rawValue.isEmpty != true, "match.symbol", "empty", "a symbol, or nil for all")
        problems.check(match.lane?.rawValue.isEmpty != true, "match.lane", "empty", "a lane, or nil for all")
        if operations.isEmpty { return }
        if let side = match.side {
            problems.check(
                !operations.isDisjoint(with: [.place, .preview]), "match.side", side.rawValue,
                "nil, since \(operations.names) has no side")
        }
        if let symbol = match.symbol {
            problems.check(
                !operations.isSubset(of: BrokerOperation.withoutSymbol), "match.symbol", symbol,
                "nil, since \(operations.names) names no symbol")
        }
        if let lane = match.lane {
            let isOnStreams = effect.site == .stream || (effect.site == .fills && operations == [.userStream])
            problems.check(!isOnStreams, "match.lane", lane, "nil, since what comes on a stream has no lane")
        }
    }

    /// True where this fault, standing before the other, strikes every call that the other could.
    func shadows(_ other: FaultAction) -> Bool {
        guard effect.site == other.effect.site, effect.alwaysFits, times == nil, probability >= 1 else { return false }
        // Connections and events are counted apart.
        guard effect.isOfConnections == other.effect.isOfConnections else { return false }
        guard after <= other.after, from <= other.from else { return false }
        if let until {
            guard let end = other.until, end <= until else { return false }
        }
        guard !other.operations.isEmpty, operations.isSuperset(of: other.operations) else { return false }
        guard match.symbol == nil || match.symbol == other.match.symbol else { return false }
        guard match.side == nil || match.side == other.match.side else { return false }
        // An outage once begun strikes on, whatever its end is said to be.
        if case .outage = other.effect, until != nil { return false }
        return match.lane == nil || match.lane == other.match.lane
    }
}

extension BrokerOperation {
    /// Calls that name no symbol.
    fileprivate static let withoutSymbol: Set<BrokerOperation> = [
        .balances, .positions, .status, .time, .permissions, .limits,
    ]
}

extension Set<BrokerOperation> {
    /// The names in order.
    fileprivate var names: String { map(\.rawValue).sorted().joined(separator: ", ") }
}
