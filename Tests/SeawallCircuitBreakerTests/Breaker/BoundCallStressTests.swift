import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// Calls within attempts whose time runs out while they begin and end, on real threads: each of them counts once.
@Suite(.timeLimit(.minutes(10))) struct BoundCallStressTests {
    private struct Account: Sendable {
        var calls = 0
        /// Calls whose own result counted.
        var ended = 0
        /// Calls that an end of time had settled before.
        var overrun = 0
        /// Calls that were begun when the time was up.
        var late = 0
    }

    /// A breaker that counts everything and never trips.
    private func counter() throws -> CircuitBreaker {
        try CircuitBreaker(
            name: "stress",
            configuration: .rated(
                .init(window: .calls(100_000), minimumCalls: 100_000, failuresPerMille: 1_000)),
            time: ManualTime())
    }

    /// The limits lie within each other, and both end while calls begin: told by the one, and turned away by the other.
    @Test func everyCallIsSettledOnceWhicheverLimitEndsAndWhen() async throws {
        let (breaker, rounds) = (try counter(), 6_000)
        let limits = (0..<rounds).map { _ in
            let outer = AttemptLimit()
            return (outer: outer, inner: AttemptLimit.$current.withValue(outer) { AttemptLimit() })
        }
        let rendezvous = Rendezvous(2)
        let accounts = await Crew.results(2) { index in
            var account = Account()
            for (round, limit) in limits.enumerated() {
                // Over before the others meet, or soon after, or last.
                if index == 0, round % 3 == 0 { limit.outer.end() }
                rendezvous.meet(round: round)
                if index == 0 {
                    // A little earlier or later each time, over all that the caller does.
                    for _ in 0..<round % 60 { _ = breaker.nextTransition }
                    if round % 3 == 1 { limit.outer.end() }
                    limit.inner.end()
                    if round % 3 == 2 { limit.outer.end() }
                } else {
                    AttemptLimit.$current.withValue(limit.inner) { make(3, on: breaker, &account) }
                }
            }
            return account
        }
        let calls = accounts.map(\.calls).reduce(0, +)
        #expect(calls == rounds * 3)
        #expect(accounts.map { $0.ended + $0.overrun + $0.late }.reduce(0, +) == calls)
        let status = breaker.status
        // One that was told by one limit and turned away by the other would count twice.
        #expect(status.callsInWindow == calls)
        #expect(status.failureCount == accounts.map(\.overrun).reduce(0, +))
    }

    /// Nobody is told after he has left, and nobody stays on a list.
    @Test func callsThatEndInTimeAreForgotten() async throws {
        let breaker = try counter()
        let outer = AttemptLimit()
        let inner = AttemptLimit.$current.withValue(outer) { AttemptLimit() }
        let accounts = await Crew.results(4) { _ in
            var account = Account()
            for round in 0..<500 {
                if round.isMultiple(of: 20) { Crew.stepAside() }
                AttemptLimit.$current.withValue(inner) { make(3, on: breaker, &account) }
            }
            return account
        }
        inner.end()
        outer.end()
        #expect(accounts.map(\.ended).reduce(0, +) == 4 * 500 * 3)
        #expect(breaker.status.callsInWindow == 4 * 500 * 3)
        #expect(breaker.status.failureCount == 0)
    }

    private func make(_ count: Int, on breaker: CircuitBreaker, _ account: inout Account) {
        for _ in 0..<count {
            guard let ticket = breaker.admit().ticket else { continue }
            account.calls += 1
            let bound = BoundCall.begin(breaker, ticket)
            if bound == nil { account.late += 1 }
            guard bound?.end() ?? true else {
                account.overrun += 1
                continue
            }
            if bound != nil { account.ended += 1 }
            breaker.record(.success, for: ticket)
        }
    }
}
