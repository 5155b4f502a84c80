import SeawallTime
import Testing

@testable import SeawallBackoff

/// The budget under real threads: not a token too many, not one too few.
@Suite(.timeLimit(.minutes(10))) struct RetryBudgetThreadTests {
    private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let workers = (0..<count).map { _ in WorkerThread() }
        let done = Lock(0)
        for (index, worker) in workers.enumerated() {
            worker.run {
                body(index)
                done.withLock { $0 += 1 }
            }
        }
        // Each worker does its jobs one after the other: an empty one that is done is the end of the first.
        for worker in workers { #expect(worker.run(waitingAtMost: .seconds(60)) {}) }
        #expect(done.withLock { $0 } == count)
    }

    @Test func threadsThatDrawAtOnceNeverOvershoot() throws {
        for _ in 0..<20 {
            let budget = try RetryBudget()
            let granted = Lock(0)
            onThreads(4) { _ in
                for _ in 0..<50 where budget.withdraw(.repeat(.transient)) != nil {
                    granted.withLock { $0 += 1 }
                }
            }
            #expect(granted.withLock { $0 } == 35)
            #expect(budget.tokens == 500 - 35 * 14)
            #expect(budget.refusals == 200 - 35)
        }
    }

    @Test func whatIsDrawnAndGivenBackAddsUp() throws {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 1_000_000
        let budget = try RetryBudget(configuration: configuration)
        #expect((0..<1_000).allSatisfy { _ in budget.withdraw(.repeat(.transient)) != nil })
        onThreads(4) { index in
            for round in 0..<5_000 {
                let draw: RetryBudgetCore.Draw = (round + index) % 2 == 0 ? .repeat(.throttled) : .hedge
                if let cost = budget.withdraw(draw) { budget.deposit(cost) }
            }
        }
        #expect(budget.tokens == 1_000_000 - 14_000)
        onThreads(4) { _ in for _ in 0..<1_000 { budget.succeededAtOnce() } }
        #expect(budget.tokens == 1_000_000 - 10_000)
    }
}
