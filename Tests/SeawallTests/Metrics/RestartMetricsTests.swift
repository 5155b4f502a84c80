import Seawall
import SeawallTime
import Testing

/// A restart takes over what stands, and counts none of it again.
@Suite struct RestartMetricsTests {
    private static func count(_ rig: Rig, _ metric: String, _ labels: [String: String] = [:]) -> Double? {
        rig.layer.metrics.reading(metric, labels)
    }

    private static func raised(_ rig: Rig, _ code: String, _ event: String = "raised") -> Double? {
        count(rig, "permission_changes_total", ["code": code, "event": event])
    }

    @Test func whatIsInheritedShowsAndIsNotCounted() throws {
        try RestartTests.run { machine in
            let before = try machine.boot()
            before.script.next(.place, .lose(.reset))
            #expect(try await before.failure(of: Rig.buy("lost"))?.code == .outcomeUnknown)
            try await before.shut(seconds: 600)
            try before.layer.pauseAll(for: .seconds(600), reason: "maintenance")
            before.layer.kill(.symbol(Rig.symbol), reason: "enough")
            try before.layer.trip("spread", scope: .symbol(Rig.symbol), reason: "too wide")
            #expect((Self.count(before, "order_transitions_total", ["state": "unknown"]) ?? 0) > 0)
            #expect(Self.count(before, "rate_limit_shut_total", ["scope": "ip"]) == 1)
            for code in ["operator_pause", "kill_switch", "guard_trip"] { #expect(Self.raised(before, code) == 1) }
            let level = Self.count(before, "permission_level", ["scope": "symbol:BTCUSDT"])

            for _ in 0..<2 {
                machine.storage.crash()
                let after = try machine.boot()
                #expect(Self.count(after, "order_transitions_total", ["state": "unknown"]) == 0)
                #expect(Self.count(after, "orders_unknown") == 1)
                #expect(Self.count(after, "rate_limit_shut_total", ["scope": "ip"]) == 0)
                #expect((Self.count(after, "rate_limit_shut_seconds", ["scope": "ip"]) ?? 0) > 0)
                for code in ["operator_pause", "kill_switch", "guard_trip"] {
                    #expect(Self.raised(after, code) == 0, "\(code)")
                    #expect(Self.count(after, "permission_causes", ["code": code]) == 1, "\(code)")
                }
                #expect((Self.count(after, "guard_trips_total", ["guard": "spread"]) ?? 0) == 0)
                #expect(Self.count(after, "guard_trips_total", ["guard": "kill_switch"]) == 0)
                #expect(Self.count(after, "permission_level", ["scope": "symbol:BTCUSDT"]) == level)
            }

            // What happens from here on is of this process.
            machine.storage.crash()
            let last = try machine.boot()
            last.layer.releaseKill(.symbol(Rig.symbol))
            #expect(Self.raised(last, "kill_switch", "cleared") == 1)
            last.layer.kill(.symbol(Rig.symbol), reason: "again")
            #expect(Self.raised(last, "kill_switch") == 1)
            #expect(Self.count(last, "guard_trips_total", ["guard": "kill_switch"]) == 1)
        }
    }

    @Test func howLongAnInheritedOrderWasUnknownIsMeasured() throws {
        try RestartTests.run { machine in
            let before = try machine.boot()
            before.script.next(.place, .lose(.reset))
            #expect(try await before.failure(of: Rig.buy("lost"))?.code == .outcomeUnknown)
            machine.storage.crash()
            let after = try machine.boot()
            try await after.start(position: 0)
            try await after.pass(.seconds(20))
            #expect(Self.count(after, "orders_unknown") == 0)
            #expect(Self.count(after, "order_resolution_seconds", ["result": "found"]) == 1)
            #expect(Self.count(after, "order_transitions_total", ["state": "working"]) == 1)
        }
    }

    @Test func thatTheStateCannotBeReadIsNews() throws {
        try RestartTests.run { machine in
            let before = try machine.boot()
            #expect(Self.raised(before, "state_unreadable") == 0)
            machine.storage.damage(at: 3)
            let halted = try machine.boot()
            #expect(Self.raised(halted, "state_unreadable") == 1)
        }
    }
}
