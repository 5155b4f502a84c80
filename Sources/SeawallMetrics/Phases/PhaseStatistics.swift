/// How long a phase took so far: what a histogram's buckets tell of it.
public struct PhaseStatistics: Hashable, Sendable {
    /// How often it was recorded.
    public var count: UInt64

    /// The mean, in seconds.
    public var mean: Double

    /// Half of the recordings were quicker, in seconds, as estimated from the buckets.
    public var p50: Double

    /// 95 of 100 recordings were quicker, in seconds, as estimated from the buckets.
    public var p95: Double

    /// 99 of 100 recordings were quicker, in seconds, as estimated from the buckets.
    public var p99: Double

    init?(_ histogram: Histogram) {
        let content = histogram.content
        let bounds = histogram.table.bounds.asDoubles
        guard let p50 = content.quantile(0.5, bounds: bounds), let p95 = content.quantile(0.95, bounds: bounds),
            let p99 = content.quantile(0.99, bounds: bounds)
        else { return nil }
        count = content.count
        mean = content.sum.asDouble / Double(content.count)
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }
}
