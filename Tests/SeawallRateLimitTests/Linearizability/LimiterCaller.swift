import SeawallRateLimit
import SeawallTime

/// Makes the calls of one thread, and remembers what they were granted.
struct LimiterCaller {
    let limiter: RateLimiter
    let prepared: PreparedCall
    let time: ManualTime
    private var grants: [LimiterCall.Step: Grant] = [:]

    init(_ limiter: RateLimiter, _ prepared: PreparedCall, _ time: ManualTime) {
        self.limiter = limiter
        self.prepared = prepared
        self.time = time
    }

    mutating func perform(_ call: LimiterCall, as step: LimiterCall.Step) -> LimiterCall.Answer {
        switch call {
        case .tryAcquire(_, _, _, isPrepared: true):
            switch prepared.tryAcquire() {
            case .granted(let permit):
                grants[step] = prepared.grant(of: permit)
                return .granted(permit.instant)
            case .refused(let refusal): return .refused(refusal)
            }
        case .tryAcquire(let charge, let lane, let scopes, isPrepared: false):
            switch limiter.tryAcquire(charge, lane: lane, scopes: scopes) {
            case .granted(let grant):
                grants[step] = grant
                return .granted(grant.instant)
            case .refused(let refusal): return .refused(refusal)
            }
        case .giveBack(let earlier): if let grant = grants[earlier] { limiter.giveBack(grant) }
        case .settle(let earlier): if let grant = grants[earlier] { limiter.settle(grant) }
        case .reportUsage(let bucket, let used, let earlier):
            limiter.reportUsage(bucket: bucket, used: used, answering: earlier.flatMap { grants[$0] })
        case .gate(let scope, let end): limiter.gate(scope: scope, until: end)
        case .gateEnd(let scopes): return .gateEnd(limiter.gateEnd(for: scopes))
        case .moveTime(let instant): time.advance(to: instant)
        case .status(let withRefusals): return .status(limiter.status, withRefusals: withRefusals)
        }
        return .done
    }
}
