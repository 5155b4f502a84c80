internal import SeawallBroker

/// The venue's limits on how many orders may be open at once.
///
/// Ours count from the hand-over until their end is proven, so that one in doubt counts. Orders of others on the account
/// are known only to the venue, which refuses what is one too many.
struct OpenOrderLimits: Sendable {
    private let limits: [LimitRule]

    init(_ profile: VenueProfile) { limits = profile.limits.filter { $0.counts == .open } }

    /// A limit that is reached.
    struct Full: Hashable, Sendable {
        let limit: LimitRule
        /// How many orders that it counts may be open.
        let open: Int
    }

    /// The limit that one more order of a symbol would exceed, beside those that are open; nil where none.
    func reached(by symbol: Symbol, beside open: () -> [Symbol]) -> Full? {
        guard !limits.isEmpty else { return nil }
        let open = open()
        for limit in limits {
            let count = limit.isPerSymbol ? open.count { $0 == symbol } : open.count
            if count >= limit.limit { return Full(limit: limit, open: count) }
        }
        return nil
    }
}
