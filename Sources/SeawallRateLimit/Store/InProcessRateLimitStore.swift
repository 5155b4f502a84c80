public import SeawallTime

/// A store in this process: several limiters share its limits exactly, and it shows how one outside has to behave.
public final class InProcessRateLimitStore: RateLimitStore {
    private struct State: Sendable {
        var core: RateLimiterCore
        var leases: [UInt64: Grant] = [:]
        var ends = DeadlineHeap()
        var lastLease: UInt64 = 0

        /// Settles every lease whose holder has said nothing until its end.
        mutating func endOverdue(_ now: MonotonicInstant) {
            while let first = ends.first, first.deadline <= now.nanoseconds {
                ends.popFirst()
                guard let lease = leases.removeValue(forKey: first.ticket) else { continue }
                // At its end, not when somebody looks: nothing that happened since has been told to the core yet.
                core.settle(lease, now: MonotonicInstant(nanoseconds: first.deadline))
            }
        }

        /// How long asking again is of no use; nil where it always is.
        func pause(after refusal: Refusal, of charge: Charge, now: MonotonicInstant) -> Duration? {
            if let until = refusal.until { return now.duration(to: until) }
            guard refusal.code == .tooManyKeys, hasCounters(for: charge) else { return nil }
            guard let look = core.keyed.nextLook, look > now.nanoseconds else { return longestPauseForKey }
            return min(longestPauseForKey, now.duration(to: MonotonicInstant(nanoseconds: look)))
        }

        /// Whether there are as many counters as one call needs, were all of them free.
        private func hasCounters(for charge: Charge) -> Bool {
            let named = core.configuration.buckets.filter { bucket in
                bucket.isPerKey && [charge.weights, charge.leaving].contains { $0[bucket.name, default: 0] > 0 }
            }
            return named.count <= core.configuration.maximumKeys
        }
    }

    /// Who needs a counter where all are in use asks again after this, or sooner where time alone may free one: most come
    /// free as calls end and are given back, and nobody can say when.
    private static let longestPauseForKey = Duration.seconds(1)

    /// What errors call it.
    public let name: String

    private let state: Lock<State>
    private let time: any TimeSource
    private let leaseDuration: Duration

    /// Makes a store with full buckets.
    ///
    /// - Parameters:
    ///   - name: What errors call it.
    ///   - configuration: The lanes and buckets; it holds until settled whatever that says.
    ///   - leaseDuration: How long who takes may keep silent, five minutes by default; at least a nanosecond.
    ///   - time: What its leases end by.
    /// - Throws: one `RateLimitError` of code `invalidConfiguration` that lists every bad field.
    public init(
        name: String = "in process", configuration: RateLimiterConfiguration, leaseDuration: Duration = .seconds(300),
        time: any TimeSource = SystemTime()
    ) throws(RateLimitError) {
        guard leaseDuration > .zero else {
            let problem = "leaseDuration is \(leaseDuration), expected above 0 seconds"
            throw RateLimitError(code: .invalidConfiguration, subject: name, details: [problem])
        }
        var holding = configuration
        holding.holdsUntilSettled = true
        self.name = name
        self.time = time
        self.leaseDuration = leaseDuration
        state = Lock(State(core: try RateLimiterCore(holding, start: time.now)))
    }

    /// Buckets and lanes at this instant; no gate is ever closed here.
    public var status: RateLimiterStatus {
        state.withLock { state in
            let now = time.now
            state.endOverdue(now)
            return state.core.status(now: now)
        }
    }

    /// Takes all weights of a charge, or nothing.
    public func take(_ charge: Charge, lane: Lane) async -> StoreAnswer {
        state.withLock { state in
            let now = time.now
            state.endOverdue(now)
            switch state.core.tryAcquire(charge, lane: lane, scopes: [], now: now) {
            case .refused(let refusal):
                return .refused(
                    after: state.pause(after: refusal, of: charge, now: now), reason: refusal.description)
            case .granted(let grant):
                state.lastLease &+= 1
                let ends = now.advanced(by: leaseDuration).nanoseconds
                state.leases[state.lastLease] = grant
                state.ends.push(ends, ticket: state.lastLease)
                if state.ends.count > 2 * state.leases.count + 64 {
                    state.ends.prune { [leases = state.leases] in leases[$0.ticket] != nil }
                }
                return .granted(StoreLease(id: "\(state.lastLease)", lasts: leaseDuration))
            }
        }
    }

    /// The call of a lease has ended.
    public func settle(_ lease: StoreLease) async {
        end(lease) { core, grant, now in _ = core.settle(grant, now: now) }
    }

    /// The call of a lease was not made.
    public func giveBack(_ lease: StoreLease) async {
        end(lease) { core, grant, now in _ = core.giveBack(grant, now: now) }
    }

    private func end(_ lease: StoreLease, _ act: (inout RateLimiterCore, Grant, MonotonicInstant) -> Void) {
        state.withLock { state in
            let now = time.now
            state.endOverdue(now)
            guard let grant = UInt64(lease.id).flatMap({ state.leases.removeValue(forKey: $0) }) else { return }
            act(&state.core, grant, now)
        }
    }
}
