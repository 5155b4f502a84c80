import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CancelResultsOutcomeTests {
    private let first = OrderTarget.client("a")
    private let second = OrderTarget.client("b")

    private func done(_ target: OrderTarget) -> CancelResult {
        let order = Order(symbol: "BTCUSDT", side: .buy, quantity: 1, type: .market, status: .cancelled)
        return CancelResult(target: target, result: .success(order))
    }

    private func failed(_ target: OrderTarget, _ code: String) -> CancelResult {
        CancelResult(target: target, result: .failure(answer(400, code)))
    }

    private func outcome(_ results: [CancelResult]) -> Outcome {
        OutcomeClassifier(profile: .binanceUSDM)
            .classify(results: results, of: [first, second], now: now, civilNow: civilNow)
    }

    @Test func allAlikeIsThat() {
        #expect(outcome([done(first), done(second)]) == .succeeded)
        #expect(outcome([failed(first, "-2011"), failed(second, "-2011")]) == .noSuchOrder)
    }

    @Test func mixedIsPartial() {
        #expect(outcome([done(first), failed(second, "-2011")]) == .partial)
        #expect(outcome([failed(first, "-1007"), failed(second, "-2011")]) == .partial)
    }

    @Test func aMissingResultProvesNothing() {
        #expect(outcome([]) == .ambiguous)
        #expect(outcome([done(first)]) == .partial)
    }

    @Test func nothingAskedIsDone() {
        let outcome = OutcomeClassifier(profile: .binanceUSDM)
            .classify(results: [], of: [], now: now, civilNow: civilNow)
        #expect(outcome == .succeeded)
    }
}
