internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Tells the limiter when a venue stops counting an order because it begins to fill; nil at a venue that never does.
final class FillReleases: Sendable {
    private let core = Lock(FillReleaseCore<Grant>())
    private let limiter: RateLimiter

    init?(_ profile: VenueProfile, limiter: RateLimiter) {
        guard profile.limits.contains(where: \.releasesOnFill) else { return nil }
        self.limiter = limiter
    }

    /// An order is handed over.
    func departs(_ order: OrderRequest?, _ grant: Grant) {
        guard let clientID = order?.clientID else { return }
        core.withLock { $0.departs(clientID, grant) }
    }

    /// The call that handed it over has ended, and is settled.
    func ended(_ order: OrderRequest?) {
        guard let clientID = order?.clientID else { return }
        if let grant = core.withLock({ $0.ended(clientID) }) { limiter.release(grant) }
    }

    /// What is known of an order has changed.
    func follow(_ order: Order, _ clientID: ClientOrderID) {
        if order.filled > 0 {
            if let grant = core.withLock({ $0.filled(clientID) }) { limiter.release(grant) }
        } else if order.status.isTerminal {
            core.withLock { $0.forget(clientID) }
        }
    }

    /// An amend is about to put another order in the place of this one: what fills from now on may be that.
    func amends(_ clientID: ClientOrderID) { core.withLock { $0.forget(clientID) } }
}
