import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct StrikeForecastTests {
    private let lost = FaultEffect.lostBefore(.reset(after: .zero))

    /// The odds after so many calls, a second apart.
    private func odds(_ plan: FaultPlan, _ calls: [BrokerOperation]) -> StrikeOdds {
        var forecast = StrikeForecast(plan: plan)
        for (second, operation) in calls.enumerated() {
            forecast.call(operation, at: MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000))
        }
        return forecast.odds
    }

    private func calls(_ count: Int, _ operation: BrokerOperation) -> [BrokerOperation] {
        Array(repeating: operation, count: count)
    }

    @Test func whatIsNeverCalledIsNeverDemanded() {
        let plan = FaultPlan([FaultAction(.mixedBatch), FaultAction(lost)])
        let odds = odds(plan, calls(30, .place) + calls(30, .query))
        #expect(odds.possible == ["lost_before place", "lost_before query"])
        #expect(odds.sure == odds.possible)
    }

    @Test func aRateAndEnoughCallsMakeAStrikeSure() {
        let plan: FaultPlan = [FaultAction(lost, probability: 0.25)]
        #expect(odds(plan, calls(79, .place)).sure.isEmpty)
        #expect(odds(plan, calls(80, .place)).sure == ["lost_before place"])
        #expect(odds(plan, calls(79, .place)).possible == ["lost_before place"])
    }

    @Test func aFewTimesAreSharedByAllOperations() {
        let plan: FaultPlan = [FaultAction(.clockStep(.seconds(1)), times: 3, probability: 0.01)]
        let one = odds(plan, calls(1_000, .query) + calls(1_000, .place))
        #expect(one.sure.isEmpty)
        let expected = one.odds.values.reduce(0) { $0 + $1.expected }
        #expect(expected > 2.9 && expected <= 3)
        // Over many runs the operation that is called often is surely struck, the one that comes late is not.
        var many = StrikeOdds()
        for _ in 0..<10 { many.add(one) }
        #expect(many.sure == ["clock_step query"])
    }

    @Test func whatStandsBeforeItInThePlanTakesItsCalls() {
        let plan = FaultPlan([
            FaultAction(.unreadable(.empty, applied: true)), FaultAction(lost), FaultAction(.clockStep(.seconds(1))),
        ])
        // A fault of the world strikes beside one of the call.
        #expect(odds(plan, calls(50, .place)).sure == ["clock_step place", "unreadable place"])
    }

    @Test func onlyCallsInItsTimeAndAfterItsTurnCount() {
        let early = FaultAction(lost, until: .seconds(20))
        #expect(odds([early], calls(500, .place)).odds["lost_before place"] == .init(expected: 20, certain: 20))
        let late = FaultAction(lost, from: .seconds(490))
        #expect(odds([late], calls(500, .place)).odds["lost_before place"] == .init(expected: 10, certain: 10))
        let patient = FaultAction(lost, after: 485)
        #expect(odds([patient], calls(500, .place)).odds["lost_before place"] == .init(expected: 15, certain: 15))
    }

    @Test func oneStrikeThatNothingCanPreventIsSure() {
        let once = FaultAction.once(lost, on: .on(.place))
        #expect(odds([once], calls(19, .place)).sure.isEmpty)
        #expect(odds([once], calls(20, .place)).sure == ["lost_before place"])
        // Of two operations either may have it.
        let either = FaultAction.once(lost, on: .on(.place, .cancel))
        #expect(odds([either], calls(99, .place) + calls(99, .cancel)).sure.isEmpty)
    }

    @Test func whatNeedsMoreThanACallIsNeverDemanded() {
        let plan = FaultPlan([
            FaultAction(.oldAnswer(age: .seconds(3))), FaultAction(.failedPage(2, as: .reset)), FaultAction(.emptyList),
            FaultAction(.lateFills(by: .seconds(1))), FaultAction(.streamBreak(clean: true)),
            FaultAction(lost, on: FaultMatch(operations: [.place], side: .buy)),
        ])
        let odds = odds(plan, BrokerOperation.allCases.flatMap { calls(100, $0) })
        #expect(odds.sure.isEmpty)
        #expect(odds.possible.contains("old_answer query") && odds.possible.contains("late_fills userStream"))
    }

    @Test func twoEqualRunsHalvedAreOne() {
        let one = odds([FaultAction(lost, probability: 0.5)], calls(10, .place))
        var two = one
        two.add(one)
        #expect(two.halved == one && two != one)
    }
}
