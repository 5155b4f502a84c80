internal import SeawallAlerts
internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallMetrics
internal import SeawallRateLimit
internal import SeawallTime

/// What a layer reports of itself: its metrics by part, registered once, and the log events that go with them.
final class LayerMetrics: Sendable {
    let requests: RequestMetrics
    let orders: OrderMetrics
    let retries: RetryMetrics
    let limits: LimiterMetrics
    let breakers: BreakerMetrics
    let permissions: PermissionMetrics
    let account: AccountMetrics
    let alerts: AlertMetrics
    let journal: JournalMetrics
    let cycles: CycleMetrics
    let trading: TradingMetrics
    let profiler: Profiler

    /// Where the layer says what happens.
    let log: LayerLog

    /// Starts the layer's spans.
    let tracer: Tracer

    let time: any TimeSource
    private let scope: MetricsScope

    init(_ configuration: LayerConfiguration, capabilities: Set<BrokerCapability>, time: any TimeSource) throws {
        let scope = try MetricsScope(configuration.metrics, time: time)
        self.scope = scope
        self.time = time
        log = LayerLog(configuration.log)
        tracer = configuration.tracer
        let operations = BrokerOperation.available(capabilities)
        requests = try RequestMetrics(scope, operations: operations)
        orders = try OrderMetrics(scope)
        retries = try RetryMetrics(scope, operations: operations)
        limits = try LimiterMetrics(scope)
        breakers = try BreakerMetrics(scope, breakers: [LayerBreakers.orders, LayerBreakers.reads])
        permissions = try PermissionMetrics(scope)
        account = try AccountMetrics(scope)
        alerts = try AlertMetrics(scope)
        journal = try JournalMetrics(scope)
        cycles = try CycleMetrics(scope)
        trading = try TradingMetrics(scope)
        profiler = try Profiler(
            scope.registry, time: time, labels: configuration.metrics.phaseLabels,
            constantLabels: Labels(scope.labels), phases: Phase.tradingCycle)
        if configuration.metrics.includesProcess { try scope.registry.addProcessMetrics() }
        let sources = scope.sources
        account.watch(sources, time)
        cycles.watch(sources, time)
        if scope.isShared {
            // The registry outlives the layer, and must not keep all of it alive.
            scope.registry.beforeReading { [weak sources] in sources?.read() }
        } else {
            scope.registry.beforeReading { [sources] in sources.read() }
        }
    }

    var registry: MetricsRegistry { scope.registry }

    /// Read whenever somebody reads the metrics.
    var sources: MetricsSources { scope.sources }

    /// True where somebody takes spans or log events, so that it is worth saying what they belong to.
    var isTraced: Bool { tracer.isOn || log.isOn }

    func handedOver() { requests.handedOver() }

    func ended() { requests.ended() }

    func arrived(_ operation: BrokerOperation, _ outcome: String, since sentAt: MonotonicInstant) {
        let duration = max(.zero, sentAt.duration(to: time.now))
        requests.arrived(operation, outcome, after: duration)
        log.arrived(operation, outcome, after: duration)
    }

    func gaveUp(_ operation: BrokerOperation) {
        requests.gaveUp(operation)
        log.gaveUp(operation)
    }

    /// Something that the venue said of orders could not be understood, and was left out.
    func unreadable(_ operation: BrokerOperation) {
        requests.unreadable(operation)
        log.unreadable(operation)
    }

    /// A read waits before its next try.
    func waits(_ operation: BrokerOperation, _ event: RetryEvent) {
        retries.waits(operation, event)
        log.waits(operation, event)
    }

    func cancelWaits() { orders.cancelWaits() }

    func order(_ change: LedgerChange, isInherited: Bool) {
        orders.moved(change, at: time.now, isInherited: isInherited)
        log.moved(change)
    }

    func sweep(_ event: SweepEvent) {
        orders.swept(event.step)
        log.swept(event)
    }

    func shut(_ scope: LimitScope, until end: MonotonicInstant, isInherited: Bool) {
        limits.shut(scope.rawValue, isInherited: isInherited)
        log.shut(scope, for: time.now.duration(to: end))
    }

    func permission(_ change: PermissionChange, isInherited: Bool) {
        permissions.changed(change, isInherited: isInherited)
        log.changed(change)
    }

    func breaker(_ transition: CircuitBreaker.Transition) {
        breakers.moved(transition)
        log.moved(transition)
    }

    func blocked(_ error: any Error) {
        if let reason = BlockedReason(error) { orders.blocked(reason) }
    }
}
