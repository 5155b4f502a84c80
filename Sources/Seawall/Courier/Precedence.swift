internal import SeawallTime

/// Which scopes have cancels under way to the venue that are not handed over yet, so that no new order goes before them.
///
/// The limiter grants in the order of lanes, but who is granted goes on in a task of its own, and tasks that become free
/// at one instant run in any order.
final class Precedence: Sendable {
    private let counts = Lock([String: Int]())

    /// Notes a cancel from now until its place is left.
    func enter(_ scopes: [String]) -> Place {
        counts.withLock { counts in
            for scope in scopes { counts[scope, default: 0] += 1 }
        }
        return Place(scopes, in: self)
    }

    /// True where a cancel that touches one of the scopes is still on its way.
    func isHeld(for scopes: [String]) -> Bool {
        counts.withLock { counts in !counts.isEmpty && scopes.contains { counts[$0] != nil } }
    }

    private func leave(_ scopes: [String]) {
        counts.withLock { counts in
            for scope in scopes {
                let left = (counts[scope] ?? 0) - 1
                counts[scope] = left > 0 ? left : nil
            }
        }
    }

    /// The place of one cancel.
    final class Place: Sendable {
        private let scopes: [String]
        private let precedence: Precedence
        private let hasLeft = Lock(false)

        fileprivate init(_ scopes: [String], in precedence: Precedence) {
            self.scopes = scopes
            self.precedence = precedence
        }

        /// Lets the others go; again it does nothing.
        func leave() {
            let isFirst = hasLeft.withLock { hasLeft in
                defer { hasLeft = true }
                return !hasLeft
            }
            if isFirst { precedence.leave(scopes) }
        }
    }
}
