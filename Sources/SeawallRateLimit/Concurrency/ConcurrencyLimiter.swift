public import SeawallTime

/// Bounds how many calls are under way at once: by lane, first come first served in each, and a free permit costs no
/// suspension.
///
/// How many is fixed, or learnt from how long calls take (`AdaptiveConcurrency`). A permit that is handed back goes to the
/// first who waits in the highest lane, past whoever asks later. The complexity of every operation is constant in the number
/// of those who wait, spread over many; a learnt limit adds what sorting each sample among those of its epoch costs.
public final class ConcurrencyLimiter: Sendable {
    struct State: Sendable {
        var core: ConcurrencyCore
        var suspensions = Suspensions<ConcurrencyCall>()
    }

    /// The lanes, highest first; one without a name where none were given.
    public let lanes: [Lane]

    /// What a learnt limit is learnt by; nil where it is fixed.
    public let adaptive: AdaptiveConcurrency?

    let state: Lock<State>
    private let time: any TimeSource

    /// Makes a limiter of `limit` permits, 1 or more, that are handed on by lane where lanes are given.
    ///
    /// - Parameters:
    ///   - limit: How many permits there are.
    ///   - lanes: The lanes, highest first, each once.
    ///   - maximumWaiters: How many may wait at once over all lanes, 1,000 by default; 0 to 1,000,000. Where it is full, a
    ///     newcomer takes the place of the newest waiter of the lowest lane below its own.
    /// - Throws: `RateLimitError` of code `invalidConfiguration` that lists every bad value.
    public init(limit: Int, lanes: [Lane] = [], maximumWaiters: Int = 1_000) throws(RateLimitError) {
        try Self.refuse(Self.problems(limit) + Self.problems(lanes, maximumWaiters))
        self.lanes = lanes.isEmpty ? [""] : lanes
        adaptive = nil
        time = SystemTime()
        state = Lock(
            State(core: ConcurrencyCore(limit: limit, lanes: self.lanes.count, maximumWaiters: maximumWaiters)))
    }

    /// Makes a limiter whose limit is learnt from how long calls take; it begins with a probe.
    ///
    /// - Parameters:
    ///   - adaptive: How it is learnt.
    ///   - lanes: The lanes, highest first, each once.
    ///   - maximumWaiters: As of a fixed limit.
    ///   - environment: The time, and the chance that keeps processes from probing in step.
    /// - Throws: `RateLimitError` of code `invalidConfiguration` that lists every bad value.
    public init(
        adaptive: AdaptiveConcurrency, lanes: [Lane] = [], maximumWaiters: Int = 1_000,
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(RateLimitError) {
        try Self.refuse(adaptive.problems + Self.problems(lanes, maximumWaiters))
        self.lanes = lanes.isEmpty ? [""] : lanes
        self.adaptive = adaptive
        time = environment.time
        let now = time.now.nanoseconds
        let gradient = GradientLimit(adaptive, seed: environment.random.next())
        state = Lock(
            State(
                core: ConcurrencyCore(
                    gradient, lanes: self.lanes.count, maximumWaiters: maximumWaiters, now: now)))
    }

    private static func refuse(_ problems: [String]) throws(RateLimitError) {
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
    }

    private static func problems(_ limit: Int) -> [String] {
        limit >= 1 ? [] : ["limit is \(limit), expected 1 or more"]
    }

    private static func problems(_ lanes: [Lane], _ maximumWaiters: Int) -> [String] {
        let repeated = lanes.enumerated().filter { lanes[..<$0].contains($1) }
            .map { "lanes[\($0)] is \($1) again, expected each once" }
        return repeated
            + ((0...1_000_000).contains(maximumWaiters)
                ? [] : ["maximumWaiters is \(maximumWaiters), expected 0 to 1000000"])
    }

    /// The present instant, to be read inside the lock; a fixed limit knows no time, and spares the reading.
    var now: Int64 { adaptive == nil ? 0 : time.now.nanoseconds }

    /// How many permits there are; of a learnt limit it may change with every call that ends.
    public var limit: Int { state.withLock { $0.core.limit } }

    /// How many permits are held now; more than there are for a while after the limit was lowered.
    public var inUse: Int { state.withLock { $0.core.inUse } }

    /// How many tasks wait for one.
    public var waiting: Int { state.withLock { $0.core.waiting } }

    /// Whether no permit is out and nobody waits for one.
    var isIdle: Bool { state.withLock { $0.core.inUse == 0 && $0.core.waiting == 0 } }

    /// Permits, lanes, and what has been learnt.
    public var status: ConcurrencyStatus { state.withLock { $0.core.status(names: lanes) } }

    /// Sets how many permits there are, 1 or more; a learnt limit goes on from there.
    ///
    /// Permits that become free go to those who wait at once. Those that are too many are not taken away: they are not
    /// handed on when they are released.
    ///
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where the limit is below 1, or not between the floor and the
    ///   ceiling of one that is learnt; then nothing has changed.
    public func setLimit(_ limit: Int) throws(RateLimitError) {
        if let adaptive {
            let range = adaptive.minimum...adaptive.maximum
            try Self.refuse(
                range.contains(limit)
                    ? [] : ["limit is \(limit), expected \(adaptive.minimum) to \(adaptive.maximum)"])
        } else {
            try Self.refuse(Self.problems(limit))
        }
        perform { core, now in core.set(limit, now: now) }
    }

    /// Takes a permit if one is free, and says whether it did; each needs one `release()`.
    ///
    /// Never waits. A learnt limit learns nothing of the call: take a permit of its own, or use `withPermit`.
    public func tryAcquire() -> Bool { tryTake(lanes.count - 1, .anybody) != nil }

    /// Takes a permit for one call if one is free; nil where none is.
    ///
    /// Never waits.
    public func tryAcquirePermit() -> ConcurrencyPermit? {
        tryTake(lanes.count - 1, .call).map { ConcurrencyPermit(self, $0) }
    }

    /// Gives a permit on to the first who waits, or back.
    ///
    /// Only for permits of `tryAcquire()` and `acquire(lane:)`; without one that is held it does nothing.
    public func release() {
        perform { core, now in core.release(now: now) }
    }

    func finish(_ call: ConcurrencyCall, _ outcome: ConcurrencyOutcome) {
        perform { core, now in core.finish(call, outcome, now: now) }
    }

    private func tryTake(_ lane: Int, _ holder: ConcurrencyCore.Holder) -> ConcurrencyCall? {
        state.withLock { $0.core.tryAcquire(lane: lane, holder, now: now) }
    }

    /// Runs an event, and then tells whom it gave a permit.
    private func perform(_ event: (inout ConcurrencyCore, Int64) -> [ConcurrencyCore.Grant]) {
        let resumptions = state.withLock { state in
            event(&state.core, now).compactMap { state.suspensions.end($0.ticket, .success($0.call)) }
        }
        for resumption in resumptions { resumption.resume() }
    }
}
