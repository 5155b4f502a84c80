import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The shell under real threads: probes of an era counted one by one, and every transition told exactly once.
///
/// Each of the stresses is shown to find what it is there for: a shell whose lock does not cover the change fails it.
@Suite(.timeLimit(.minutes(10))) struct CircuitBreakerStressTests {
    private struct Account: Sendable {
        var probesByEra: [UInt64: Int] = [:]
        var transitions: [CircuitBreaker.Transition] = []

        mutating func add(_ other: Account) {
            probesByEra.merge(other.probesByEra, uniquingKeysWith: +)
            transitions += other.transitions
        }
    }

    private static func configuration(probes: Int) -> CircuitBreakerConfiguration {
        CircuitBreakerConfiguration(
            consecutiveFailures: 1, openDuration: .nanoseconds(1), openDurationGrowth: 1, openDurationJitter: 0,
            probes: probes, probeLease: .seconds(1))
    }

    @Test(arguments: [1, 3])
    func noEraAdmitsMoreProbesThanItWasTold(probes: Int) async throws {
        let time = ManualTime()
        let breaker = try CircuitBreaker(name: "stress", configuration: Self.configuration(probes: probes), time: time)
        let account = await Self.account(of: breaker, time, seed: 0)
        #expect(Self.faults(account, breaker, probes: probes) == [])
        #expect(account.probesByEra.count > 200)
    }

    @Test func aShellWithoutItsLockIsFound() async {
        let time = ManualTime()
        let core = CircuitBreakerCore(name: "stress", configuration: Self.configuration(probes: 1), now: time.now)
        let shell = UnlockedShell(core, time)
        #expect(Self.faults(await Self.account(of: shell, time, seed: 0), shell, probes: 1) != [])
    }

    /// Hammers a shell from four threads, and sums up what they were told.
    private static func account(of shell: some StressedShell, _ time: ManualTime, seed: UInt64) async -> Account {
        let accounts = await Crew.results(4) { caller in
            hammer(shell, time, SeededGenerator(seed: seed << 8 | UInt64(caller), stream: "stress"))
        }
        return accounts.reduce(into: Account()) { $0.add($1) }
    }

    /// What is wrong with an account, in words; nothing where all is well.
    private static func faults(_ account: Account, _ shell: some StressedShell, probes: Int) -> [String] {
        var faults: [String] = []
        // No result is ignored and one success or failure ends the era, so an era gives out its permits once.
        let most = account.probesByEra.values.max() ?? 0
        if most != probes { faults.append("an era gave out \(most) permits of \(probes)") }
        let transitions = account.transitions + shell.poll()
        let last = shell.disabledEra()
        // Eras count from 1, and each transition begins one, the last of them by hand.
        let told = UInt64(transitions.count + 2)
        if told != last { faults.append("\(told) eras were told of, and there were \(last)") }
        func count(_ from: CircuitBreaker.State, _ to: CircuitBreaker.State) -> Int {
            transitions.count { $0.from == from && $0.to == to }
        }
        let unclosed = count(.closed, .open) - count(.halfOpen, .closed)
        if !(0...1).contains(unclosed) { faults.append("it opened \(unclosed) times more often than it closed") }
        let untried = count(.open, .halfOpen) - count(.halfOpen, .closed) - count(.halfOpen, .open)
        if !(0...1).contains(untried) { faults.append("it was half-open \(untried) times without an end") }
        return faults
    }

    private static func hammer(
        _ shell: some StressedShell, _ time: ManualTime, _ generator: SeededGenerator
    ) -> Account {
        var generator = generator
        var account = Account()
        var held: [CircuitBreaker.Ticket] = []
        for round in 0..<4_000 {
            // Nobody does all his calls in one slice of the machine's time.
            if round % 20 == 0 { Crew.stepAside() }
            if generator.chance(0.1) { time.advance(by: .nanoseconds(1)) }
            let decision = shell.admit()
            account.transitions += decision.transitions
            if let ticket = decision.ticket {
                if ticket.isProbe { account.probesByEra[ticket.era, default: 0] += 1 }
                held.append(ticket)
            }
            // Several calls are under way in each thread, so that permits run out and results come late.
            if held.count > 3 || (!held.isEmpty && generator.chance(0.3)) {
                let ticket = held.remove(at: Int(generator.below(UInt64(held.count))))
                account.transitions += shell.record(generator.chance(0.3) ? .failure : .success, for: ticket)
            }
        }
        return account
    }
}
