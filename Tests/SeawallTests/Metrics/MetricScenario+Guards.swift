import Seawall
import SeawallChaos
import Testing

extension MetricScenario {
    /// What keeps the bot from trading.
    static let guards = [
        MetricScenario(
            "a breaker in shadow, which opens and refuses nothing",
            [
                Expected("circuit_breaker_shadow", ["breaker": "reads"], 1),
                .constant("circuit_breaker_shadow", ["breaker": "orders"], 0),
                Expected("circuit_breaker_status", ["breaker": "reads", "state": "open"], 1),
            ]
        ) { rig, verify in
            try rig.layer.breakers.shadow("reads", reason: "test")
            rig.script.always(.ticker, .fail(.reset))
            for _ in 0..<2 { _ = try? await rig.broker.ticker(for: Rig.symbol) }
            verify()
        },
        MetricScenario(
            "a breaker that opens",
            [
                Expected("circuit_breaker_state", ["breaker": "reads"], 2),
                Expected("circuit_breaker_status", ["breaker": "reads", "state": "open"], 1),
                Expected("circuit_breaker_status", ["breaker": "reads", "state": "closed"], 0),
                Expected("circuit_breaker_state_seconds", ["breaker": "reads"], "is 10 s more or less") {
                    (10...25).contains($1 ?? 0)
                },
                Expected("circuit_breaker_calls_total", ["breaker": "reads", "result": "success"], 1),
                Expected("circuit_breaker_calls_total", ["breaker": "reads", "result": "ignored"], 1),
                Expected("circuit_breaker_calls_total", ["breaker": "reads", "result": "failure"], 5),
                Expected("circuit_breaker_calls_total", ["breaker": "reads", "result": "rejected"], 1),
                Expected("circuit_breaker_failures_total", ["breaker": "reads"], 5),
                Expected(
                    "circuit_breaker_state_changes_total",
                    ["breaker": "reads", "from_state": "closed", "to_state": "open"], 1),
                Expected("permission_causes", ["code": "breaker_open"], 1),
            ]
        ) { rig, verify in
            _ = try await rig.broker.ticker(for: Rig.symbol)
            rig.script.next(.ticker, .fail(.answered("-2015", status: 401)))
            _ = try? await rig.broker.ticker(for: Rig.symbol)
            rig.script.always(.ticker, .fail(.reset))
            for _ in 0..<2 { _ = try? await rig.broker.ticker(for: Rig.symbol) }
            try await rig.pass(.seconds(10))
            verify()
        },
        MetricScenario(
            "pauses and trips",
            [
                Expected("permission_level", ["scope": "symbol:BTCUSDT"], 2),
                Expected("permission_level", ["scope": "strategy:grid"], 3),
                Expected("permission_causes", ["code": "operator_pause"], 1),
                Expected("permission_changes_total", ["code": "operator_pause", "event": "raised"], 2),
                Expected("permission_changes_total", ["code": "operator_pause", "event": "cleared"], 1),
                Expected("permission_causes", ["code": "guard_trip"], 1),
                Expected("guard_trips_total", ["guard": "daily_loss"], 1),
            ]
        ) { rig, verify in
            try rig.layer.pause(.strategy("grid"), reason: "test")
            rig.layer.resume(.strategy("grid"))
            try rig.layer.pause(.symbol(Rig.symbol), reason: "test")
            for _ in 0..<2 { try rig.layer.trip("daily_loss", scope: .symbol(Rig.symbol), reason: "too much") }
            verify()
        },
    ]
}
