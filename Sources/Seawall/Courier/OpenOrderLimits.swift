internal import SeawallBroker

/// The venue's limits on how many orders may be open at once.
///
/// Ours count from the hand-over until their end is proven, so that one in doubt counts. Orders of others on the account
/// are known only to the venue, which refuses what is one too many.
struct OpenOrderLimits: Sendable {
    private let limits: [LimitRule]

    init(_ profile: VenueProfile) { limits = profile.limits.filter { $0.counts == .open } }

    /// The limit that one more order of a symbol would exceed, beside those that are open; nil where none.
    func exceeded(by symbol: Symbol, beside open: [Symbol]) -> LimitRule? {
        limits.first { limit in
            open.lazy.filter { !limit.isPerSymbol || $0 == symbol }.count >= limit.limit
        }
    }

    /// False where the venue has no such limit.
    var isEmpty: Bool { limits.isEmpty }
}
