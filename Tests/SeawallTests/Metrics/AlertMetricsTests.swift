import Seawall
import SeawallChaos
import SeawallTime
import Testing

/// The counts of sinks that come and go.
@Suite struct AlertMetricsTests {
    /// Begins that many episodes, one after the other, each of which the sinks have heard of.
    private static func trouble(_ rig: Rig, _ count: Int, _ name: String) async throws {
        for number in 0..<count {
            rig.layer.alerts.begin("\(name)-\(number)", code: "test", severity: .error, message: "trouble")
            try await rig.pass(.milliseconds(1))
        }
    }

    private static func failures(_ rig: Rig) -> Double? {
        rig.layer.metrics.reading("alerts_failed_total", ["sink": "bad"])
    }

    @Test func aSinkIsCountedToItsEndAndAnewUnderItsName() throws {
        try Rig.run(seeds: 0..<1) { rig in
            let alerts = rig.layer.alerts
            try alerts.register("bad") { _ in throw Mishap() }
            #expect(Self.failures(rig) == 0)
            try await Self.trouble(rig, 10, "read")
            #expect(Self.failures(rig) == 10)
            try await Self.trouble(rig, 2, "unread")
            #expect(alerts.unregister("bad"))
            #expect(Self.failures(rig) == 12)
            try alerts.register("bad") { _ in throw Mishap() }
            try await Self.trouble(rig, 15, "again")
            #expect(Self.failures(rig) == 27)
            #expect(alerts.unregister("bad") && Self.failures(rig) == 27)
        }
    }

    @Test func nobodyNeedReadBetweenTheComingAndTheGoing() throws {
        try Rig.run(seeds: 0..<1) { rig in
            let alerts = rig.layer.alerts
            for round in 0..<3 {
                try alerts.register("bad") { _ in throw Mishap() }
                try await Self.trouble(rig, 4, "round-\(round)")
                #expect(alerts.unregister("bad"))
            }
            #expect(Self.failures(rig) == 12)
            #expect(rig.layer.metrics.reading("alerts_waiting", ["sink": "bad"]) == 0)
        }
    }

    @Test func theSeriesOfASinkStandFromItsRegistration() throws {
        try Rig.run(seeds: 0..<1) { rig in
            try await rig.pass(.seconds(100))
            try rig.layer.alerts.register("bad") { _ in throw Mishap() }
            try rig.layer.metrics.counter("own_total", help: "Made at the same moment.").with()
            try await rig.pass(.seconds(100))
            try await Self.trouble(rig, 1, "first")
            let lines = rig.layer.metrics.openMetricsText().split(separator: "\n")
            func made(_ series: String) -> Substring? {
                lines.first { $0.hasPrefix(series + " ") }?.split(separator: " ").last
            }
            let moment = try #require(made("seawall_own_created"))
            for counter in ["sent", "failed", "dropped"] {
                #expect(made(#"seawall_alerts_\#(counter)_created{sink="bad"}"#) == moment, "\(counter)")
            }
        }
    }
}
