import SeawallBroker
import SeawallDegradation
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct PermissionTests {
    @Test func openIsMoreThanReduceOnlyIsMoreThanCancelOnlyIsMoreThanFrozen() {
        #expect(Permission.allCases.sorted() == [.frozen, .cancelOnly, .reduceOnly, .open])
        #expect(Permission.allCases.map(\.rawValue) == ["open", "reduce_only", "cancel_only", "frozen"])
    }

    @Test func cancelsAreStoppedByFrozenAlone() {
        #expect(Permission.allCases.filter(\.allowsCancels) == [.open, .reduceOnly, .cancelOnly])
    }

    @Test(arguments: [
        CauseScope.global, .account(), .account("main"), .symbol("BTC-USD"), .symbol("A:B"), .strategy("trend"),
    ])
    func aScopeReadsBackFromItsText(scope: CauseScope) throws {
        #expect(CauseScope(scope.description) == scope)
        let data = try JSONEncoder().encode([scope])
        #expect(try JSONDecoder().decode([CauseScope].self, from: data) == [scope])
    }

    @Test func scopesHaveTheTextsOfTheLog() {
        let texts = [CauseScope.global, .account(), .symbol("X"), .strategy("Y")].map(\.description)
        #expect(texts == ["global", "account", "symbol:X", "strategy:Y"])
    }

    @Test(arguments: ["", "symbol", "symbol:", "venue:X", "Global", ":X"])
    func aTextThatIsNoScopeIsRefused(text: String) {
        #expect(CauseScope(text) == nil)
    }
}
