public import SeawallBroker
public import SeawallTime

/// A broker that stands before another and lets a plan of faults strike what goes through.
///
/// Put it between a guard and a venue. What no fault strikes passes unchanged. The same plan, seed and calls give the
/// same strikes.
public final class ChaosBroker: InterceptingBroker {
    /// The broker behind.
    public let base: any Broker

    let environment: RuntimeEnvironment
    let words: FaultWords
    let world: (any FaultWorld)?
    let state: Lock<ChaosState>
    /// The operations that any fault is about.
    let touched: Set<BrokerOperation>
    /// The faults of the world, by their place in the plan.
    private let worldActions: [(index: Int, action: FaultAction)]
    private let onStrike: @Sendable (FaultStrike) -> Void

    /// Makes a broker with faults; its plan's time begins now.
    ///
    /// - Parameters:
    ///   - base: The broker behind.
    ///   - plan: The faults.
    ///   - environment: Where time comes from and where late fills wait.
    ///   - seed: The seed of the draws of faults with a probability.
    ///   - stream: The name of the stream of those draws.
    ///   - profile: The venue in whose words errors come; nil for that of a simulated venue behind, or for plain words.
    ///   - world: What faults strike beyond the calls; without one a plan may hold no such fault.
    ///   - onStrike: Hears of each strike before its effect; it must not block.
    /// - Throws: `InvalidFields` with every bad field of the plan.
    public init(
        _ base: any Broker, plan: FaultPlan, environment: RuntimeEnvironment = RuntimeEnvironment(), seed: UInt64 = 0,
        stream: String = "faults", profile: VenueProfile? = nil, world: (any FaultWorld)? = nil,
        onStrike: @escaping @Sendable (FaultStrike) -> Void = { _ in }
    ) throws(InvalidFields) {
        try plan.validate(hasWorld: world != nil)
        self.base = base
        self.world = world
        self.environment = environment
        self.onStrike = onStrike
        words = FaultWords(profile: profile ?? (base as? SimulatedVenue)?.profile)
        let state = ChaosState(
            core: FaultCore(plan: plan, seed: seed, stream: stream, start: environment.time.now),
            amendsMayReplace: words.amendsMayReplace)
        touched = state.needs.touched
        worldActions = plan.actions.enumerated().filter { $0.element.effect.site == .world }
            .map { (index: $0.offset, action: $0.element) }
        self.state = Lock(state)
    }

    /// The faults.
    public var plan: FaultPlan { state.withLock { $0.core.plan } }

    /// How many calls of an operation went through, struck or not.
    public func callCount(of operation: BrokerOperation) -> Int {
        state.withLock { $0.core.callCount(of: operation) }
    }

    /// How often each fault struck each operation, in order of names.
    public var report: [FaultCount] { state.withLock { $0.core.report } }

    /// The faults that have not struck so far, in order of the plan, and how many calls each matched.
    public var unstruck: [UnstruckFault] { state.withLock { $0.core.unstruck } }

    /// Lets the first fault of each site that matches strike the call, or passes it on.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await pass(FaultedCall(call: call), proceed)
    }

    /// Why faults of the world cannot strike an operation now, by their place in the plan.
    func hindrances(at operation: BrokerOperation) -> [Int: String] {
        guard let world else { return [:] }
        return worldActions.reduce(into: [:]) { hindrances, fault in
            guard fault.action.match.operations?.contains(operation) ?? true else { return }
            hindrances[fault.index] = world.hindrance(of: fault.action.effect)
        }
    }

    /// Tells of a strike.
    func tell(_ hit: FaultHit, _ call: BrokerCall, _ context: RequestContext?, _ now: MonotonicInstant) {
        onStrike(
            FaultStrike(
                action: hit.action, number: hit.number, operation: call.operation, call: call, context: context,
                time: now))
    }
}
