import Seawall
import SeawallChaos
import SeawallTime
import Testing

/// The prefix, the labels that all series carry, and registries that several layers share.
@Suite struct LayerLabelTests {
    private static func configuration(
        account: String? = nil, venue: String? = nil, registry: MetricsRegistry? = nil
    ) -> LayerConfiguration {
        var configuration = LayerConfiguration()
        configuration.metrics.account = account
        configuration.metrics.venue = venue
        configuration.metrics.registry = registry
        return configuration
    }

    private static func lines(_ metrics: MetricsRegistry) -> [String] {
        metrics.prometheusText().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test func thePrefixIsTheUsers() throws {
        var configuration = LayerConfiguration()
        configuration.metrics.prefix = "gpt_trader_"
        try Rig.run(seeds: 0..<1, configuration: configuration) { rig in
            _ = try await rig.broker.place(Rig.buy("a"))
            let lines = Self.lines(rig.layer.metrics)
            #expect(
                lines.contains(
                    #"gpt_trader_order_submission_total{reason="none",result="success",side="buy"} 1"#))
            #expect(lines.allSatisfy { $0.hasPrefix("gpt_trader_") || $0.hasPrefix("process_") })
        }
    }

    @Test func aPrefixOutsideTheGrammarIsRefused() throws {
        var configuration = LayerConfiguration()
        configuration.metrics.prefix = "7 "
        #expect(throws: MetricsError.self) {
            _ = try Rig(RuntimeEnvironment(time: ManualTime()), configuration: configuration)
        }
    }

    @Test func withoutNamesThereAreNoSuchLabels() throws {
        let rig = try Rig(RuntimeEnvironment(time: ManualTime()))
        #expect(!Self.lines(rig.layer.metrics).contains { $0.contains("account=") || $0.contains("venue=") })
    }

    @Test(arguments: [nil, MetricsRegistry()])
    func withoutAJournalItsMetricsStayZero(registry: MetricsRegistry?) throws {
        let rig = try Rig(
            RuntimeEnvironment(time: ManualTime()),
            configuration: Self.configuration(account: "main", registry: registry))
        try rig.layer.pauseAll(reason: "test")
        for name in ["size_bytes", "fill_ratio", "records_total", "unsafe_records", "failing"] {
            #expect(rig.layer.metrics.reading("journal_" + name, ["account": "main"]) == 0, "\(name)")
        }
        rig.layer.stop()
    }

    @Test func accountAndVenueAreLabelsOfEverySeries() throws {
        let configuration = Self.configuration(account: "main", venue: "binance-usdm")
        try Rig.run(seeds: 0..<1, configuration: configuration) { rig in
            _ = try await rig.broker.place(Rig.buy("a"))
            rig.layer.phase("of its own") {}
            for line in Self.lines(rig.layer.metrics) {
                #expect(line.contains(#"account="main""#) && line.contains(#"venue="binance-usdm""#), "\(line)")
            }
        }
    }

    @Test(arguments: [nil, "main"]) func phasesHaveTheLabelsThatTheBotNames(account: String?) throws {
        var configuration = Self.configuration(account: account)
        configuration.metrics.phaseLabels = ["strategy", "symbol"]
        try Rig.run(seeds: 0..<1, configuration: configuration) { rig in
            rig.layer.phase(.strategyDecision, labels: ["strategy": "trend", "symbol": "BTC"]) {}
            await rig.layer.phase(.strategyDecision, labels: ["strategy": "trend"]) { await Task.yield() }
            rig.layer.phase(.strategyDecision) {}
            for (strategy, symbol) in [("trend", "BTC"), ("trend", ""), ("", "")] {
                var labels = ["phase": "strategy_decision", "strategy": strategy, "symbol": symbol]
                labels["account"] = account
                #expect(rig.layer.metrics.reading("profile_duration_seconds", labels) == 1, "\(labels)")
            }
            #expect(!rig.layer.metrics.prometheusText().contains("metrics_faults_total{"))
        }
    }

    @Test func layersOfOneRegistryCountApart() throws {
        let report = try Simulation(seed: 1).run { world in
            let registry = try MetricsRegistry(prefix: "seawall_", seriesLimit: 2_000, time: world.time)
            let rigs = try ["one", "two"].map {
                try Rig(world.environment, configuration: Self.configuration(account: $0, registry: registry))
            }
            for _ in 0..<2 { _ = try await rigs[0].broker.ticker(for: Rig.symbol) }
            _ = try await rigs[1].broker.ticker(for: Rig.symbol)
            try rigs[1].layer.pauseAll(reason: "test")
            rigs[0].layer.cycle {}
            rigs[1].layer.phase(.strategyDecision) {}
            func reading(_ metric: String, _ account: String, _ labels: [String: String] = [:]) -> Double? {
                registry.reading(metric, labels.merging(["account": account]) { $1 })
            }
            #expect(reading("operation_successes_total", "one", ["operation": "ticker"]) == 2)
            #expect(reading("operation_successes_total", "two", ["operation": "ticker"]) == 1)
            #expect(reading("permission_level", "one", ["scope": "global"]) == 3)
            #expect(reading("permission_level", "two", ["scope": "global"]) == 2)
            #expect(reading("rate_limit_granted_total", "one", ["lane": "market_data"]) == 2)
            #expect(reading("rate_limit_granted_total", "two", ["lane": "market_data"]) == 1)
            #expect(reading("cycle_duration_seconds", "one", ["result": "ok"]) == 1)
            #expect(reading("cycle_duration_seconds", "two", ["result": "ok"]) == 0)
            #expect(reading("profile_duration_seconds", "two", ["phase": "strategy_decision"]) == 1)
            #expect(!registry.prometheusText().contains("metrics_faults_total{"))
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func layersOfOneRegistryMustHaveTheSameLabels() throws {
        let registry = MetricsRegistry()
        let environment = RuntimeEnvironment(time: ManualTime())
        _ = try Rig(environment, configuration: Self.configuration(account: "one", registry: registry))
        #expect(throws: MetricsError.self) {
            _ = try Rig(environment, configuration: Self.configuration(registry: registry))
        }
    }

    @Test func aLayerThatHasStoppedLooksAliveToNobody() throws {
        let report = try Simulation(seed: 1).run(for: .seconds(600)) { world in
            let registry = try MetricsRegistry(prefix: "seawall_", time: world.time)
            let names = ["ws_connected", "ws_event_age_seconds"]
            func readings() -> [Double?] {
                names.map { registry.reading($0, ["account": "one", "stream": "user"]) }
                    + ["fills", "open_orders"].map {
                        registry.reading("account_poll_age_seconds", ["account": "one", "source": $0])
                    }
            }
            let rig = try Rig(
                world.environment, configuration: Self.configuration(account: "one", registry: registry))
            try await rig.start(position: 1)
            try await rig.pass(.seconds(31))
            #expect(readings().first == 1 && readings().allSatisfy { $0?.isFinite == true })
            rig.layer.stop()
            for _ in 0..<2 {
                #expect(readings().first == 0 && readings().dropFirst().allSatisfy { $0?.isNaN == true })
                try await rig.pass(.seconds(60))
            }
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func aSharedRegistryKeepsTheLastWordOfALayerAndNotTheLayer() throws {
        let registry = MetricsRegistry()
        weak var gone: ReliabilityLayer?
        do {
            let rig = try Rig(
                RuntimeEnvironment(time: ManualTime()),
                configuration: Self.configuration(account: "one", registry: registry))
            gone = rig.layer
            try rig.layer.pauseAll(reason: "test")
            rig.layer.stop()
        }
        #expect(gone == nil)
        #expect(registry.reading("permission_level", ["account": "one", "scope": "global"]) == 2)
        // The next layer of that account goes on counting where the first has ended.
        let next = try Rig(
            RuntimeEnvironment(time: ManualTime()),
            configuration: Self.configuration(account: "one", registry: registry))
        #expect(registry.reading("permission_level", ["account": "one", "scope": "global"]) == 3)
        #expect(
            registry.reading(
                "permission_changes_total", ["account": "one", "code": "operator_pause", "event": "raised"]) == 1)
        next.layer.stop()
    }
}
