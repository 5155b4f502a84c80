internal import SeawallMetrics
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What only the bot knows, and the latencies of what it does in every cycle.
final class TradingMetrics: Sendable {
    private let equity: Gauge
    private let positions: Gauge
    private let dailyResult: Gauge
    private let limitUsage: ScopedFamily<Gauge>
    private let positionsFetch: Latency
    private let equityComputation: Latency

    /// A histogram by result.
    struct Latency: Sendable {
        private let ok: Histogram
        private let error: Histogram

        init(_ family: ScopedFamily<Histogram>) {
            ok = family.with(("result", "ok"))
            error = family.with(("result", "error"))
        }

        func observe(_ duration: Duration, succeeded: Bool) { (succeeded ? ok : error).observe(max(.zero, duration)) }
    }

    init(_ scope: MetricsScope) throws {
        equity = try scope.gauge("equity_dollars", "The account's worth, as the bot says.").with()
        positions = try scope.gauge("position_count", "How many positions are open, as the bot says.").with()
        dailyResult = try scope.gauge(
            "daily_result_dollars", "What the day has brought so far, as the bot says."
        ).with()
        limitUsage = try scope.gauge(
            "limit_usage_ratio",
            "The part of a limit of the bot's own that is used, 1 for all of it, as the bot says.", "limit")
        positionsFetch = Latency(
            try scope.histogram(
                "positions_fetch_seconds", "Time that reading the positions took, with every repeat.", "result"))
        equityComputation = Latency(
            try scope.histogram(
                "equity_computation_seconds", "Time that the phase equity_computation took.", "result"))
        for gauge in [equity, positions, dailyResult] { gauge.set(Double.nan) }
    }

    func report(equity: Decimal?, positions: Int?, dailyResult: Decimal?, limitUsage usage: [String: Double]) {
        if let equity { self.equity.set(equity.gaugeValue) }
        if let positions { self.positions.set(positions) }
        if let dailyResult { self.dailyResult.set(dailyResult.gaugeValue) }
        for (limit, part) in usage { limitUsage.with(("limit", limit)).set(part) }
    }

    func fetchedPositions(after duration: Duration, succeeded: Bool) {
        positionsFetch.observe(duration, succeeded: succeeded)
    }

    func computedEquity(after duration: Duration, succeeded: Bool) {
        equityComputation.observe(duration, succeeded: succeeded)
    }
}

extension Decimal {
    /// The nearest number that a gauge can show; NaN for what is none.
    fileprivate var gaugeValue: Double { isNaN ? .nan : Double(description) ?? .nan }
}
