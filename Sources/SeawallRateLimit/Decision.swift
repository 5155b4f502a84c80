public import SeawallTime

/// The answer to `RateLimiter.tryAcquire`.
public enum Decision: Sendable {
    /// The tokens are taken: go.
    case granted(Grant)

    /// Nothing was taken.
    case refused(Refusal)

    /// The grant, or nil where it was refused.
    public var grant: Grant? {
        if case .granted(let grant) = self { grant } else { nil }
    }

    /// The refusal, or nil where it was granted.
    public var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}

/// Why a call may not go now, and when it may.
public struct Refusal: Hashable, Sendable {
    /// The reason.
    public var code: RateLimitError.Code

    /// The name of the bucket, scope or lane that stands in the way; empty where there is none.
    public var subject: String

    /// The instant at which the same call is admitted if nobody else asks, takes or gives back until then.
    ///
    /// It is exact: refused before, admitted then. Where calls that have not ended stand in the way, it is the instant at
    /// which they would if all of them ended now: it cannot be sooner. Nil where it can never go, where others wait
    /// ahead of it, and where there is no room for another counter.
    public var until: MonotonicInstant?

    /// Makes a refusal.
    public init(code: RateLimitError.Code, subject: String = "", until: MonotonicInstant? = nil) {
        self.code = code
        self.subject = subject
        self.until = until
    }
}

extension Refusal: CustomStringConvertible {
    /// The code, what stands in the way, and until when.
    public var description: String { RateLimitError(code: code, subject: subject, until: until).description }
}
