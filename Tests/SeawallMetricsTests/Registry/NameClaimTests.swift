import SeawallMetrics
import Testing

@Suite struct NameClaimTests {
    /// What differs in one format may be the same in the other.
    @Test(arguments: ["orders", "orders_total", "orders_created"]) func aCounterClaimsItsNamesOfBothFormats(
        name: String
    ) throws {
        let registry = MetricsRegistry()
        _ = try registry.counter("orders_total", help: "")
        #expect(throws: MetricsError.self) { _ = try registry.gauge(name, help: "") }
        let reversed = MetricsRegistry()
        _ = try reversed.gauge(name, help: "")
        #expect(throws: MetricsError.self) { _ = try reversed.counter("orders_total", help: "") }
    }

    @Test func factsAreLabelsOfASeriesThatIsOne() throws {
        let registry = MetricsRegistry()
        try registry.info("build", help: "", ["version": "1", "commit": "abc"])
        try registry.info("build", help: "", ["version": "1", "commit": "abc"])
        try registry.info("build", help: "", ["version": "2", "commit": "abc"])
        #expect(
            registry.prometheusText().contains(
                "seawall_build_info{commit=\"abc\",version=\"1\"} 1\nseawall_build_info{commit=\"abc\",version=\"2\"} 1\n"
            ))
        #expect(registry.snapshot().gauges.map(\.name) == ["seawall_build_info", "seawall_build_info"])
        #expect(throws: MetricsError.self) { try registry.info("none", help: "", [:]) }
        #expect(throws: MetricsError.self) { try registry.info("id", help: "", ["order_id": "1"]) }
    }

    @Test func aUnitMustEndTheName() throws {
        let registry = MetricsRegistry()
        _ = try registry.gauge("length_meters", help: "", unit: "meters")
        #expect(registry.openMetricsText().contains("# UNIT seawall_length_meters meters\n"))
        for unit in ["feet", "", "m eters", "length_meter"] {
            #expect(throws: MetricsError.self) { _ = try registry.gauge("width_meters", help: "", unit: unit) }
        }
        _ = try registry.counter("sent_bytes_total", help: "")
        #expect(registry.openMetricsText().contains("# UNIT seawall_sent_bytes bytes\n"))
        #expect(throws: MetricsError.self) { _ = try registry.gauge("length_meters", help: "") }
    }

    @Test func whatIsNoNumberHasNoUnit() throws {
        let registry = MetricsRegistry()
        _ = try registry.stateSet("load_ratio", help: "", states: ["low", "high"])
        try registry.info("clock_seconds", help: "", ["source": "system"])
        #expect(!registry.openMetricsText().contains("# UNIT"))
    }

    @Test func theSharedRegistryIsOneAndTheSame() {
        #expect(MetricsRegistry.shared === MetricsRegistry.shared)
        #expect(MetricsRegistry.shared.prefix == "seawall_")
    }
}
