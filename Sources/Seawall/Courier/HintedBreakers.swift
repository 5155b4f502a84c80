internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallTime

/// The breakers as a venue's word that it takes nothing concerns them.
///
/// A breaker that is open stays open as long as the venue has shut what its calls need: no probe could go out sooner, and
/// its status tells the time at which one will. One that is closed stays so: the limiter holds its calls, and being limited
/// is no failure.
struct HintedBreakers: Sendable {
    private struct Entry: Sendable {
        weak let breaker: CircuitBreaker?
        /// What each of its calls falls under.
        let scopes: Set<LimitScope>
    }

    private let entries: [Entry]

    init(orders: CircuitBreaker, reads: CircuitBreaker, profile: VenueProfile) {
        entries = [(orders, BrokerOperation.place), (reads, .openOrders)].map { breaker, operation in
            Entry(breaker: breaker, scopes: Set(profile.scopes(of: BrokerCall(operation))))
        }
    }

    /// The venue has shut a scope.
    func stayOpen(for scope: LimitScope, until: MonotonicInstant) {
        for entry in entries where entry.scopes.contains(scope) {
            guard let breaker = entry.breaker, breaker.state == .open else { continue }
            breaker.forceOpen(reason: "the venue shut \(scope)", until: until)
        }
    }
}
