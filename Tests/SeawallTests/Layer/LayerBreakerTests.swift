import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

/// The layer's breakers: what sinks and dashboards hear of them, and what an operator does with them.
@Suite struct LayerBreakerTests {
    /// Keeps what a sink hears.
    private final class Heard: AlertSink {
        let name = "heard"
        private let kept = Lock([Alert]())

        var alerts: [Alert] { kept.withLock { $0 } }

        func deliver(_ alert: Alert) async throws { kept.withLock { $0.append(alert) } }
    }

    /// Fails enough reads to open their breaker.
    private static func open(_ rig: Rig) async {
        rig.script.always(.ticker, .fail(.reset))
        for _ in 0..<2 { _ = try? await rig.broker.ticker(for: Rig.symbol) }
        rig.script.always(.ticker, nil)
    }

    private static func metric(_ rig: Rig, _ line: String) -> Bool {
        rig.layer.metrics.prometheusText().split(separator: "\n").contains { $0 == "seawall_" + line }
    }

    @Test func anOpenBreakerIsACriticalAlertWithItsOwnWords() throws {
        try Rig.run { rig in
            let heard = Heard()
            try rig.layer.alerts.register(heard, minimumSeverity: .critical)
            // The first probe fails, so that it opens a second time in the same episode.
            rig.script.next(.openOrders, .fail(.reset))
            await Self.open(rig)
            try await rig.pass(.seconds(62))
            #expect(rig.layer.status.isOpen)
            #expect(heard.alerts.map(\.event) == [.begin, .end])
            let begin = try #require(heard.alerts.first)
            let record = try #require(rig.layer.alerts.breakerHistory().first)
            #expect(record.severity == .critical && begin.severity == record.severity)
            #expect(begin.code == "breaker_open")
            #expect(begin.message.hasPrefix(record.message))
            #expect(
                begin.message
                    == "Circuit breaker 'reads' opened due to repeated failures; trading is reduce_only for global")
            #expect(begin.causes.contains("consecutive_failures"))
            // The one that opened again is counted, and not told as an episode of its own.
            #expect(heard.alerts.last?.suppressed == 1)
            #expect(
                rig.layer.alerts.breakerHistory().map(\.severity) == [
                    .critical, .warning, .critical, .warning, .info,
                ])
        }
    }

    @Test func theGaugeIsThereFromTheStartAndHasTheNumbersOfDashboards() throws {
        try Rig.run { rig in
            for name in ["orders", "reads"] {
                #expect(Self.metric(rig, "circuit_breaker_state{breaker=\"\(name)\"} 0"))
                #expect(Self.metric(rig, "circuit_breaker_failures_total{breaker=\"\(name)\"} 0"))
            }
            await Self.open(rig)
            #expect(Self.metric(rig, #"circuit_breaker_state{breaker="reads"} 2"#))
            #expect(Self.metric(rig, #"circuit_breaker_failures_total{breaker="reads"} 5"#))
            // The first probe takes long enough to look at the breaker meanwhile.
            rig.script.next(.openOrders, .arriveLate(.seconds(5)))
            try await rig.pass(.seconds(32))
            #expect(Self.metric(rig, #"circuit_breaker_state{breaker="reads"} 1"#))
            try await rig.pass(.seconds(10))
            #expect(Self.metric(rig, #"circuit_breaker_state{breaker="reads"} 0"#))
            let line = #"circuit_breaker_state_changes_total{breaker="reads",from_state="closed",to_state="open"} 1"#
            #expect(Self.metric(rig, line))
            try rig.layer.breakers.isolate("reads", reason: "test")
            #expect(Self.metric(rig, #"circuit_breaker_state{breaker="reads"} 3"#))
            try rig.layer.breakers.disable("reads", reason: "test")
            #expect(Self.metric(rig, #"circuit_breaker_state{breaker="reads"} 4"#))
        }
    }

    @Test func theRetryBudgetIsInTheMetrics() throws {
        try Rig.run(seeds: 0..<1) { rig in
            #expect(Self.metric(rig, #"retry_budget_tokens{budget="reads"} 500"#))
            #expect(Self.metric(rig, #"retry_budget_refusals_total{budget="reads"} 0"#))
            rig.script.always(.query, .fail(.reset))
            for _ in 0..<20 { _ = try? await rig.broker.order(.venue("V1"), symbol: Rig.symbol) }
            #expect(Self.metric(rig, #"retry_budget_tokens{budget="reads"} 10"#))
            #expect(Self.metric(rig, #"retry_budget_refusals_total{budget="reads"} 3"#))
        }
    }

    @Test func anIsolatedBreakerRefusesAndRestrictsUntilProbesClearIt() throws {
        try Rig.run { rig in
            let heard = Heard()
            try rig.layer.alerts.register(heard)
            try rig.layer.breakers.isolate("orders", for: .seconds(60), reason: "maintenance")
            #expect(rig.layer.breakers.status(of: "orders")?.state == .isolated)
            #expect(rig.layer.status.global == .reduceOnly)
            #expect(try await rig.failure(of: Rig.buy("a"))?.code == .denied)
            #expect(rig.script.attempts(of: .place) == 0)
            try await rig.pass(.seconds(59))
            #expect(rig.layer.breakers.status(of: "orders")?.state == .isolated)
            // Nobody calls anything, and it comes back all the same.
            try await rig.pass(.seconds(3))
            #expect(rig.layer.breakers.statuses.map(\.state) == [.closed, .closed])
            #expect(rig.layer.status.isOpen)
            _ = try await rig.broker.place(Rig.buy("a"))
            #expect(heard.alerts.map(\.code) == ["breaker_isolated", "breaker_isolated"])
            #expect(heard.alerts.map(\.event) == [.begin, .end])
            #expect(heard.alerts.first?.causes.contains("maintenance") == true)
            #expect(heard.alerts.first?.severity == .warning)
        }
    }

    /// Who brings a breaker back must not sleep on until an end that an operator has made earlier.
    @Test func whatAnOperatorShortensIsNotWaitedFor() throws {
        try Rig.run { rig in
            try rig.layer.breakers.isolate("reads", for: .seconds(3_000), reason: "maintenance")
            try await rig.pass(.seconds(1))
            try rig.layer.breakers.reset("reads")
            #expect(rig.layer.status.isOpen)
            await Self.open(rig)
            #expect(rig.layer.status.global == .reduceOnly)
            try await rig.pass(.seconds(32))
            #expect(rig.layer.status.isOpen)
            try rig.layer.breakers.isolate("reads", reason: "until somebody looks")
            try await rig.pass(.seconds(5))
            try rig.layer.breakers.release("reads")
            try await rig.pass(.seconds(2))
            #expect(rig.layer.status.isOpen)
        }
    }

    @Test func aDisabledBreakerAndAShadowRefuseNothing() throws {
        try Rig.run { rig in
            try rig.layer.breakers.disable("reads", reason: "experiment")
            await Self.open(rig)
            #expect(rig.layer.status.isOpen)
            try rig.layer.breakers.shadow("reads", reason: "first week")
            await Self.open(rig)
            let tried = rig.script.attempts(of: .ticker)
            _ = try await rig.broker.ticker(for: Rig.symbol)
            #expect(rig.script.attempts(of: .ticker) == tried + 1)
            let status = try #require(rig.layer.breakers.status(of: "reads"))
            #expect(status.isShadow && status.state == .open && status.shadowRefusals == 2)
        }
    }

    @Test func aShadowRestrictsNothingAndIsToldOf() throws {
        try Rig.run { rig in
            let heard = Heard()
            try rig.layer.alerts.register(heard)
            try rig.layer.breakers.shadow("reads", reason: "first week")
            rig.script.always(.openOrders, .fail(.reset))
            await Self.open(rig)
            #expect(rig.layer.breakers.status(of: "reads")?.state == .open)
            #expect(rig.layer.status.isOpen)
            _ = try await rig.broker.place(Rig.buy("a"))
            // Taken out of the shadow while it is open it refuses and restricts, and put back it does neither.
            try rig.layer.breakers.release("reads")
            #expect(rig.layer.status.global == .reduceOnly)
            await #expect(throws: GuardError.self) { try await rig.broker.ticker(for: Rig.symbol) }
            try rig.layer.breakers.shadow("reads", reason: "again")
            #expect(rig.layer.status.isOpen)
            rig.script.always(.openOrders, nil)
            try await rig.pass(.seconds(70))
            #expect(rig.layer.breakers.status(of: "reads")?.state == .closed)
            #expect(heard.alerts.map(\.event) == [.begin, .end, .begin, .end])
            #expect(heard.alerts.first?.message.hasSuffix("(in shadow: nothing is refused)") == true)
            #expect(rig.layer.alerts.openEpisodes.isEmpty)
        }
    }

    @Test func whatMakesNoSenseIsRefusedAtOnce() throws {
        try Rig.run(seeds: 0..<1) { rig in
            let error = #expect(throws: InvalidFields.self) {
                try rig.layer.breakers.isolate("cancels", for: .zero, reason: "test")
            }
            #expect(error?.fields.map(\.name) == ["duration", "name"])
            #expect(rig.layer.breakers.status(of: "cancels") == nil)
        }
    }

    @Test func theLayersAlertsAreConfigured() throws {
        var configuration = LayerConfiguration()
        configuration.alerts.historyLimit = 1
        configuration.alerts.episodePrefix = "bot-7."
        try Rig.run(seeds: 0..<1, configuration: configuration) { rig in
            await Self.open(rig)
            try await rig.pass(.seconds(40))
            #expect(rig.layer.alerts.history.map(\.episode) == ["bot-7.1"])
            #expect(rig.layer.alerts.breakerHistory().count == 1)
        }
        configuration.alerts.queueLimit = 0
        let bad = configuration
        let report = try Simulation(seed: 1).run { world in
            #expect(throws: InvalidFields.self) { _ = try Rig(world.environment, configuration: bad) }
        }
        #expect(report.isClean, "\(report)")
    }
}

/// What operators set on breakers, over restarts.
@Suite struct BreakerRestartTests {
    @Test func whatAnOperatorSetHoldsOverARestart() throws {
        try RestartTests.run { machine in
            let before = try machine.boot()
            try before.layer.breakers.isolate("orders", for: .seconds(60), reason: "maintenance")
            try before.layer.breakers.disable("reads", reason: "experiment")
            // It was on the disk before the call returned.
            machine.storage.crash()
            try await before.pass(.seconds(20))

            let after = try machine.boot()
            let orders = try #require(after.layer.breakers.status(of: "orders"))
            #expect(orders.state == .isolated && orders.detail == "maintenance")
            #expect(orders.until == after.time.now.advanced(by: .seconds(40)))
            #expect(after.layer.breakers.status(of: "reads")?.state == .disabled)
            #expect(after.layer.status.global == .reduceOnly)
            #expect(try await after.failure(of: Rig.buy("a"))?.code == .denied)
            machine.storage.crash()
            try await after.pass(.seconds(20))

            let third = try machine.boot()
            #expect(third.layer.breakers.status(of: "orders")?.until == third.time.now.advanced(by: .seconds(20)))
            try third.layer.breakers.reset("reads")
            try third.layer.breakers.shadow("reads", reason: "first week")
            try await third.pass(.seconds(22))
            #expect(third.layer.breakers.status(of: "orders")?.state == .closed)
            machine.storage.crash()

            let last = try machine.boot()
            #expect(last.layer.breakers.status(of: "orders")?.state == .closed)
            #expect(last.layer.breakers.status(of: "reads")?.isShadow == true)
            #expect(last.layer.status.isOpen)
            try last.layer.breakers.release("reads")
            machine.storage.crash()
            #expect(try machine.boot().layer.breakers.status(of: "reads")?.isShadow == false)
        }
    }

    @Test func anIsolationThatEndedMeanwhileIsLeftToProbes() throws {
        try RestartTests.run { machine in
            let before = try machine.boot()
            try before.layer.breakers.isolate("orders", for: .seconds(10), reason: "maintenance")
            machine.storage.crash()
            let after = try machine.boot()
            try await after.pass(.seconds(12))
            #expect(after.layer.breakers.status(of: "orders")?.state == .closed)
            #expect(after.layer.status.isOpen)
            _ = try await after.broker.place(Rig.buy("a"))
        }
    }
}
