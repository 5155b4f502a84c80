import SeawallRateLimit
import SeawallTime

/// A limiter of two buckets, and what threads do with it.
enum LimiterScene: CaseIterable {
    case windows
    /// Tokens are held until their calls have ended, and one counter falls.
    case holding
    /// Many calls are prepared: refusals stand without the lock.
    case refusals
    /// They are granted without the lock as well, where the window counts in slots.
    case leases

    /// What a weight of one stands for.
    private var unit: Int { self == .leases ? 100 : 1 }

    var configuration: RateLimiterConfiguration {
        let window = Duration.nanoseconds(self == .leases ? 102_400 : 100)
        return RateLimiterConfiguration(
            lanes: ["high", "low"],
            buckets: [
                BucketConfiguration(
                    name: "a", scope: "ip", limit: self == .leases ? 2_100 : 6, window: window, marginPerMille: 1_000,
                    reserves: ["high": unit]),
                BucketConfiguration(
                    name: "b", scope: "account", limit: 4 * unit, window: .nanoseconds(60), marginPerMille: 1_000,
                    shape: self == .holding ? .decay : .window),
            ],
            holdsUntilSettled: self == .holding)
    }

    /// What the call costs that is prepared.
    var prepared: Charge { ["a": 2 * unit] }

    /// So many calls of a thread at random; only the first thread moves time.
    func program(thread: Int, length: Int, random: inout SeededGenerator) -> [LimiterCall] {
        var now: Int64 = 0
        return (0..<length).map { number in
            if thread == 0, random.chance(0.4) {
                now += 1 + Int64(random.below(70))
                return .moveTime(to: MonotonicInstant(nanoseconds: now))
            }
            if self == .refusals || self == .leases, random.chance(0.6) {
                return .tryAcquire(prepared, lane: "low", scopes: [], isPrepared: true)
            }
            let earlier = number == 0 ? nil : Int(random.below(UInt64(number)))
            return next(after: earlier.map { LimiterCall.Step(thread: thread, number: $0) }, random: &random)
        }
    }

    private func next(after earlier: LimiterCall.Step?, random: inout SeededGenerator) -> LimiterCall {
        let scope = ["ip", "account", "symbol"][Int(random.below(3))]
        switch (random.below(12), earlier) {
        case (0, _): return .gate(scope, until: MonotonicInstant(nanoseconds: Int64(random.below(120))))
        case (1, _): return .gateEnd([scope])
        case (2, _): return .status(withRefusals: false)
        case (3, let earlier):
            let bucket = random.chance(0.5) ? "a" : "b"
            let used = Int(random.below(7)) * unit
            return .reportUsage(bucket, used: used, answering: random.chance(0.5) ? earlier : nil)
        case (4...6, let earlier?): return random.chance(0.5) ? .giveBack(earlier) : .settle(earlier)
        default:
            var charge = Charge()
            if random.chance(0.7) { charge.weights["a"] = unit * (1 + Int(random.below(4))) }
            if random.chance(0.5) || charge.weights.isEmpty { charge.weights["b"] = unit * (1 + Int(random.below(3))) }
            let lane: Lane = random.chance(0.5) ? "high" : "low"
            let scopes = random.chance(0.3) ? ["symbol"] : []
            return .tryAcquire(charge, lane: lane, scopes: scopes, isPrepared: false)
        }
    }
}
