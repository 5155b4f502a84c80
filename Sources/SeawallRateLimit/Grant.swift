public import SeawallTime

/// Leave to make one call now: the tokens of its charge are taken.
///
/// Keep it until the call has ended. Where the call is not made after all, `RateLimiter.giveBack(_:)` returns the
/// tokens; a copy given back a second time changes nothing. Where the limiter holds tokens until their call has ended
/// (`RateLimiterConfiguration.holdsUntilSettled`), every other grant needs one `RateLimiter.settle(_:)`.
public struct Grant: Sendable {
    /// The instant at which the tokens were taken.
    public let instant: MonotonicInstant

    let id: UInt64
    let call: UnderstoodCall
    let marks: Marks
    /// The marks of its other buckets.
    var otherMarks: [Int] = []
}

extension Grant {
    /// The lane that it was granted to.
    public var lane: Lane { call.laneName }

    /// Every scope that the call touches, sorted: the caller's own and those of the buckets that it charges.
    ///
    /// Hand it to `RateLimiter.gateEnd(for:)` for the last look before the call is handed over.
    public var scopes: [String] { call.footprint.scopes }

    var tolls: Tolls { call.tolls }

    /// How much of the bucket of a toll had been settled before.
    func settledBefore(_ toll: Int) -> Int {
        toll < Marks.most ? marks[toll] : otherMarks[toll - Marks.most]
    }

    var issuer: GrantIssuer { call.issuer }
}

/// The identity of the limiter that issued a grant, so that another one does not take it back.
final class GrantIssuer: Sendable {}
