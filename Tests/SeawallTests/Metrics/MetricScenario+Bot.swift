import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension MetricScenario {
    /// What the bot does and says.
    static let bot = [
        MetricScenario(
            "cycles",
            [
                Expected("cycle_duration_seconds", ["result": "ok"], 1),
                Expected("cycle_duration_seconds", ["result": "error"], 1),
                Expected("cycle_duration_seconds", ["result": "cancelled"], 1),
                Expected("cycle_number", 4), Expected("cycles_running", 1), Expected("cycle_age_seconds", 5),
                // The run begins at 2024-01-01; the last cycle ended two seconds later.
                Expected("cycle_last_timestamp_seconds", 1_704_067_202),
            ]
        ) { rig, verify in
            try await rig.layer.cycle { try await rig.pass(.seconds(2)) }
            try? rig.layer.cycle { () throws(Mishap) in throw Mishap() }
            try? rig.layer.cycle { () throws(CancellationError) in throw CancellationError() }
            try await rig.pass(.seconds(5))
            rig.layer.cycle { verify() }
        },
        MetricScenario(
            "what the bot says",
            [
                Expected("equity_dollars", 10_500.5), Expected("position_count", 2),
                Expected("daily_result_dollars", -12.25),
                Expected("limit_usage_ratio", ["limit": "daily_loss"], 0.4),
            ]
        ) { rig, verify in
            rig.layer.report(
                equity: Decimal(string: "10500.5"), positions: 2, dailyResult: Decimal(string: "-12.25"),
                limitUsage: ["daily_loss": 0.4])
            // What is left out stays.
            rig.layer.report(positions: 2)
            verify()
        },
        MetricScenario(
            "phases",
            [
                Expected("profile_duration_seconds", ["phase": "strategy_decision"], 1),
                Expected("profile_duration_seconds", ["phase": "equity_computation"], 2),
                Expected("profile_duration_seconds", ["phase": "pre_trade_validation"], 1),
                Expected("equity_computation_seconds", ["result": "ok"], 1),
                Expected("equity_computation_seconds", ["result": "error"], 1),
                Expected("positions_fetch_seconds", ["result": "ok"], 1),
                Expected("positions_fetch_seconds", ["result": "error"], 1),
            ]
        ) { rig, verify in
            rig.layer.phase(.strategyDecision) {}
            try await rig.layer.phase(.equityComputation) { _ = try await rig.broker.balances() }
            try? rig.layer.phase(.equityComputation) { () throws(Mishap) in throw Mishap() }
            rig.layer.profiler.phase("pre_trade_validation") {}
            _ = try await rig.broker.positions()
            rig.script.next(.positions, .fail(.answered("-2015", status: 401)))
            _ = try? await rig.broker.positions()
            verify()
        },
    ]
}
