internal import SeawallBackoff
public import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

/// A broker that stands before another and keeps the promises: the bot uses it as it would use the other.
///
/// Placing the same intent again returns the known order and sends nothing. What was handed over and is not proven is
/// thrown as `GuardError.Code.outcomeUnknown`, and resolved in the background. Made by a `ReliabilityLayer`.
public final class GuardedBroker: Broker {
    let courier: Courier
    let ledger: OrderLedger
    let gate: OrderGate
    let evidence: Evidence
    let resolver: Resolver
    let consequences: Consequences
    let journal: LayerJournal
    let rules: RuleBook
    let mint: ClientOrderIDMint
    let reads: ConcurrencyLimiter
    let retryBudget: RetryBudget?
    let orderBreaker: CircuitBreaker
    let readBreaker: CircuitBreaker
    let configuration: LayerConfiguration
    let profile: VenueProfile
    let openLimits: OpenOrderLimits
    let cancelTries = CancelTries()
    /// What is kept of the limits to cancel the book; nil where that is not asked for.
    let cancelBudget: CancelBudget?

    private let unnamed: UnnamedIntents

    init(
        courier: Courier, ledger: OrderLedger, gate: OrderGate, evidence: Evidence, resolver: Resolver,
        consequences: Consequences, journal: LayerJournal, rules: RuleBook, reads: ConcurrencyLimiter,
        retryBudget: RetryBudget?, orderBreaker: CircuitBreaker,
        readBreaker: CircuitBreaker, configuration: LayerConfiguration, profile: VenueProfile
    ) {
        self.courier = courier
        self.ledger = ledger
        self.gate = gate
        self.evidence = evidence
        self.resolver = resolver
        self.consequences = consequences
        self.journal = journal
        self.rules = rules
        self.reads = reads
        self.retryBudget = retryBudget
        self.orderBreaker = orderBreaker
        self.readBreaker = readBreaker
        self.configuration = configuration
        self.profile = profile
        openLimits = OpenOrderLimits(profile)
        cancelBudget = configuration.keepsCancelBudget ? courier.cancelBudget(profile) : nil
        mint = ClientOrderIDMint(prefix: configuration.clientIDPrefix, length: profile.clientIDLength)
        unnamed = UnnamedIntents(random: courier.environment.random)
    }

    /// What the venue behind has.
    public var capabilities: Set<BrokerCapability> { courier.broker.capabilities }

    var time: any TimeSource { courier.environment.time }

    func name(_ order: OrderRequest) -> IntentID { order.intent ?? unnamed.next() }

    /// The order as the ledger has it now, or as it was given.
    func known(_ clientID: ClientOrderID, or order: @autoclosure () -> Order) -> Order {
        ledger.entry(clientID)?.order ?? order()
    }
}

/// Names for intents that the bot did not name: they protect one call, and no second one will ever meet them.
private final class UnnamedIntents: Sendable {
    private let salt: UInt64
    private let count = Lock(0)

    init(random: any RandomSource) { salt = random.next() }

    func next() -> IntentID {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return IntentID("auto-\(String(salt, radix: 36))-\(number)")
    }
}
