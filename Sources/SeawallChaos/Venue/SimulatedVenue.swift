public import SeawallBroker
public import SeawallTime

/// An exchange in memory that keeps the truth, driven by candles, for bots and judges.
///
/// It answers as its profile's venue does: orders, positions that net and can flip, pages, cursors, client order ids,
/// rate limits that turn into bans, latency, streams. Each minute a price walks through its candle's open, low and
/// high (low first where the candle rose), and close, at 0, 15, 30 and 45 seconds. The best bid is one tick below the
/// price and the best ask one above; a limit order at rest fills at its own price once the price has gone through it, and
/// a touch fills nothing. Time, latencies and prices depend on the time source and the seeds alone.
///
/// What an account can lose is not looked after: there is no liquidation and no funding.
public final class SimulatedVenue: Broker {
    /// The venue as data.
    public let profile: VenueProfile

    /// When the venue began, on the clock of the run; the first candle begins here.
    public let start: MonotonicInstant

    /// When the venue began, on its own civil clock, which nobody steps.
    public let civilStart: CivilInstant

    /// What it trades, in order of name.
    public let symbols: [Symbol]

    /// When the last candle of the longest market ends, from when on all prices stay; nil where a market is endless.
    public let endsAt: MonotonicInstant?

    let time: any TimeSource
    let state: Lock<VenueState>
    let streamBuffer: Int
    private let spawner: TaskSpawner
    private let observe: @Sendable (VenueEvent) -> Void

    /// Makes a venue that begins at the present instant of `environment.time`.
    ///
    /// - Parameters:
    ///   - profile: Whose identity class, limits, costs, pages and capabilities the venue has.
    ///   - markets: What it trades, each symbol once.
    ///   - configuration: Latencies, fees, liquidity and the account's beginnings.
    ///   - environment: Its time, and the spawner of the one task that lives while something can happen by itself; its
    ///     randomness is not used.
    ///   - observe: Hears every change of the truth once, in causal order, outside locks, before the reply that tells it.
    /// - Throws: `SimulatedVenueError` with every setting at fault.
    public init(
        profile: VenueProfile,
        markets: [SimulatedMarket],
        configuration: SimulatedVenueConfiguration = SimulatedVenueConfiguration(),
        environment: RuntimeEnvironment = RuntimeEnvironment(),
        observe: @escaping @Sendable (VenueEvent) -> Void = { _ in }
    ) throws {
        let start = environment.time.now
        let civilStart = environment.time.civilNow.advanced(by: configuration.clockOffset)
        let exchange = try Exchange(
            profile: profile, markets: markets, configuration: configuration, start: start, civilStart: civilStart)
        let gate = VenueGate(
            profile: profile, configuration: configuration, symbols: exchange.markets.map(\.symbol), start: start,
            civilStart: civilStart)
        self.profile = profile
        self.start = start
        self.civilStart = civilStart
        symbols = exchange.markets.map(\.symbol)
        let lengths = exchange.markets.map(\.walk.length)
        endsAt =
            lengths.contains(nil)
            ? nil : start.advanced(by: .seconds(60 * (lengths.compactMap { $0 }.max() ?? 0)))
        time = environment.time
        spawner = environment.spawner
        streamBuffer = configuration.streamBuffer
        self.observe = observe
        state = Lock(VenueState(exchange: exchange, gate: gate))
    }

    /// What the profile says that the venue has.
    public var capabilities: Set<BrokerCapability> { profile.capabilities }

    /// True where every market has shown its last price by `instant`.
    public func hasEnded(at instant: MonotonicInstant) -> Bool {
        endsAt.map { $0 <= instant } ?? false
    }
}

extension SimulatedVenue {
    /// Lets the venue live up to now, does something in its lock, and tells what came of it.
    ///
    /// - Returns: What was done, and the mark that is told once everything of it was told.
    @discardableResult
    func act<Result: Sendable>(
        asDriver generation: Int? = nil, _ body: (inout VenueState, MonotonicInstant) -> Result
    ) -> (result: Result, mark: Int) {
        let (result, mark, plan) = state.withLock { state in
            let now = time.now
            state.exchange.advance(to: now)
            let result = body(&state, now)
            let mark = state.collect(at: now)
            if let generation { state.scheduleDriver(generation) }
            return (result, mark, state.planDriver())
        }
        if let plan { startDriver(plan) }
        tell()
        return (result, mark)
    }

    /// Waits until everything up to `mark` was told; at once unless another thread is telling.
    func waitUntilTold(_ mark: Int) async {
        if state.withLock({ $0.hasTold(mark) }) { return }
        await withUnsafeContinuation { continuation in
            let isWaiting = state.withLock { $0.wait(for: mark, continuation) }
            if !isWaiting { continuation.resume() }
        }
    }

    /// Tells what there is to tell, one thread at a time.
    private func tell() {
        var isMine = false
        while let notices = state.withLock({ [isMine] in $0.takeNotices(isMine: isMine) }) {
            isMine = true
            for notice in notices {
                switch notice {
                case .truth(let event): observe(event)
                case .stream(let delivery): delivery.deliver()
                }
            }
            let ready = state.withLock { $0.noteTold(notices.count) }
            for continuation in ready { continuation.resume() }
        }
    }

    /// Does something under the venue's own task, for a request whose caller has gone.
    func carryOn(_ operation: @escaping @Sendable () async throws -> Void) {
        spawner.spawn { try? await operation() }
    }

    private func startDriver(_ plan: VenueState.DriverPlan) {
        plan.former?.cancel()
        let task = spawner.spawn { [weak self, time] in
            while let wake = self?.state.withLock({ $0.wake(of: plan.generation) }) {
                do { try await time.sleep(until: wake) } catch { return }
                self?.act(asDriver: plan.generation) { _, _ in }
            }
        }
        let isCurrent = state.withLock { state in
            guard state.driver.generation == plan.generation, !state.isClosed else { return false }
            state.driver.task = task
            return true
        }
        if !isCurrent { task.cancel() }
    }
}
