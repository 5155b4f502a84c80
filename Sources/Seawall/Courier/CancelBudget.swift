internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// What cancelling the book would cost at this instant, so that no order is opened that could not be cancelled.
///
/// Of each symbol by whichever call is cheapest: each order by itself, in batches, or all at once.
struct CancelBudget: Sendable {
    /// An order that lives, or may.
    struct Entry: Hashable, Sendable {
        var symbol: Symbol
        var target: OrderTarget
    }

    private let profile: VenueProfile
    private let capabilities: Set<BrokerCapability>
    private let tariffs: Tariffs

    init(_ profile: VenueProfile, capabilities: Set<BrokerCapability>, tariffs: Tariffs) {
        self.profile = profile
        self.capabilities = capabilities
        self.tariffs = tariffs
    }

    /// What must be left of each limit when `newcomer` has been sent, by the limit's name.
    ///
    /// Of a limit that each symbol has for itself, what orders of other symbols cost is not the newcomer's affair.
    func leaving(for newcomer: Entry, beside book: [Entry], at now: MonotonicInstant) -> [String: Int] {
        var left: [String: Int] = [:]
        let perSymbol = Set(profile.limits.filter(\.isPerSymbol).map(\.name))
        let bySymbol = Dictionary(grouping: book + [newcomer], by: \.symbol)
        for (symbol, entries) in bySymbol.sorted(by: { $0.key < $1.key }) {
            for (limit, cost) in cheapest(entries.map(\.target), of: symbol, at: now)
            where symbol == newcomer.symbol || !perSymbol.contains(limit) {
                left[limit] = (left[limit] ?? 0).addingSaturating(cost)
            }
        }
        return left
    }

    private func cheapest(
        _ targets: [OrderTarget], of symbol: Symbol, at now: MonotonicInstant
    ) -> [String: Int] {
        var ways = [sum(targets.map { [$0] }, .cancel, symbol, now)]
        if capabilities.contains(.cancelAll) { ways.append(sum([targets], .cancelAll, symbol, now)) }
        if capabilities.contains(.cancelMany) {
            let size = max(1, profile.cancelBatchSize)
            let batches = stride(from: 0, to: targets.count, by: size).map {
                Array(targets[$0..<min($0 + size, targets.count)])
            }
            ways.append(sum(batches, .cancelMany, symbol, now))
        }
        return ways.min { share(of: $0) < share(of: $1) } ?? [:]
    }

    private func sum(
        _ calls: [[OrderTarget]], _ operation: BrokerOperation, _ symbol: Symbol, _ now: MonotonicInstant
    ) -> [String: Int] {
        calls.reduce(into: [:]) { sum, targets in
            let call = BrokerCall(operation, symbol: symbol, targets: targets)
            for (limit, weight) in tariffs.tariff(of: call, at: now).charge.weights {
                sum[limit] = (sum[limit] ?? 0).addingSaturating(weight)
            }
        }
    }

    /// What a cost takes of the limits together, in millionths of each.
    private func share(of cost: [String: Int]) -> Int {
        profile.limits.reduce(0) { sum, limit in
            let part = Int128(cost[limit.name] ?? 0) * 1_000_000 / Int128(max(1, limit.limit))
            return sum.addingSaturating(Int(clamping: part))
        }
    }
}
