import Testing

@Suite struct DashboardTests {
    private let dashboard: Dashboard

    init() throws { dashboard = try MonitoringFiles.dashboard() }

    @Test func everyPanelAsksTheChosenSource() {
        let chosen = Dashboard.Source(type: "prometheus", uid: "${datasource}")
        let panels = dashboard.panels.filter { $0.type != "row" }
        #expect(panels.count > 30)
        for panel in panels {
            #expect(panel.datasource == chosen && panel.description?.isEmpty == false, "\(panel.title)")
            let targets = panel.targets ?? []
            #expect(!targets.isEmpty && targets.allSatisfy { $0.datasource == chosen }, "\(panel.title)")
            #expect(Set(targets.map(\.refId)).count == targets.count, "\(panel.title)")
        }
        #expect(dashboard.templating.list.first?.type == "datasource")
        #expect(dashboard.templating.list.map(\.name) == ["datasource", "job", "instance", "venue"])
    }

    @Test func noPanelLiesOverAnother() {
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        var taken: Set<[Int]> = []
        for panel in dashboard.panels {
            let place = panel.gridPos
            #expect(place.x >= 0 && place.w > 0 && place.h > 0 && place.x + place.w <= 24, "\(panel.title)")
            for x in place.x..<place.x + place.w {
                for y in place.y..<place.y + place.h {
                    #expect(taken.insert([x, y]).inserted, "\(panel.title)")
                }
            }
        }
    }

    @Test func whatIsPromisedIsThere() {
        let kinds = Set(dashboard.panels.map { "\($0.type): \($0.title)" })
        for kind in [
            "table: Exchange grid", "state-timeline: Alert timeline",
            "status-history: Degradation heatmap: permissions",
            "status-history: Degradation heatmap: failing requests", "timeseries: Rejection rate",
            "timeseries: Unknown orders", "timeseries: Equity", "timeseries: Cycle",
        ] {
            #expect(kinds.contains(kind))
        }
        #expect(dashboard.schemaVersion >= 38)
    }

    /// A legend of a label that the sum before it has thrown away stays empty.
    @Test func everyLegendHasItsLabels() {
        for target in dashboard.panels.flatMap({ $0.targets ?? [] }) {
            let named = Set(target.legendFormat.matches(of: /\{\{(\w+)\}\}/).map { String($0.1) })
            guard target.expr.contains(" by (") else { continue }
            #expect(named.isSubset(of: SeriesReference.groups(in: target.expr)), "\(target.expr)")
        }
    }
}
