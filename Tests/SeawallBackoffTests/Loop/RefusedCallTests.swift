import SeawallTime
import Testing

@testable import SeawallBackoff

/// A retry around what refuses calls before they are made, as an open circuit breaker does.
@Suite struct RefusedCallTests {
    private struct Refused: CallRefusal {
        var notBefore: MonotonicInstant?
    }

    private let time = JumpingTime()

    private func calls(
        _ effect: OperationEffect = .read, until: MonotonicInstant?,
        classify: (any Error) -> RetryDecision = { RetryDecision.cautious($0) }, budget: RetryBudget? = nil
    ) async -> (calls: Int, error: (any Error)?) {
        var calls = 0
        do {
            try await retry(
                .cex, environment: .jumping(time), effect: effect, budget: budget, classify: classify
            ) {
                calls += 1
                throw Refused(notBefore: until)
            }
            return (calls, nil)
        } catch {
            return (calls, error)
        }
    }

    @Test func itStopsAndCostsNothingUnlessTold() async throws {
        let budget = try RetryBudget()
        for effect in OperationEffect.allCases {
            let end = await calls(effect, until: time.now.advanced(by: .seconds(5)), budget: budget)
            #expect(end.calls == 1)
            #expect(end.error is Refused)
        }
        #expect(time.sleeps.isEmpty)
        #expect(budget.tokens == 500)
    }

    @Test func whoeverRepeatsItIsNeverEarlierThanItSays() async {
        let start = time.now
        let opens = start.advanced(by: .seconds(90))
        let end = await calls(until: opens, classify: { _ in .retry })
        #expect(end.calls == 3)
        #expect((end.error as? BackoffExhausted)?.reason == .attempts)
        #expect(time.sleeps.first.map { $0 >= .seconds(90) } == true)
    }

    @Test func theLaterOfTwoWordsHolds() async {
        let end = await calls(
            until: time.now.advanced(by: .seconds(30)), classify: { _ in .retryAfter(.seconds(80)) })
        #expect(end.calls == 3)
        #expect(time.sleeps.allSatisfy { $0 >= .seconds(80) })
    }

    @Test func whatOnlyAHandOpensIsNotAskedAgain() async {
        let end = await calls(until: nil, classify: { _ in .retry })
        #expect(end.calls == 1)
        #expect(end.error is Refused)
    }

    @Test func aWaitThatIsTooLongEndsTheRetry() async {
        let end = await calls(until: time.now.advanced(by: .seconds(301)), classify: { _ in .retry })
        #expect(end.calls == 1)
        #expect((end.error as? BackoffExhausted)?.reason == .retryAfter)
        #expect(time.sleeps.isEmpty)
    }
}
