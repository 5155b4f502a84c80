import Seawall
import SeawallChaos
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension MetricScenario {
    /// What becomes of requests, repeats and limits.
    static let requests = [
        MetricScenario(
            "requests",
            [
                Expected("operation_successes_total", ["operation": "ticker"], 2),
                Expected(
                    "operation_failures_total", ["operation": "ticker", "error_type": "authentication"], 1),
                Expected("request_duration_seconds", ["operation": "ticker"], 3),
                Expected("requests_given_up_total", ["operation": "ticker"], 1), Expected("requests_outstanding", 1),
                Expected("retries_total", ["operation": "ticker", "reason": "backoff"], 1),
            ]
        ) { rig, verify in
            _ = try await rig.broker.ticker(for: Rig.symbol)
            rig.script.next(.ticker, .fail(.answered("-2015", status: 401)), .answerLate(.seconds(30)))
            _ = try? await rig.broker.ticker(for: Rig.symbol)
            // The first try is given up and still under way; the second answers.
            _ = try await rig.broker.ticker(for: Rig.symbol)
            verify()
            try await rig.pass(.seconds(30))
        },
        MetricScenario(
            "an answer that makes no sense", [Expected("answers_unreadable_total", ["operation": "fills"], 1)]
        ) { rig, verify in
            try await rig.start(position: 1)
            rig.base.update { answers in
                answers.fills.append(
                    Fill(
                        id: "f1", venueID: "V7", clientID: nil, symbol: Rig.symbol, side: .buy, quantity: 0,
                        price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0)))
            }
            try await rig.pass(.seconds(20))
            verify()
        },
        MetricScenario(
            "repeats and their budget",
            [
                Expected("retries_total", ["operation": "query", "reason": "backoff"], 35),
                Expected("retries_exhausted_total", ["operation": "query", "reason": "attempts"], 17),
                Expected("retries_exhausted_total", ["operation": "query", "reason": "budget"], 3),
                Expected("retries_total", ["operation": "ticker", "reason": "retry_after"], 1),
                Expected("retry_budget_tokens", ["budget": "reads"], 10),
                Expected("retry_budget_refusals_total", ["budget": "reads"], 3),
                .constant("retry_budget_capacity", ["budget": "reads"], 500),
            ]
        ) { rig, verify in
            rig.script.next(.ticker, .fail(.limited(seconds: 1)))
            _ = try await rig.broker.ticker(for: Rig.symbol)
            rig.script.always(.query, .fail(.reset))
            for _ in 0..<20 { _ = try? await rig.broker.order(.venue("V1"), symbol: Rig.symbol) }
            verify()
        },
        MetricScenario(
            "limits",
            [
                Expected("rate_limit_shut_total", ["scope": "ip"], 1),
                Expected("rate_limit_shut_seconds", ["scope": "ip"], 7),
                Expected("rate_limit_granted_total", ["lane": "new_order"], 1),
                Expected("rate_limit_rejections_total", ["lane": "new_order"], 1),
                Expected("rate_limit_hits_total", ["lane": "new_order"], 2),
                Expected("rate_limit_waiting", ["lane": "new_order"], 1),
                .falls("rate_limit_tokens_available", ["bucket": "orders_10s"]),
                .grows("rate_limit_used", ["bucket": "orders_10s"]),
                .grows("rate_limit_utilisation_ratio", ["bucket": "orders_10s"]),
                .constant("rate_limit_capacity", ["bucket": "orders_10s"], 240),
            ]
        ) { rig, verify in
            try await rig.shut(seconds: 8)
            _ = try await rig.failure(of: Rig.buy("late"))
            var patient = try Rig.buy("patient")
            patient.sendWithin = .seconds(60)
            async let placing = rig.broker.place(patient)
            try await rig.pass(.seconds(1))
            verify()
            _ = try await placing
        },
        MetricScenario("reads side by side", [Expected("reads_running", 5), Expected("reads_waiting", 2)]) {
            rig, verify in
            rig.script.always(.ticker, .answerLate(.seconds(2)))
            try await withThrowingTaskGroup { group in
                for _ in 0..<7 { group.addTask { _ = try await rig.broker.ticker(for: Rig.symbol) } }
                try await rig.pass(.seconds(1))
                verify()
                try await group.waitForAll()
            }
        },
    ]
}
