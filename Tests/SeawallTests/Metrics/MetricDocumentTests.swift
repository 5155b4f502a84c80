import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallMetrics

/// Docs/Metrics.md and the layer say the same.
@Suite struct MetricDocumentTests {
    /// The registry of a layer, with what a bot and a test bring.
    private static func registry() throws -> MetricsRegistry {
        let environment = RuntimeEnvironment(time: ManualTime())
        let rig = try Rig(environment, journal: MemoryStorage())
        try ChaosBroker(rig.base, plan: [], environment: environment).report(to: rig.layer.metrics)
        rig.layer.stop()
        return rig.layer.metrics
    }

    private static func name(_ descriptor: MetricDescriptor) -> String {
        let isStandard = !descriptor.name.hasPrefix("seawall_")
        return isStandard ? descriptor.name : String(descriptor.name.dropFirst("seawall_".count))
    }

    @Test func everyMetricIsInTheTableAndEveryRowIsRegistered() throws {
        let registered = try Self.registry().contents.withLock { $0.sorted.map(\.descriptor) }.map { descriptor in
            var labels = descriptor.labelNames
            if case .stateSet(_, let label) = descriptor.kind { labels.append(label) }
            return MetricDocument.Metric(
                name: Self.name(descriptor), type: descriptor.kindName, unit: descriptor.unit, labels: labels.sorted())
        }
        let documented = try MetricDocument().metrics
        #expect(Set(documented).count == documented.count, "a row stands twice")
        for metric in registered where !documented.contains(metric) { Issue.record("not in the table: \(metric)") }
        for metric in documented where !registered.contains(metric) { Issue.record("not registered: \(metric)") }
    }

    @Test func everyRowHasAScenarioThatChangesIt() throws {
        let proven = Set(MetricScenario.all.flatMap { $0.expected.map(\.metric) })
        let documented = Set(try MetricDocument().metrics.map(\.name))
        #expect(proven == documented, "\(proven.symmetricDifference(documented).sorted())")
    }

    @Test func closedListsOfValuesAreComplete() throws {
        let snapshot = try Self.registry().snapshot()
        let series =
            snapshot.counters.map { ($0.name, $0.labels) } + snapshot.gauges.map { ($0.name, $0.labels) }
            + snapshot.histograms.map { ($0.name, $0.labels) }
        let document = try MetricDocument()
        for row in document.values where !row.isOpen {
            for label in row.labels {
                let shown = series.filter { name, _ in row.metrics?.contains { "seawall_" + $0 == name } ?? true }
                    .compactMap { $0.1[label] }
                #expect(Set(shown) == Set(row.values), "\(label) of \(row.metrics ?? ["all"])")
            }
        }
        // Nothing has a label of which nothing is said.
        for metric in document.metrics {
            for label in metric.labels {
                let isSaid = document.values.contains { row in
                    row.labels.contains(label) && row.metrics?.contains(metric.name) ?? true
                }
                #expect(isSaid, "\(label) of \(metric.name)")
            }
        }
    }

    @Test func theReasonsOfSubmissionsAreThoseOfTheTable() throws {
        let document = try MetricDocument()
        let blocked = BlockedReason.allCases.map(\.rawValue)
        #expect(Set(document.submissions.keys) == Set(SubmissionOutcome.Result.allCases.map(\.rawValue)))
        for result in SubmissionOutcome.Result.allCases {
            var reasons = Set(document.submissions[result.rawValue] ?? [])
            if reasons.remove("trades_blocked_total") != nil { reasons.formUnion(blocked) }
            #expect(reasons == Set(SubmissionOutcome.reasons(of: result)), "\(result)")
        }
    }

    @Test func noLabelHoldsAnID() throws {
        for metric in try MetricDocument().metrics {
            #expect(!metric.labels.contains { $0.hasSuffix("id") || $0.hasSuffix("intent") || $0 == "episode" })
        }
    }
}
