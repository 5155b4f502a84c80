public import SeawallBroker
internal import SeawallRateLimit
public import SeawallTime

/// A broker that stands before another and lets a plan of faults strike what goes through.
///
/// Put it between a guard and a venue. What no fault strikes passes unchanged. The same plan, seed and calls give the
/// same strikes.
public final class ChaosBroker: InterceptingBroker {
    /// The broker behind.
    public let base: any Broker

    let environment: RuntimeEnvironment
    private let onStrike: @Sendable (FaultStrike) -> Void
    private let core: Lock<FaultCore>
    private let held = Lock(HeldFills())
    private let world: (any FaultWorld)?

    /// Makes a broker with faults; its plan's time begins now.
    ///
    /// - Parameters:
    ///   - base: The broker behind.
    ///   - plan: The faults.
    ///   - environment: Where time comes from and where late fills wait.
    ///   - seed: The seed of the draws of faults with a probability.
    ///   - stream: The name of the stream of those draws.
    ///   - world: What faults strike beyond the calls; without one a plan may hold no such fault.
    ///   - onStrike: Hears of each strike before its effect; it must not block.
    /// - Throws: `InvalidFields` with every bad field of the plan.
    public init(
        _ base: any Broker, plan: FaultPlan, environment: RuntimeEnvironment = RuntimeEnvironment(), seed: UInt64 = 0,
        stream: String = "faults", world: (any FaultWorld)? = nil,
        onStrike: @escaping @Sendable (FaultStrike) -> Void = { _ in }
    ) throws(InvalidFields) {
        try plan.validate(hasWorld: world != nil)
        self.base = base
        self.world = world
        self.environment = environment
        self.onStrike = onStrike
        core = Lock(FaultCore(plan: plan, seed: seed, stream: stream, start: environment.time.now))
    }

    /// The faults.
    public var plan: FaultPlan { core.withLock { $0.plan } }

    /// How many calls of an operation went through, struck or not.
    public func callCount(of operation: BrokerOperation) -> Int {
        core.withLock { $0.callCount(of: operation) }
    }

    /// How often each fault struck each operation, in order of names.
    public var report: [FaultCount] { core.withLock { $0.report } }

    /// Lets the first fault of each site that matches strike the call, or passes it on.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let context = RequestContext.current
        let (hits, now) = core.withLock { core in
            let now = environment.time.now
            return (core.call(call, lane: context?.lane, now: now) { $0.fits(Answer.self) }, now)
        }
        if hits.world == nil, hits.call == nil { return try await proceed() }
        for hit in [hits.world, hits.call].compactMap(\.self) { tell(hit, call, context, now) }
        guard let world, let effect = hits.world?.action.effect else {
            return try await apply(hits.call?.action.effect, proceed)
        }
        return try await strike(world, with: effect, at: call) { try await apply(hits.call?.action.effect, proceed) }
    }

    /// Passes the call through `intercept`, then lets faults strike the fills of the answer.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        let call = BrokerCall(.fills, symbol: symbol)
        var page = try await intercept(call) { try await base.fills(since: cursor, symbol: symbol) }
        let effect = page.fills.isEmpty ? nil : strikeFills(of: call, RequestContext.current)
        if case .lateFills(let delay) = effect {
            let due = environment.time.now.advanced(by: delay)
            held.withLock { [page] in $0.hold(page.fills, until: due) }
        }
        page.fills = held.withLock { [page] held in
            held.release(into: page.fills, symbol: symbol, now: environment.time.now)
        }
        if case .duplicateFills = effect { page.fills += page.fills }
        return page
    }

    /// Passes the call through `intercept`, then lets faults strike the fills that the stream brings.
    ///
    /// A late fill keeps its sequence number. What is held back when the stream ends or breaks is lost with it.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        let events = try await intercept(BrokerCall(.userStream)) { try await base.userEvents() }
        guard plan.actions.contains(where: { $0.effect.site == .fills }) else { return events }
        let (stream, continuation) = AsyncThrowingStream<UserEvent, any Error>.makeStream()
        let pump = environment.spawner.spawn { await self.pump(events, into: continuation) }
        continuation.onTermination = { _ in pump.cancel() }
        return stream
    }

    private func apply<Answer: Sendable>(
        _ effect: FaultEffect?, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        switch effect {
        case nil: return try await proceed()
        case .lostBefore(let loss):
            try await environment.time.sleep(for: loss.wait)
            throw loss.error
        case .lostAfter(let loss):
            // The venue's refusal is lost like any other reply; only a caller that went away is not the venue's doing.
            do { _ = try await proceed() } catch let error as CancellationError { throw error } catch {}
            try await environment.time.sleep(for: loss.wait)
            throw loss.error
        case .delay(let delay):
            try await environment.time.sleep(for: delay)
            return try await proceed()
        case .rateLimited(let retryAfter): throw refusal(429, "too many requests", retryAfter)
        case .banned(let retryAfter): throw refusal(418, "banned for sending after being told to stop", retryAfter)
        case .outage(_, let form): throw form.error
        case .emptyOrders:
            let answer = try await proceed()
            return emptyAnswer(Answer.self) ?? answer
        case .error(let error): throw error.brokerError
        case .answer(let answer):
            if let value = answer.value(as: Answer.self) { return value }
            return try await proceed()
        case .lateFills, .duplicateFills, .clockStep, .machineSleep, .crash, .diskFailure, .venueMode,
            .authenticationExpiry, .secondProcess, .fill:
            return try await proceed()
        }
    }

    private func refusal(_ status: Int, _ message: String, _ retryAfter: String?) -> BrokerError {
        BrokerError(code: .answered, message: message, delivery: .answered, status: status, retryAfter: retryAfter)
    }

    private func strikeFills(of call: BrokerCall, _ context: RequestContext?) -> FaultEffect? {
        let (hit, now) = core.withLock { core in
            let now = environment.time.now
            return (core.fills(of: call, lane: context?.lane, now: now), now)
        }
        guard let hit else { return nil }
        tell(hit, call, context, now)
        return hit.action.effect
    }

    private func tell(_ hit: FaultHit, _ call: BrokerCall, _ context: RequestContext?, _ now: MonotonicInstant) {
        onStrike(
            FaultStrike(
                action: hit.action, number: hit.number, operation: call.operation, call: call, context: context,
                time: now))
    }

    private func pump(
        _ events: AsyncThrowingStream<UserEvent, any Error>,
        into continuation: AsyncThrowingStream<UserEvent, any Error>.Continuation
    ) async {
        let time = environment.time
        await withDiscardingTaskGroup { late in
            do {
                for try await event in events {
                    switch effect(on: event) {
                    case .lateFills(let delay):
                        let due = time.now.advanced(by: delay)
                        late.addTask {
                            guard (try? await time.sleep(until: due)) != nil else { return }
                            continuation.yield(event)
                        }
                    case .duplicateFills:
                        continuation.yield(event)
                        continuation.yield(event)
                    default: continuation.yield(event)
                    }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
            late.cancelAll()
        }
    }

    private func effect(on event: UserEvent) -> FaultEffect? {
        guard case .fill(let fill, _) = event else { return nil }
        return strikeFills(of: BrokerCall(.userStream, symbol: fill.symbol), nil)
    }
}
