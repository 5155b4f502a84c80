import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The shell under real threads: probes of an era counted one by one, and every transition told exactly once.
@Suite struct CircuitBreakerStressTests {
    private struct Account: Sendable {
        var probesByEra: [UInt64: Int] = [:]
        var transitions: [CircuitBreaker.Transition] = []

        mutating func add(_ other: Account) {
            probesByEra.merge(other.probesByEra, uniquingKeysWith: +)
            transitions += other.transitions
        }
    }

    @Test(arguments: [1, 3])
    func noEraAdmitsMoreProbesThanItWasTold(probes: Int) async throws {
        let time = ManualTime()
        let configuration = CircuitBreakerConfiguration(
            consecutiveFailures: 1, openDuration: .nanoseconds(1), openDurationGrowth: 1, openDurationJitter: 0,
            probes: probes,
            probeLease: .seconds(1))
        let breaker = try CircuitBreaker(name: "stress", configuration: configuration, time: time)
        let account = await withTaskGroup(of: Account.self) { group in
            for caller in 0..<4 {
                group.addTask {
                    Self.hammer(breaker, time, SeededGenerator(seed: UInt64(caller), stream: "stress"))
                }
            }
            var sum = Account()
            for await account in group { sum.add(account) }
            return sum
        }
        // No result is ignored and one success or failure ends the era, so an era gives out its permits once.
        #expect(account.probesByEra.values.max() == probes)
        #expect(account.probesByEra.count > 200)
        try checkOnce(account, breaker)
    }

    private func checkOnce(_ account: Account, _ breaker: CircuitBreaker) throws {
        let remaining = breaker.poll()
        breaker.disable(reason: "to read the era")
        let last = try #require(breaker.admit().ticket)
        // Eras count from 1, and each transition begins one, the last of them by hand.
        #expect(UInt64(account.transitions.count + remaining.count + 2) == last.era)
        func count(_ from: CircuitBreaker.State, _ to: CircuitBreaker.State) -> Int {
            (account.transitions + remaining).count { $0.from == from && $0.to == to }
        }
        #expect(count(.closed, .open) - count(.halfOpen, .closed) <= 1)
        #expect(count(.open, .halfOpen) - count(.halfOpen, .closed) - count(.halfOpen, .open) <= 1)
    }

    private static func hammer(
        _ breaker: CircuitBreaker, _ time: ManualTime, _ generator: SeededGenerator
    ) -> Account {
        var generator = generator
        var account = Account()
        var held: [CircuitBreaker.Ticket] = []
        for _ in 0..<4_000 {
            if generator.chance(0.1) { time.advance(by: .nanoseconds(1)) }
            let decision = breaker.admit()
            account.transitions += decision.transitions
            if let ticket = decision.ticket {
                if ticket.isProbe { account.probesByEra[ticket.era, default: 0] += 1 }
                held.append(ticket)
            }
            // Several calls are under way in each thread, so that permits run out and results come late.
            if held.count > 3 || (!held.isEmpty && generator.chance(0.3)) {
                let ticket = held.remove(at: Int(generator.below(UInt64(held.count))))
                account.transitions += breaker.record(generator.chance(0.3) ? .failure : .success, for: ticket)
            }
        }
        return account
    }
}
