import Testing

/// What the dashboard and the rules name is what there is.
@Suite struct MonitoringNamesTests {
    /// Labels that Prometheus, the configuration of a layer or the rules add.
    private static let added: Set<String> = ["job", "instance", "venue", "account", "le", "alertname", "severity"]

    private let table: MetricsTable

    init() throws {
        table = try MonitoringFiles.table()
        try #require(table.metrics.count > 60)
    }

    /// What is wrong with the names in a text, and how many there are.
    private func faults(in text: String) -> (faults: [String], count: Int) {
        let references = SeriesReference.all(in: text)
        var faults: [String] = []
        for reference in references {
            guard let (name, metric) = table.metric(ofSeries: reference.name) else {
                faults.append("no metric has the series \(reference.name)")
                continue
            }
            for (label, values) in reference.labels where !Self.added.contains(label) {
                if !metric.labels.contains(label) { faults.append("\(name) has no label \(label)") }
                for value in values where !table.allows(value, of: label, in: name) {
                    faults.append("\(label) of \(name) is never \(value)")
                }
            }
        }
        let labels = references.compactMap { table.metric(ofSeries: $0.name)?.1.labels }.reduce(Self.added) {
            $0.union($1)
        }
        for label in SeriesReference.groups(in: text).subtracting(labels) {
            faults.append("nothing here has the label \(label): \(text)")
        }
        return (faults, references.count)
    }

    @Test func theDashboardNamesOnlyWhatThereIs() throws {
        let dashboard = try MonitoringFiles.dashboard()
        var count = 0
        for query in dashboard.queries + dashboard.templating.list.map(\.query.text) {
            let found = faults(in: query)
            #expect(found.faults.isEmpty, "\(query)")
            count += found.count
        }
        #expect(count > 80)
    }

    @Test(arguments: ["alerts.yml", "alerts.test.yml"]) func theRulesNameOnlyWhatThereIs(file: String) throws {
        // Names in texts for people count too: who is woken looks for them.
        let found = faults(in: try MonitoringFiles.text(file))
        #expect(found.faults.isEmpty)
        #expect(found.count > 25)
    }

    @Test func everyAlertIsProvenBothWays() throws {
        let alerts = try MonitoringFiles.text("alerts.yml").matches(of: /- alert: (\w+)/).map { String($0.1) }
        #expect(alerts.count > 20 && Set(alerts).count == alerts.count)
        let tests = try MonitoringFiles.text("alerts.test.yml")
        for alert in alerts {
            let isFiring = try Regex("alertname: \(alert)\n        exp_alerts:\n")
            let isSilent = try Regex("alertname: \(alert)\n        exp_alerts: \\[\\]\n")
            #expect(tests.contains(isFiring), "\(alert) never fires")
            // The watchdog is there to fire always.
            #expect(tests.contains(isSilent) || alert == "SeawallWatchdog", "\(alert) is never silent")
        }
    }

    @Test func whatIsWrongIsFound() {
        #expect(faults(in: "seawall_orders_unknown > 0").faults.isEmpty)
        for wrong in [
            "seawall_order_unknown", "seawall_cycle_duration_seconds", "seawall_orders_unknown_count", "process_memory",
            #"seawall_orders_unknown{side="buy"}"#, #"seawall_circuit_breaker_status{state="halfopen"}"#,
            #"seawall_order_submission_total{result=~"success|refused"}"#, "sum by (lane) (seawall_orders_unknown)",
        ] {
            #expect(faults(in: wrong).faults.count == 1, "\(wrong)")
        }
    }
}
