import SeawallTime
import Testing

@testable import SeawallBackoff

/// What went wrong in other retries, each named for what would go wrong here.
@Suite(.timeLimit(.minutes(10))) struct LessonsOfOthersTests {
    private let time = JumpingTime()

    // aws-sdk-kotlin 1318: 200 calls that start together drain what is there for repeats
    @Test func callsThatStartTogetherLeaveTheBudgetAlone() async throws {
        let budget = try RetryBudget()
        let full = budget.tokens
        let gate = Gate()
        let retrier = Retrier(.cex, effect: .read, environment: .jumping(time), budget: budget)
        let seen = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { (try? await retrier.run { await gate.wait() }) ?? 0 }
            }
            // All of them are under way at once, and none has come back.
            await gate.waitForArrivals(200)
            let duringAll = budget.tokens
            gate.open(with: 1)
            return (duringAll, await group.reduce(0, +))
        }
        #expect(seen == (full, 200))
        #expect(budget.tokens == full)
        #expect(budget.refusals == 0)
        // So all that there was is still there for those that fail.
        let repeats = (0..<1_000).prefix { _ in budget.withdraw(.repeat(.transient)) != nil }
        #expect(repeats.count == full / 14)
    }
}
