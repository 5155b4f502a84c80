internal import SeawallMetrics
internal import SeawallTime

/// The registry of one layer, with the labels that all series of the layer carry.
struct MetricsScope: Sendable {
    let registry: MetricsRegistry

    /// What is read, and made, when somebody reads the metrics.
    let sources = MetricsSources()

    /// The labels that are not the registry's own; none where the registry is the layer's.
    let labels: [(String, String)]

    /// True where the registry outlives the layer.
    let isShared: Bool

    init(_ configuration: LayerMetricsConfiguration, time: any TimeSource) throws(MetricsError) {
        if let shared = configuration.registry {
            registry = shared
            labels = configuration.labels
            isShared = true
        } else {
            registry = try MetricsRegistry(
                prefix: configuration.prefix, constantLabels: Labels(configuration.labels), time: time)
            labels = []
            isShared = false
        }
    }

    func counter(
        _ name: String, _ help: String, _ own: String...
    ) throws(MetricsError) -> ScopedFamily<Counter> {
        ScopedFamily(try registry.counter(name, help: help, labels: all(own)), labels)
    }

    func gauge(_ name: String, _ help: String, _ own: String...) throws(MetricsError) -> ScopedFamily<Gauge> {
        ScopedFamily(try registry.gauge(name, help: help, labels: all(own)), labels)
    }

    func histogram(
        _ name: String, _ help: String, _ own: String..., buckets: HistogramBuckets = .latency
    ) throws(MetricsError) -> ScopedFamily<Histogram> {
        ScopedFamily(try registry.histogram(name, help: help, labels: all(own), buckets: buckets), labels)
    }

    func stateSet(
        _ name: String, _ help: String, states: [String], _ own: String...
    ) throws(MetricsError) -> ScopedFamily<StateSet> {
        ScopedFamily(
            try registry.stateSet(name, help: help, states: states, stateLabel: "state", labels: all(own)), labels)
    }

    private func all(_ own: [String]) -> [String] { own + labels.map(\.0) }
}
