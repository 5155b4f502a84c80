public import SeawallAlerts
internal import SeawallBackoff
public import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
public import SeawallMetrics
internal import SeawallRateLimit
public import SeawallTime

/// Everything that stands between one bot and one venue, wired together.
///
/// Make one for each venue and account, call `start(symbols:)`, and give the bot `broker`. The layer owns background
/// tasks until `stop()`.
public final class ReliabilityLayer: Sendable {
    /// The broker to give to the bot.
    public let broker: GuardedBroker

    /// What the layer counts; `prometheusText()` is what a scrape returns.
    ///
    /// Docs/Metrics.md lists every metric.
    public let metrics: MetricsRegistry

    /// Times the phases of the bot's work; `phase` of the layer does too.
    public let profiler: Profiler

    /// Tells of trouble; register sinks here.
    public let alerts: AlertManager

    /// The circuit breakers, and what an operator does with them.
    public let breakers: LayerBreakers

    let gate: OrderGate
    let limiter: RateLimiter
    let reports: LayerMetrics
    let follower: AccountFollower
    let consequences: Consequences
    let environment: RuntimeEnvironment
    private let prober: BreakerProber
    private let hasStarted = Lock(false)
    let ledger: OrderLedger
    let storedJournal: Journal?
    let journal: LayerJournal
    private let sweeper: Sweeper

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - venue: The venue's profile.
    ///   - broker: The adapter that talks to the venue.
    ///   - configuration: How the layer behaves.
    ///   - storage: Where pauses, latches and intents are written down, so that a restart knows them; nil: nowhere, and a
    ///     restart forgets everything. What is there is read at once. Where it cannot be read, nothing but cancels goes
    ///     out until `abandonUnreadableState(reason:)`.
    ///   - environment: Time, randomness and tasks; the system's unless told.
    ///   - recorder: Hears every decision, in causal order.
    /// - Throws: The error of the part that cannot be configured so, which lists every bad field.
    public init(
        venue: VenueProfile, broker: any Broker, configuration: LayerConfiguration = LayerConfiguration(),
        journal storage: (any JournalStorage)? = nil,
        environment: RuntimeEnvironment = RuntimeEnvironment(), recorder: (any LayerRecorder)? = nil
    ) throws {
        try venue.validate()
        try configuration.validate()
        self.environment = environment
        let counts = try LayerMetrics(configuration, capabilities: broker.capabilities, time: environment.time)
        reports = counts
        metrics = counts.registry
        profiler = counts.profiler
        let stored = storage.map { storage in
            Journal(
                storage, capacity: configuration.ledgerCapacity, bound: configuration.journalBound,
                environment: environment)
        }
        storedJournal = stored
        let boot = stored?.recovery.boot ?? 0
        var naming = configuration.alerts
        if stored != nil { naming.appendToPrefix("\(boot).", startedAt: environment.time.civilNow) }
        alerts = try AlertManager(configuration: naming, environment: environment)
        gate = OrderGate(environment: environment, capabilities: venue.capabilities, boot: boot)
        let ledger = OrderLedger(capacity: configuration.ledgerCapacity)
        self.ledger = ledger
        let journal = LayerJournal(stored, gate: gate, ledger: ledger, time: environment.time)
        self.journal = journal
        let limits = try RateLimiterConfiguration(venue: venue, configuration)
        let limiter = try RateLimiter(
            configuration: limits, environment: environment,
            resuming: stored.flatMap { RateLimiterSnapshot(memoIn: $0.recovery.state) })
        let orderBreaker = try CircuitBreaker(
            name: LayerBreakers.orders, configuration: configuration.orderBreaker, environment: environment)
        let readBreaker = try CircuitBreaker(
            name: LayerBreakers.reads, configuration: configuration.readBreaker, environment: environment)
        consequences = Consequences(
            limiter: limiter, gate: gate, alerts: alerts, metrics: counts, recorder: recorder, journal: journal,
            profile: venue, environment: environment)
        breakers = LayerBreakers(
            orders: orderBreaker, reads: readBreaker, consequences: consequences, journal: journal,
            time: environment.time)
        let releases = FillReleases(venue, limiter: limiter)
        let courier = Courier(
            broker: broker, profile: venue, limiter: limiter, environment: environment, consequences: consequences,
            metrics: counts, clock: VenueClock(venue, gate: gate, alerts: alerts, time: environment.time),
            clockTimeout: configuration.readTimeout, releases: releases)
        let evidence = Evidence(
            ledger: ledger, gate: gate, consequences: consequences, journal: journal, metrics: counts,
            releases: releases, profile: venue)
        let resolver = Resolver(
            courier: courier, ledger: ledger, evidence: evidence, alerts: alerts, profile: venue,
            configuration: configuration)
        evidence.onDoubt { [weak resolver] in resolver?.resolveLegs(of: $0) }
        self.limiter = limiter
        let retryBudget = try configuration.retryBudget.map { try RetryBudget(name: "reads", configuration: $0) }
        follower = AccountFollower(
            courier: courier, ledger: ledger, evidence: evidence, resolver: resolver, configuration: configuration)
        let reads = try ConcurrencyLimiter(limit: configuration.concurrentReads)
        self.broker = GuardedBroker(
            courier: courier, ledger: ledger, gate: gate, evidence: evidence, resolver: resolver,
            consequences: consequences, journal: journal, rules: RuleBook(),
            reads: reads, retryBudget: retryBudget, orderBreaker: orderBreaker, readBreaker: readBreaker,
            configuration: configuration, profile: venue)
        sweeper = Sweeper(
            courier: courier, ledger: ledger, gate: gate, evidence: evidence, resolver: resolver,
            consequences: consequences, alerts: alerts, journal: journal, profile: venue, configuration: configuration)
        consequences.onTrips(sweeper.listener)
        prober = BreakerProber(courier: courier, configuration: configuration)
        // Each reaches the others by what it holds: strong references would keep all of them alive.
        consequences.onBreakerTrouble { [weak prober] in prober?.watch($0) }
        let hinted = HintedBreakers(orders: orderBreaker, reads: readBreaker, profile: venue)
        consequences.onShut { hinted.stayOpen(for: $0, until: $1) }
        for breaker in breakers.all {
            breaker.onTransition { [weak consequences, weak breaker] transition in
                if let breaker { consequences?.follow(transition, of: breaker) }
            }
        }
        if let retryBudget { counts.retries.watch(retryBudget, counts.sources) }
        counts.limits.watch(limiter, limits, reads: reads, counts.sources, environment.time)
        counts.breakers.watch(breakers.all, counts.sources, environment.time)
        counts.permissions.watch(gate, counts.sources)
        counts.orders.watch(ledger, capacity: configuration.ledgerCapacity, counts.sources, environment.time)
        counts.alerts.watch(alerts, historyLimit: configuration.alerts.historyLimit, counts.sources)
        if let stored { counts.journal.watch(stored, counts.sources) }
        recover()
    }

    /// Reads what the layer must know before it may trade, and begins to follow the account.
    ///
    /// Until the positions are known, nothing is proved to reduce; orders that may open pass all the same. Called
    /// again, it only reads the rules of the symbols.
    ///
    /// - Throws: The error of the read that failed; call it again. `CancellationError` when the task is cancelled.
    public func start(symbols: [Symbol]) async throws {
        let origin = RequestContext.Origin.library(episode: "start")
        if broker.capabilities.contains(.rules) {
            let call = BrokerCall(.rules, symbols: symbols)
            broker.rules.learn(try await broker.read(call, origin: origin) { try await $0.rules(for: symbols) })
        }
        let isFirst = hasStarted.withLock { hasStarted in
            defer { hasStarted = true }
            return !hasStarted
        }
        guard isFirst else { return }
        do {
            await broker.courier.refreshClock()
            try await readAccount(origin)
            resumeDoubts()
        } catch {
            hasStarted.withLock { $0 = false }
            throw error
        }
        if broker.capabilities.contains(.userStream) {
            environment.spawner.spawn { [follower] in await follower.followStream() }
        }
        environment.spawner.spawn { [follower] in await follower.poll() }
    }

    /// Ends every background task of the layer's environment, and whoever waits for the limiter.
    public func stop() {
        limiter.shutdown()
        // Nothing is granted after this one: the next start goes on from it exactly.
        journal.note(limiter.snapshot())
        journal.settle()
        environment.spawner.cancelAll()
        reports.account.stopped()
        // What a shared registry keeps of the layer is its last word.
        reports.sources.read()
    }
}
