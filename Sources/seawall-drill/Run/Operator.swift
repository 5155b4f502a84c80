import Seawall

/// The person at the desk: pauses, kills and releases by hand, as a scenario says.
struct Operator: Sendable {
    let layer: ReliabilityLayer
    let time: any TimeSource

    /// What an operator does.
    enum Action: Sendable {
        /// Lets only that much pass.
        case pause(Permission)
        /// Lets nothing new pass and takes back what works.
        case kill
    }

    /// One thing that an operator does, again and again.
    struct Move: Sendable {
        /// How long after the last one, or after the start.
        var after: Duration
        var action: Action
        /// How long until it is released by hand.
        var length: Duration
        /// What it covers.
        var scope = CauseScope.global
    }

    /// How long an operator looks at a bot that came back restricted before it is released.
    private static let hesitation = Duration.seconds(30)

    /// Releases what a process before this one left, then goes through the moves again and again until the task is
    /// cancelled.
    func work(_ moves: [Move]) async {
        do {
            try await releaseInheritance()
            guard !moves.isEmpty else { return }
            while true {
                for move in moves { try await make(move) }
            }
        } catch { return }
    }

    private func make(_ move: Move) async throws {
        try await time.sleep(for: move.after)
        switch move.action {
        case .pause(let level): try layer.pause(move.scope, level: level, reason: "drill")
        case .kill: layer.kill(move.scope, reason: "drill")
        }
        try await time.sleep(for: move.length)
        release(move.scope)
    }

    private func releaseInheritance() async throws {
        let scopes = Set(layer.status.causes.map(\.cause).filter { $0.release == .byHand }.map(\.key.scope))
        guard !scopes.isEmpty else { return }
        try await time.sleep(for: Self.hesitation)
        for scope in scopes.sorted(by: { $0.description < $1.description }) { release(scope) }
    }

    private func release(_ scope: CauseScope) {
        layer.resume(scope)
        layer.releaseKill(scope)
    }
}
