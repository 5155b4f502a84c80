internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallRateLimit
internal import SeawallTime

/// What the limiter of a layer lets through, by lane and bucket, and what the venue has shut.
final class LimiterMetrics: Sendable {
    fileprivate struct LaneSeries: Sendable {
        var hits: FollowedTotal
        var granted: FollowedTotal
        var rejections: FollowedTotal
        var waiting: Gauge
    }

    fileprivate struct BucketSeries: Sendable {
        var tokens: Gauge
        var capacity: Gauge
        var used: Gauge
        var utilisation: Gauge
    }

    private let hits: ScopedFamily<Counter>
    private let granted: ScopedFamily<Counter>
    private let rejections: ScopedFamily<Counter>
    private let waiting: ScopedFamily<Gauge>
    private let tokens: ScopedFamily<Gauge>
    private let capacity: ScopedFamily<Gauge>
    private let used: ScopedFamily<Gauge>
    private let utilisation: ScopedFamily<Gauge>
    private let shut: ScopedFamily<Counter>
    /// Every scope that was ever shut: it shows 0 when it is open again.
    private let shutFor: ScopeGauges<String>
    private let readsRunning: Gauge
    private let readsWaiting: Gauge

    init(_ scope: MetricsScope) throws {
        hits = try scope.counter(
            "rate_limit_hits_total", "Requests that the limiter has decided, granted or refused.", "lane")
        granted = try scope.counter("rate_limit_granted_total", "Requests that the limiter let through.", "lane")
        rejections = try scope.counter(
            "rate_limit_rejections_total",
            "Requests that the limiter refused, turned away, dropped at their deadline or shed.", "lane")
        waiting = try scope.gauge("rate_limit_waiting", "Requests that wait for their turn.", "lane")
        tokens = try scope.gauge(
            "rate_limit_tokens_available", "What the highest lane could take now.", "bucket")
        capacity = try scope.gauge(
            "rate_limit_capacity", "The most that is granted in any window: the venue's limit less our margin.",
            "bucket")
        used = try scope.gauge(
            "rate_limit_used", "What is believed to be used of the venue's limit, by us or others.", "bucket")
        utilisation = try scope.gauge(
            "rate_limit_utilisation_ratio",
            "The part of the venue's limit that is believed to be used; above 1 where others overrun it.", "bucket")
        shut = try scope.counter(
            "rate_limit_shut_total", "Times that the venue shut a scope, by a Retry-After or a ban.", "scope")
        shutFor = ScopeGauges(
            try scope.gauge("rate_limit_shut_seconds", "How long a scope stays shut; 0 where it is open.", "scope"),
            limit: scope.registry.seriesLimit, open: 0, worst: max)
        readsRunning = try scope.gauge("reads_running", "Reads under way.").with()
        readsWaiting = try scope.gauge("reads_waiting", "Reads that wait because as many run as may.").with()
    }

    /// The venue has shut a scope, in this process or, if that is inherited, in an earlier one.
    func shut(_ scope: String, isInherited: Bool) {
        shutFor.remember(scope)
        let times = shut.with(("scope", scope))
        if !isInherited { times.increment() }
    }

    /// Shows the limits as they are whenever somebody reads the metrics.
    func watch(
        _ limiter: RateLimiter, _ configuration: RateLimiterConfiguration, reads: ConcurrencyLimiter,
        _ sources: MetricsSources, _ time: any TimeSource
    ) {
        let lanes = Dictionary(uniqueKeysWithValues: configuration.lanes.map { ($0, series(of: $0)) })
        let buckets = configuration.buckets.map { (configuration: $0, series: series(of: $0)) }
        for scope in Set(configuration.buckets.map(\.scope)).sorted() where !scope.isEmpty {
            shutFor.remember(scope)
            shut.with(("scope", scope))
        }
        sources.add { [self] in
            let status = limiter.status
            for lane in status.lanes { lanes[lane.lane]?.show(lane) }
            for bucket in buckets {
                bucket.series.show(status.buckets.filter { $0.name == bucket.configuration.name }, bucket.configuration)
            }
            show(status.gates, time.now)
            readsRunning.set(reads.inUse)
            readsWaiting.set(reads.waiting)
        }
    }

    private func show(_ gates: [RateLimiterStatus.Gate], _ now: MonotonicInstant) {
        let ends = Dictionary(gates.map { ($0.scope, $0.until) }) { max($0, $1) }
        shutFor.show(ends.keys) { scope in
            ends[scope].map { Double(max(.zero, now.duration(to: $0)).wholeNanoseconds) / 1e9 } ?? 0
        }
    }

    private func series(of lane: Lane) -> LaneSeries {
        let label = ("lane", lane.rawValue)
        return LaneSeries(
            hits: FollowedTotal(hits.with(label)), granted: FollowedTotal(granted.with(label)),
            rejections: FollowedTotal(rejections.with(label)), waiting: waiting.with(label))
    }

    private func series(of bucket: BucketConfiguration) -> BucketSeries {
        let label = ("bucket", bucket.name)
        return BucketSeries(
            tokens: tokens.with(label), capacity: capacity.with(label), used: used.with(label),
            utilisation: utilisation.with(label))
    }
}

extension LimiterMetrics.LaneSeries {
    fileprivate func show(_ lane: RateLimiterStatus.Lane) {
        hits.follow(lane.granted &+ lane.refused)
        granted.follow(lane.granted)
        rejections.follow(lane.refused)
        waiting.set(lane.waiting)
    }
}

extension LimiterMetrics.BucketSeries {
    /// Shows a bucket: of several counters the fullest, and of none an empty one.
    fileprivate func show(_ counters: [RateLimiterStatus.Bucket], _ configuration: BucketConfiguration) {
        tokens.set(counters.map(\.tokens).min() ?? configuration.capacity)
        capacity.set(counters.map(\.capacity).min() ?? configuration.capacity)
        used.set(counters.map(\.used).max() ?? 0)
        utilisation.set(counters.map(\.utilisation).max() ?? 0)
    }
}
