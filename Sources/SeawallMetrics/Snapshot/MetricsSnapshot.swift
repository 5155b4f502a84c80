/// The values of all metrics at one reading, as data.
///
/// Each list is sorted by name and label values. A histogram is always whole in itself; two series are read one after
/// the other.
public struct MetricsSnapshot: Codable, Hashable, Sendable {
    /// The counters.
    public var counters: [CounterReading] = []

    /// The gauges.
    public var gauges: [GaugeReading] = []

    /// The histograms.
    public var histograms: [HistogramReading] = []
}

extension MetricsRegistry {
    /// The values of all metrics now.
    public func snapshot() -> MetricsSnapshot {
        var snapshot = MetricsSnapshot()
        for family in readyFamilies() { family.read(into: &snapshot) }
        return snapshot
    }
}
