import SeawallTime
import Testing

@testable import SeawallBackoff

@Suite struct RetryBudgetTests {
    private let time = JumpingTime()

    private func small(_ capacity: Int) throws -> RetryBudget {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = capacity
        return try RetryBudget(configuration: configuration)
    }

    private func fail(
        _ budget: RetryBudget, _ policy: RetryPolicy = .cex, as failure: FailureClass = .transient
    ) async -> BackoffExhausted? {
        do {
            try await retry(
                policy, environment: .jumping(time), effect: .read, budget: budget,
                classify: { _ in .retry(as: failure) }, operation: { throw Trouble(number: $0.number) })
        } catch {
            return error as? BackoffExhausted
        }
        return nil
    }

    /// A list of all events, summed up from the start each time.
    private struct Ledger {
        enum Entry {
            case draw(Int)
            case deposit(Int)
        }

        var capacity: Int
        var entries: [Entry] = []

        var tokens: Int {
            entries.reduce(capacity) { tokens, entry in
                switch entry {
                case .draw(let amount): tokens - amount
                case .deposit(let amount): tokens + amount > capacity ? capacity : tokens + amount
                }
            }
        }

        mutating func draw(_ amount: Int) -> Bool {
            guard tokens >= amount else { return false }
            entries.append(.draw(amount))
            return true
        }
    }

    @Test func randomHistoriesAgreeWithTheListOfAllEvents() throws {
        var refusals = 0
        for seed in 0..<150 {
            var generator = SeededGenerator(seed: UInt64(seed), stream: "budget model")
            var configuration = RetryBudgetConfiguration()
            configuration.capacity = 20 + Int(generator.below(60))
            configuration.transientCost = 1 + Int(generator.below(20))
            configuration.throttledCost = 1 + Int(generator.below(20))
            configuration.ambiguousCost = 1 + Int(generator.below(20))
            configuration.hedgeCost = 1 + Int(generator.below(20))
            configuration.successDeposit = 1 + Int(generator.below(5))
            let budget = try RetryBudget(configuration: configuration)
            var ledger = Ledger(capacity: configuration.capacity)
            for _ in 0..<120 {
                switch generator.below(6) {
                case 0:
                    budget.succeededAtOnce()
                    ledger.entries.append(.deposit(configuration.successDeposit))
                case 1:
                    let amount = 1 + Int(generator.below(20))
                    budget.deposit(amount)
                    ledger.entries.append(.deposit(amount))
                case let kind:
                    let draws: [(RetryBudgetCore.Draw, Int)] = [
                        (.repeat(.transient), configuration.transientCost),
                        (.repeat(.throttled), configuration.throttledCost),
                        (.repeat(.ambiguous), configuration.ambiguousCost), (.hedge, configuration.hedgeCost),
                    ]
                    let (draw, cost) = draws[Int(kind) - 2]
                    let expected = ledger.draw(cost) ? cost : nil
                    #expect(budget.withdraw(draw) == expected)
                    if expected == nil { refusals += 1 }
                }
                #expect(budget.tokens == ledger.tokens)
            }
        }
        #expect(refusals > 500)
    }

    @Test func aRepeatCostsByItsFailure() async throws {
        for (failure, cost) in [(FailureClass.transient, 28), (.throttled, 10), (.ambiguous, 28)] {
            let budget = try RetryBudget()
            #expect(await fail(budget, as: failure)?.reason == .attempts)
            #expect(budget.tokens == 500 - cost)
        }
    }

    @Test func aSuccessAfterRepeatsRefundsTheLastOfThem() async throws {
        let budget = try RetryBudget()
        try await retry(.cex, environment: .jumping(time), effect: .read, budget: budget) {
            if $0.number < 3 { throw Trouble(number: $0.number) }
        }
        #expect(budget.tokens == 500 - 14)
    }

    @Test func aSuccessAtOnceBringsAToken() async throws {
        let budget = try RetryBudget()
        #expect(await fail(budget)?.attempts == 3)
        for _ in 0..<10 { try await retry(budget: budget) {} }
        #expect(budget.tokens == 500 - 28 + 10)
    }

    @Test func anEmptyBudgetStillBacksOff() async throws {
        let budget = try small(14)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        let policy = try RetryPolicy(backoff: .constant(.seconds(3)))
        for count in 1...4 {
            let error = await fail(budget, policy)
            #expect(error?.reason == .budget)
            #expect(error?.attempts == 1)
            #expect(error?.lastError as? Trouble == Trouble(number: 1))
            // A caller who calls again at once comes every three seconds, not in a hot loop.
            #expect(time.now.nanoseconds == Int64(count) * 3_000_000_000)
        }
        #expect(budget.refusals == 4)
    }

    @Test func anEmptyBudgetDoesNotSleepPastTheDeadline() async throws {
        let budget = try small(14)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        let policy = try RetryPolicy(backoff: .constant(.seconds(3)))
        let error = await #expect(throws: BackoffExhausted.self) {
            try await retry(
                policy, environment: .jumping(time), deadline: MonotonicInstant(nanoseconds: 2_000_000_000),
                effect: .read, budget: budget, operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.reason == .deadline)
        #expect(time.sleeps.isEmpty)
    }

    @Test func anEmptyBudgetFillsAgainByFirstCallsThatSucceed() async throws {
        let budget = try small(14)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        for _ in 0..<13 { try await retry(budget: budget) {} }
        #expect(await fail(budget)?.reason == .budget)
        try await retry(budget: budget) {}
        #expect(await fail(budget)?.attempts == 2)
    }

    @Test func aRepeatThatIsNeverMadeCostsNothing() async throws {
        let budget = try RetryBudget()
        // The sleeper oversleeps and wakes past the deadline.
        time.wakeLate(by: .seconds(60))
        let error = await #expect(throws: BackoffExhausted.self) {
            try await retry(
                .cex, environment: .jumping(time), deadline: MonotonicInstant(nanoseconds: 30_000_000_000),
                effect: .read, budget: budget, operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.reason == .deadline)
        #expect(budget.tokens == 500)
    }

    @Test func anErrorThatStopsDrawsNothing() async throws {
        let budget = try RetryBudget()
        await #expect(throws: Trouble(number: 1)) {
            try await retry(
                environment: .jumping(time), budget: budget, operation: { throw Trouble(number: $0.number) })
        }
        #expect(budget.tokens == 500)
    }

    @Test func nonsenseIsRefusedFieldByField() throws {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 0
        configuration.transientCost = -1
        configuration.throttledCost = 0
        configuration.ambiguousCost = 2
        configuration.hedgeCost = .max
        configuration.successDeposit = .min
        let error = #expect(throws: InvalidFields.self) {
            _ = try RetryBudget(name: "", configuration: configuration)
        }
        #expect(
            error?.fields.map(\.name) == [
                "name", "capacity", "transientCost", "throttledCost", "ambiguousCost", "hedgeCost", "successDeposit",
            ])
        configuration = RetryBudgetConfiguration()
        configuration.capacity = .max
        configuration.successDeposit = .max
        let largest = try RetryBudget(configuration: configuration)
        #expect(largest.withdraw(.repeat(.transient)) == 14)
        largest.succeededAtOnce()
        #expect(largest.tokens == .max)
    }
}
