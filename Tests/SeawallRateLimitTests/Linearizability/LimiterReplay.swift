import SeawallTime

@testable import SeawallRateLimit

/// The pure core under one call after the other; or, so that it can be seen to be found out, one that does something wrong.
struct LimiterReplay {
    enum Fault: CaseIterable {
        case timeStands, keepsWhatComesBack, hearsNoServer, hasNoGates, chargesOneBucketAlone
    }

    private var core: RateLimiterCore
    private let fault: Fault?
    private var now = MonotonicInstant.origin
    private var grants: [LimiterCall.Step: Grant] = [:]

    init(_ configuration: RateLimiterConfiguration, fault: Fault? = nil) throws {
        core = try RateLimiterCore(configuration)
        self.fault = fault
    }

    mutating func perform(_ call: LimiterCall, as step: LimiterCall.Step) -> LimiterCall.Answer {
        switch call {
        case .tryAcquire(var charge, let lane, let scopes, _):
            if fault == .chargesOneBucketAlone, charge.weights["a"] != nil { charge.weights["b"] = nil }
            switch core.tryAcquire(charge, lane: lane, scopes: scopes, now: now) {
            case .granted(let grant):
                grants[step] = grant
                return .granted(grant.instant)
            case .refused(let refusal): return .refused(refusal)
            }
        case .giveBack(let earlier):
            if let grant = grants[earlier], fault != .keepsWhatComesBack { core.giveBack(grant, now: now) }
        case .settle(let earlier): if let grant = grants[earlier] { core.settle(grant, now: now) }
        case .reportUsage(let bucket, let used, let earlier):
            if fault == .hearsNoServer { break }
            core.reportUsage(bucket: bucket, used: used, answering: earlier.flatMap { grants[$0] }, now: now)
        case .gate(let scope, let end): if fault != .hasNoGates { core.gate(scope, until: end, now: now) }
        case .gateEnd(let scopes): return .gateEnd(core.gateEnd(for: scopes, now: now))
        case .moveTime(let instant): if fault != .timeStands { now = max(now, instant) }
        case .status(let withRefusals): return .status(core.status(now: now), withRefusals: withRefusals)
        }
        return .done
    }
}
