internal import Seawall

/// The causes that restrict trading at a moment, as the library announced them.
///
/// It is held to its own word: a cause that is extended is neither loosened nor shortened, and none is over before its
/// time unless it is cleared.
struct ActiveCauses: Sendable {
    private struct Standing: Sendable {
        var scope: CauseScope
        var restriction: Restriction
        var until: MonotonicInstant?

        func isActive(at instant: MonotonicInstant) -> Bool {
            guard let until else { return true }
            return instant < until
        }

        func covers(_ origin: Origin) -> Bool { scope.includes(origin) }
    }

    private var standings: [String: Standing] = [:]

    /// Forgets everything: the process that held it is dead, and the next one says itself what it holds.
    mutating func die() { standings = [:] }

    mutating func apply(_ change: PermissionChange, at instant: MonotonicInstant) {
        switch change.event {
        case .raised, .extended:
            var standing = Standing(
                scope: change.scope, restriction: Restriction(change.level), until: change.until)
            if let old = standings[change.id] {
                standing.restriction = max(standing.restriction, old.restriction)
                if let until = standing.until { standing.until = old.until.map { max($0, until) } }
            }
            standings[change.id] = standing
        case .cleared: standings[change.id] = nil
        case .expired:
            if standings[change.id]?.isActive(at: instant) == false { standings[change.id] = nil }
        }
    }

    /// The most restrictive of all causes that cover an order at the instant.
    func restriction(of origin: Origin, at instant: MonotonicInstant) -> Restriction {
        standings.values.reduce(.open) { restriction, standing in
            standing.isActive(at: instant) && standing.covers(origin)
                ? max(restriction, standing.restriction) : restriction
        }
    }

    /// When the last cause that covers an order and stops even cancels is over; nil where there is none.
    func thaw(of origin: Origin) -> MonotonicInstant? {
        standings.values.filter { $0.restriction == .frozen && $0.covers(origin) }
            .map { $0.until ?? .distantFuture }.max()
    }
}
