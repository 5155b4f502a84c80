import SeawallChaos

/// What happened, counted: the sums of `RunCounts` over runs.
struct Figures: Equatable, Sendable {
    private(set) var requests = 0
    private(set) var orders = 0
    private(set) var fills = 0
    private(set) var unknowns = 0
    private(set) var alerts = 0

    /// Each fault times each operation that it struck.
    private(set) var strikes: [String: Int] = [:]

    init() {}

    init(_ counts: RunCounts) {
        requests = counts.requests
        orders = counts.orders
        fills = counts.fills
        unknowns = counts.unknowns
        alerts = counts.alerts
        strikes = counts.strikes
    }

    mutating func add(_ other: Figures) {
        requests += other.requests
        orders += other.orders
        fills += other.fills
        unknowns += other.unknowns
        alerts += other.alerts
        strikes.merge(other.strikes, uniquingKeysWith: +)
    }
}
