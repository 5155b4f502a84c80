public import SeawallTime

/// Keeps calls inside a venue's limits: several buckets at once, lanes in order, gates that nothing passes.
///
/// Every bucket holds at most its capacity in any window of its length (see `BucketConfiguration`). Who waits is served
/// by lane, and inside a lane first come first served: a call never goes before one of a higher lane that waits and shares
/// a bucket or a scope with it, nor before an earlier one of its own lane that shares a bucket. So a heavy call is not
/// starved by light ones, and a lower lane can starve only by the will of higher ones. Calls that share nothing do not
/// hold each other up.
public final class RateLimiter: Sendable {
    struct Timer: Sendable {
        var id: UInt64
        var wakeAt: MonotonicInstant
        var task: Task<Void, Never>?
    }

    struct State: Sendable {
        var core: RateLimiterCore
        var prepared = PreparedCalls()
        var suspensions = Suspensions<TurnCome>()
        var timer: Timer?
        var lastTimer: UInt64 = 0
    }

    let state: Lock<State>
    let time: any TimeSource
    let spawner: TaskSpawner
    /// The system's clock is read past the existential: that costs as much as a lock.
    private let isOnSystemTime: Bool

    /// Makes a limiter with full buckets, or one that goes on from where another ended.
    ///
    /// - Parameters:
    ///   - configuration: The lanes, buckets and bounds.
    ///   - environment: The time and the tasks.
    ///   - snapshot: What the process before has stored, if anything. Numbers in it that make no sense count as the worst
    ///     that they can mean; a bucket of which it says nothing begins as the configuration says.
    /// - Throws: one `RateLimitError` of code `invalidConfiguration` that lists every bad field.
    public init(
        configuration: RateLimiterConfiguration, environment: RuntimeEnvironment = RuntimeEnvironment(),
        resuming snapshot: RateLimiterSnapshot? = nil
    ) throws(RateLimitError) {
        time = environment.time
        isOnSystemTime = environment.time is SystemTime
        var core = try RateLimiterCore(configuration, start: time.now)
        if let snapshot { core.resume(snapshot, civilNow: time.civilNow) }
        state = Lock(State(core: core))
        spawner = environment.spawner
    }

    /// The present instant; to be read inside the lock, or before a compare-and-swap on what was decided inside it.
    var now: MonotonicInstant { isOnSystemTime ? SystemTime().now : time.now }

    /// The same from the coarse clock, which is never ahead of it.
    var coarseNow: MonotonicInstant { isOnSystemTime ? SystemTime().coarseNow : time.coarseNow }

    /// How long a call that asks now would wait, if nobody else asked, took or gave back until then.
    ///
    /// Exact: those who wait go first, and at that instant it is let go, not before. Calls that have not ended are taken to
    /// end now, so with those it cannot be sooner. Zero where it may go now; nil where it can never go, or the queue is
    /// full. Nothing is taken. It is played out on a copy: linear in
    /// the number of counters and of what they remember, also where nobody waits, and in that of those who wait ahead.
    public func waitTime(for charge: Charge, lane: Lane, scopes: [String] = []) -> Duration? {
        state.withLock { state in
            state.endLease()
            return state.core.waitTime(charge, lane: lane, scopes: scopes, now: time.now)
        }
    }

    /// Puts other limits in the place of those of the bucket of the same name, while running.
    ///
    /// What has been used stays used, and what calls under way hold stays held. Where the bucket is to remember longer than
    /// it did, what may have been used before is assumed to be all but a fifth, for one window. Who waits for more than
    /// can ever fit now is refused with `weightOverBurst`, or `cannotBeLeft`.
    ///
    /// - Throws: `RateLimitError` of code `unknownBucket`, or `invalidConfiguration` for limits that are none, and for
    ///   another `scope` or `isPerKey`: those cannot change. Then nothing has changed.
    public func update(_ bucket: BucketConfiguration) throws(RateLimitError) {
        let result = perform { state, now -> Result<Void, RateLimitError> in
            do throws(RateLimitError) { return .success(try state.core.update(bucket, now: now)) } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Takes the tokens of a call if it may go now, and says when it may if not; never waits.
    ///
    /// All buckets of the charge pay in one step, or none. `scopes` are what the call touches beside the scopes of its
    /// buckets; a closed gate on any of them refuses it.
    public func tryAcquire(_ charge: Charge, lane: Lane, scopes: [String] = []) -> Decision {
        perform { state, now in state.core.tryAcquire(charge, lane: lane, scopes: scopes, now: now) }
    }

    /// Returns the tokens of a call that was not made, exactly: as if it had never been granted.
    ///
    /// What the window has let go by itself is not returned twice, and a grant given back before changes nothing, nor
    /// does one of another limiter. Only for calls that provably did not reach the venue.
    public func giveBack(_ grant: Grant) {
        perform { state, now in _ = state.core.giveBack(grant, now: now) }
    }

    /// Says that the call of a grant has really ended: from here on time lets its tokens go.
    ///
    /// Only in a limiter that holds tokens until then (`RateLimiterConfiguration.holdsUntilSettled`); in another, for a
    /// grant that was given back or settled before, and for one of another limiter it changes nothing. A call that
    /// nobody waits for any more has not ended: it may still arrive.
    public func settle(_ grant: Grant) {
        perform { state, now in _ = state.core.settle(grant, now: now) }
    }

    /// Says that the venue does not count a call any more, though its window has not passed: its order has filled.
    ///
    /// Only buckets that are `isReleasable` fall, and only for a call that has been settled (or granted, where the limiter
    /// does not hold). A second time, too late, and for a grant of another limiter it changes nothing. What the server has
    /// said of its count before stands for its own time.
    public func release(_ grant: Grant) {
        perform { state, now in _ = state.core.release(grant, now: now) }
    }

    /// Says what the venue's civil clock shows, so that fixed windows are kept where they begin.
    ///
    /// Before the first reading a fixed window counts as a rolling one of its length. Each reading takes the place of the one
    /// before. The clocks are taken to part by up to 1 in 5,000 from then on; where they may have parted by a whole window, it
    /// is kept as if nothing were known.
    ///
    /// - Parameters:
    ///   - civil: What the venue's clock showed.
    ///   - instant: When it showed that.
    ///   - error: How far it may be off, for example half a round trip; below zero the reading changes nothing.
    public func alignWindows(civil: CivilInstant, at instant: MonotonicInstant, within error: Duration) {
        let clock = VenueClock(
            civil: civil.nanosecondsSinceEpoch, instant: instant.nanoseconds, error: error.wholeNanoseconds)
        perform { state, now in state.core.alignWindows(clock, now: now) }
    }

    /// Closes a scope: nothing that touches it is granted before `until`, whatever its lane.
    ///
    /// A gate is only ever extended. Waiters keep their order, and go on from `until`, not before.
    public func gate(scope: String, until: MonotonicInstant) {
        perform { state, now in state.core.gate(scope, until: until, now: now) }
    }

    /// When the last closed gate among the scopes opens; nil where none is closed now.
    ///
    /// Ask in the same synchronous step in which a granted call is handed over: a gate may have closed since the grant.
    public func gateEnd(for scopes: [String]) -> MonotonicInstant? {
        state.withLock { $0.core.gateEnd(for: scopes, now: time.now) }
    }

    /// Takes the server's own count of what is used in a bucket's window, in the bucket's unit.
    ///
    /// It raises what is believed to be used, for one window from now, and never lowers it below our own count: others
    /// on the same key or address show up so. A negative count and a bucket that is not there change nothing.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - used: The server's count, in the bucket's unit.
    ///   - key: Which of its counters, where the bucket has one for each key.
    ///   - grant: The grant of the call that was answered so. With it a count that was made later than another takes its
    ///     place, and what of ours may have arrived since is counted beside it; without it the highest count stands. While a
    ///     fixed window of the venue lasts for certain, and nothing is released in it, no count takes the place of a higher
    ///     one, but for what of ours that may have counted twice.
    public func reportUsage(bucket: String, used: Int, key: String = "", answering grant: Grant? = nil) {
        perform { state, now in
            state.core.reportUsage(bucket: bucket, used: used, key: key, answering: grant, now: now)
        }
    }

    /// Takes what a server's headers say of its counts: used or left, and when they begin anew.
    ///
    /// Each count is taken like one of `reportUsage(bucket:used:key:answering:)`, for as long as the server says, and at most
    /// for one window. A value that is no number of digits, or too large for one, changes nothing; nor does a header that
    /// no rule names, nor a rule whose bucket is not there. Where two tell of one bucket, the worse counts.
    ///
    /// - Parameters:
    ///   - headers: The answer's headers; the case of their names does not matter.
    ///   - rules: Which headers tell of which bucket.
    ///   - key: Which of a bucket's counters, where it has one for each key.
    ///   - grant: The grant of the call that was answered so.
    ///   - civilNow: The server's civil time at this instant, for dates; by default the time source's own.
    public func learn(
        headers: [String: String], by rules: [UsageHeader], key: String = "", answering grant: Grant? = nil,
        civilNow: CivilInstant? = nil
    ) {
        let readings = UsageReading.all(in: headers, by: rules)
        guard !readings.isEmpty else { return }
        let civilNow = civilNow ?? time.civilNow
        perform { state, now in
            state.core.learn(readings, key: key, answering: grant, now: now, civilNow: civilNow)
        }
    }

    /// Buckets, lanes and gates at this instant.
    public var status: RateLimiterStatus {
        perform { state, now in
            state.countRefusals()
            return state.core.status(now: now)
        }
    }

    /// What the next process must know, so that a restart overruns nothing.
    ///
    /// Store one before the first call, and one after `shutdown()`: only the latter is exact.
    public func snapshot() -> RateLimiterSnapshot {
        perform { state, now in state.core.snapshot(now: now, civilNow: time.civilNow) }
    }

    /// Ends it: all that wait throw `RateLimitError.Code.shutDown`, and so does all that comes later.
    ///
    /// No timer is left. Tokens can still be given back.
    public func shutdown() {
        perform { state, _ in state.core.shutDown() }
    }
}
