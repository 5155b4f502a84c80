internal import SeawallBroker
internal import SeawallTime

/// Which calls cancel a number of orders for the least of the venue's limits.
struct SweepPrices: Sendable {
    /// One call, or one for each.
    enum Kind: Hashable, Sendable {
        case each, together, all
    }

    /// Orders of one symbol that are cancelled in one way.
    struct Call: Hashable, Sendable {
        var kind: Kind
        var symbol: Symbol
        var orders: [SweepOrder]
    }

    private let profile: VenueProfile
    private let capabilities: Set<BrokerCapability>

    init(_ profile: VenueProfile, capabilities: Set<BrokerCapability>) {
        self.profile = profile
        self.capabilities = capabilities
    }

    /// True where a cancel may name an order by our own name for it.
    var takesClientIDs: Bool { capabilities.contains(.cancelByClientID) }

    /// The calls for these orders; all orders of the symbol in one where that costs no more than the orders one by one.
    func calls(for orders: [SweepOrder], symbol: Symbol, wholeSymbol: Bool) -> [Call] {
        // By our own name alone: such an order may not have arrived, and only a call that names it can meet it.
        let named = orders.filter { $0.venueID == nil }
        let shown = orders.filter { $0.venueID != nil }
        var calls = named.map { Call(kind: .each, symbol: symbol, orders: [$0]) }
        guard shown.count > 1 else { return calls + shown.map { Call(kind: .each, symbol: symbol, orders: [$0]) } }
        let singly = price(.cancel, symbol, shown.prefix(1)).multipliedSaturating(by: shown.count)
        if wholeSymbol, capabilities.contains(.cancelAll), price(.cancelAll, symbol, []) <= singly {
            return calls + [Call(kind: .all, symbol: symbol, orders: shown)]
        }
        let size = max(1, profile.cancelBatchSize)
        var rest = shown[...]
        while let first = rest.first {
            let batch = rest.prefix(size)
            rest = rest.dropFirst(batch.count)
            let alone = price(.cancel, symbol, [first]).multipliedSaturating(by: batch.count)
            let isBatch =
                batch.count > 1 && capabilities.contains(.cancelMany)
                && price(.cancelMany, symbol, batch) <= alone && fits(.cancelMany, symbol, batch)
            if isBatch {
                calls.append(Call(kind: .together, symbol: symbol, orders: Array(batch)))
            } else {
                calls += batch.map { Call(kind: .each, symbol: symbol, orders: [$0]) }
            }
        }
        return calls
    }

    /// What a call takes of the venue's limits together, in millionths of each, for orders of unknown age.
    private func price(_ operation: BrokerOperation, _ symbol: Symbol, _ orders: ArraySlice<SweepOrder>) -> Int {
        let cost = cost(operation, symbol, orders)
        return profile.limits.reduce(0) { sum, limit in
            let share = Int128(cost[limit.name] ?? 0) * 1_000_000 / Int128(max(1, limit.limit))
            return sum.addingSaturating(Int(clamping: share))
        }
    }

    /// False where one call would be too much for a limit, whatever else it holds.
    private func fits(_ operation: BrokerOperation, _ symbol: Symbol, _ orders: ArraySlice<SweepOrder>) -> Bool {
        let cost = cost(operation, symbol, orders)
        return profile.limits.allSatisfy { (cost[$0.name] ?? 0) <= $0.limit / 2 }
    }

    private func cost(
        _ operation: BrokerOperation, _ symbol: Symbol, _ orders: ArraySlice<SweepOrder>
    ) -> [String: Int] {
        profile.cost(of: BrokerCall(operation, symbol: symbol), ages: orders.map { _ in nil })
    }
}
