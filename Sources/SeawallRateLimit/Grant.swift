public import SeawallTime

/// Leave to make one call now: the tokens of its charge are taken.
///
/// Keep it until the call has ended. Where the call is not made after all, `RateLimiter.giveBack(_:)` returns the
/// tokens; a copy given back a second time changes nothing. Where the limiter holds tokens until their call has ended
/// (`RateLimiterConfiguration.holdsUntilSettled`), every other grant needs one `RateLimiter.settle(_:)`.
public struct Grant: Sendable {
    /// The instant at which the tokens were taken.
    public let instant: MonotonicInstant

    /// The lane that it was granted to.
    public let lane: Lane

    /// Every scope that the call touches, sorted: the caller's own and those of the buckets that it charges.
    ///
    /// Hand it to `RateLimiter.gateEnd(for:)` for the last look before the call is handed over.
    public let scopes: [String]

    let id: UInt64
    let tolls: Tolls
    let issuer: GrantIssuer
}

/// The identity of the limiter that issued a grant, so that another one does not take it back.
final class GrantIssuer: Sendable {}
