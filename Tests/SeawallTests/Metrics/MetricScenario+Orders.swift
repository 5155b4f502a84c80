import Seawall
import SeawallChaos
import Testing

extension MetricScenario {
    private static func submission(_ result: String, _ reason: String, _ side: String = "buy") -> [String: String] {
        ["result": result, "reason": reason, "side": side]
    }

    /// What becomes of orders.
    static let orders = [
        MetricScenario(
            "submissions",
            [
                Expected("order_submission_total", submission("success", "none"), 1),
                Expected("order_submission_total", submission("ok", "none"), 1),
                Expected("order_submission_total", submission("rejected", "rejected"), 1),
                Expected("order_submission_total", submission("error", "intent_reused"), 1),
                Expected("order_submission_total", submission("failed", "position_unknown"), 1),
                Expected("order_submission_total", submission("failed", "not_sent", "sell"), 1),
                Expected("order_submission_total", submission("unknown", "none", "sell"), 1),
                Expected("trades_blocked_total", ["reason": "position_unknown"], 1),
                Expected("order_transitions_total", ["state": "sent"], 4),
                Expected("order_transitions_total", ["state": "rejected"], 2),
                Expected("order_transitions_total", ["state": "unknown"], 1),
                Expected("orders_unknown", 1), Expected("orders_unknown_oldest_seconds", 3),
                Expected("ledger_orders", ["state": "active"], 2), Expected("ledger_orders", ["state": "ended"], 2),
                Expected("ledger_fill_ratio", 0.5),
            ]
        ) { rig, verify in
            for _ in 0..<2 { _ = try await rig.broker.place(Rig.buy("a")) }
            rig.script.next(.place, .fail(.answered("-2019")))
            #expect(try await rig.failure(of: Rig.buy("b"))?.code == .rejected)
            #expect(try await rig.failure(of: Rig.buy("a", "2"))?.code == .intentReused)
            try rig.layer.pauseAll(reason: "test")
            #expect(try await rig.failure(of: Rig.buy("c"))?.code == .denied)
            rig.layer.resume()
            rig.script.next(.place, .fail(.refused))
            #expect(try await rig.failure(of: Rig.sell("d"))?.code == .notSent)
            rig.script.always(.query, .fail(.reset))
            rig.script.next(.place, .lose(.reset))
            #expect(try await rig.failure(of: Rig.sell("e"))?.code == .outcomeUnknown)
            try await rig.pass(.seconds(3))
            verify()
        }.with { $0.configuration.ledgerCapacity = 4 },
        MetricScenario(
            "unknown orders that are found, and proven absent",
            [
                Expected("order_resolution_seconds", ["result": "found"], 2),
                Expected("order_resolution_seconds", ["result": "absent"], 1),
            ]
        ) { rig, verify in
            rig.script.next(.place, .lose(.reset), .lose(.reset), .fail(.reset))
            for intent in ["lost", "lost again"] { _ = try await rig.failure(of: Rig.buy(IntentID(intent))) }
            _ = try await rig.failure(of: Rig.buy("never"))
            try await rig.pass(.seconds(60))
            verify()
        },
        MetricScenario("a cancel that waits for a name", [.grows("cancels_waiting_total")]) { rig, verify in
            rig.script.next(.place, .answerLate(.seconds(3)))
            async let placing = rig.broker.place(Rig.buy("slow"))
            try await rig.pass(.seconds(1))
            let clientID = try #require(rig.recorder.clientID(of: "slow"))
            _ = try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol)
            _ = try await placing
            verify()
        }.with { $0.capabilities.subtract([.queryByClientID, .cancelByClientID]) },
        MetricScenario(
            "a kill",
            [
                Expected("sweep_steps_total", ["step": "begin"], 1), Expected("sweep_steps_total", ["step": "end"], 1),
                Expected("guard_trips_total", ["guard": "kill_switch"], 1),
                Expected("permission_causes", ["code": "kill_switch"], 1),
                Expected("permission_level", ["scope": "global"], 1),
            ]
        ) { rig, verify in
            rig.layer.kill(reason: "enough")
            rig.layer.kill(reason: "again")
            try await rig.pass(.seconds(60))
            verify()
        },
    ]
}
