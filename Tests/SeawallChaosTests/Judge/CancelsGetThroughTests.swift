import Seawall
import SeawallBroker
import SeawallCircuitBreaker
import SeawallDegradation
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CancelsGetThroughTests {
    private var story = Story(CancelsGetThrough(), position: 5)

    private mutating func ask(_ call: String = "c1", target: String? = "a") {
        story.call(call, .cancel, target: target)
    }

    @Test mutating func aCancelInOpenTradingIsNoTrial() {
        ask()
        story.send("r1", .cancel, call: "c1")
        story.result("c1", .accepted)
        story.end()
        #expect(story.finding == Finding(checked: 0))
    }

    @Test mutating func aCancelUnderAPauseIsDecisive() {
        story.permission(.raised, .cancelOnly)
        ask()
        story.send("r1", .cancel, call: "c1")
        #expect(story.finding == Finding(checked: 1))
    }

    @Test mutating func aCancelBesideAnOpenBreakerIsDecisiveAndADisabledOneIsNot() {
        story.breaker(to: .halfOpen)
        ask()
        #expect(story.checked == 1)
        story.breaker(to: .disabled)
        ask("c2")
        #expect(story.checked == 1)
    }

    @Test mutating func aCancelWhileAnOrderWaitsIsDecisive() {
        story.call("c0", .place)
        ask()
        #expect(story.checked == 1)
        story.place("r0", call: "c0")
        ask("c2")
        #expect(story.checked == 1)
    }

    @Test mutating func aCancelThatADenialStopsIsFound() {
        ask()
        story.result("c1", .denied, "denied breaker_open")
        #expect(story.finding.broken == ["at 0.000000000 s: cancel c1 was denied and never sent: denied breaker_open"])
    }

    @Test(arguments: [ResultRecord.Answer.rejected, .unknown, .threw])
    mutating func aCancelThatWasNeverSentIsFoundWhateverItsAnswer(_ answer: ResultRecord.Answer) {
        ask()
        story.result("c1", answer)
        #expect(!story.isKept)
    }

    @Test mutating func aBotThatLeavesWasNotStopped() {
        ask()
        story.result("c1", .threw, "CancellationError")
        #expect(story.isKept)
    }

    @Test mutating func aCancelMayBeDeniedWhileTradingIsFrozenOrTheScopeIsShut() {
        story.permission(.raised, .frozen, until: 9)
        ask()
        story.result("c1", .denied)
        story.at(9)
        story.send("r0", .query)
        story.limited("r0", until: 20)
        ask("c2")
        story.result("c2", .denied)
        #expect(story.isKept)
        story.at(20)
        ask("c3")
        story.result("c3", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func aMachineThatSleepsSendsNothingAndMustNotRefuseForIt() {
        ask()
        story.tell(.world(WorldRecord(.sleep, until: .origin.advanced(by: .seconds(600)))))
        story.at(600)
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept)
        ask("c2")
        story.tell(.world(WorldRecord(.sleep, until: .origin.advanced(by: .seconds(1_200)))))
        story.at(1_200)
        story.result("c2", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func anEndThatHasPassedTellsNone() {
        story.at(30)
        story.send("r0", .query)
        story.limited("r0", until: 20)
        ask()
        story.at(89)
        story.result("c1", .denied)
        #expect(story.isKept, "the profile takes a limit to last 60 seconds")
        story.at(90)
        ask("c2")
        story.result("c2", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func aFrozenSymbolFreezesNoOther() {
        story.permission(.raised, .frozen, scope: .symbol("ETH"))
        ask()
        story.result("c1", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func aShutScopeThatCancelsDoNotFallUnderIsNoExcuse() {
        ask("c0")
        story.send("r0", .cancel, call: "c0", scopes: [.ip])
        story.place("r1")
        story.limited("r1", .account, until: 20)
        ask()
        story.result("c1", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func aNewOrderThatOvertakesACancelIsFound() {
        ask()
        story.at(1)
        story.place("r1", .buy, lane: .newOrder)
        #expect(story.finding.broken == ["at 1.000000000 s: new order r1 went out while cancel c1 waited"])
    }

    @Test mutating func aNewOrderInTheSameInstantIsNoOvertaking() {
        ask()
        story.place("r1", .buy, lane: .newOrder)
        #expect(story.isKept)
    }

    @Test mutating func anOrderThatReducesMayGoWhileACancelWaits() {
        ask()
        story.at(1)
        story.place("r1", .sell, lane: .reduce)
        #expect(story.isKept)
    }

    @Test mutating func anOrderThatOnlyClaimsToReduceMayNot() {
        ask()
        story.at(1)
        story.place("r1", .buy, lane: .reduce)
        #expect(!story.isKept)
    }

    @Test mutating func aCancelMayWaitForAWindowThatIsUsed() {
        ask("c0")
        story.send("r0", .cancel, call: "c0")
        story.send("r1", .query, weight: 1_199)
        ask()
        story.at(1)
        story.place("r2", .buy, lane: .newOrder)
        #expect(story.isKept)
        story.at(60)
        story.place("r3", .buy, lane: .newOrder)
        #expect(!story.isKept)
    }

    @Test mutating func aCancelThatIsForgottenIsFoundAtTheEnd() {
        ask()
        story.at(61)
        story.end()
        #expect(story.isKept)
        story.at(62)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aCancelThatGoesOutLateIsFound() {
        ask()
        story.at(62)
        story.send("r1", .cancel, call: "c1")
        #expect(!story.isKept)
    }

    /// A venue that counts new orders by the day gives no cancel a day.
    @Test func theWindowsOfOtherCallsAreNoExcuse() {
        var story = Story(CancelsGetThrough()) { $0.venue = .binanceSpot }
        story.call("c1", .cancel, target: "a")
        story.at(61)
        story.call("c2", .cancel, target: "a")
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept)
        story.at(123)
        story.send("r2", .cancel, call: "c2")
        #expect(!story.isKept)
    }

    /// What an answer says of a window that a second process fills is believed for a window from when it is heard.
    @Test(arguments: [false, true]) mutating func whatAnotherProcessSpendsIsNoDelay(isTold: Bool) {
        story.send("r0", .query)
        ask()
        if isTold { story.tell(.world(WorldRecord(.secondProcess, perMille: 700, until: .origin))) }
        story.at(4)
        story.tell(.reply(ReplyRecord(id: "r0", event: .answered, outcome: "succeeded", status: 200)))
        story.at(65)
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept == isTold)
    }

    /// Where no header tells what is used, and where nothing came over the wire, nobody was told.
    @Test(arguments: [(true, true, true), (false, true, false), (true, false, false)])
    mutating func onlyAnAnswerThatTellsUsageIsNoDelay(_ hasHeaders: Bool, _ hasStatus: Bool, _ isKept: Bool) {
        story = Story(CancelsGetThrough(), position: 5) { if !hasHeaders { $0.venue.usageHeaders = [:] } }
        story.send("r0", .query)
        ask()
        story.tell(.world(WorldRecord(.secondProcess, perMille: 700, until: .origin)))
        story.at(4)
        let status = hasStatus ? 200 : nil
        story.tell(.reply(ReplyRecord(id: "r0", event: .answered, outcome: "ambiguous", status: status)))
        story.at(65)
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept == isKept)
    }

    @Test mutating func aCancelIsNotForgottenForWhatAnotherProcessHadSpent() {
        ask()
        story.tell(.world(WorldRecord(.secondProcess, perMille: 700, until: .origin)))
        story.at(61)
        story.send("r0", .query)
        story.at(62)
        story.reply("r0", "succeeded")
        story.send("r1", .cancel, call: "c1")
        #expect(!story.isKept)
    }

    @Test mutating func theTimeOfABanIsNoDelay() {
        story.send("r0", .query)
        story.limited("r0", until: 100)
        ask()
        story.at(161)
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept)
    }

    @Test mutating func aCancelCalledDoneThoughTheOrderLivesIsFound() {
        story.venue(.accepted, "r0", order: "1", client: "a")
        ask()
        story.result("c1", .accepted)
        #expect(!story.isKept)
    }

    @Test(arguments: [VenueEvent.Kind.cancelled, .expired, .filled])
    mutating func aCancelOfAnOrderThatHasEndedNeedsNoRequest(_ end: VenueEvent.Kind) {
        story.venue(.accepted, "r0", order: "1", client: "a")
        story.venue(end, order: "1", client: "a", remaining: 0)
        ask()
        story.result("c1", .accepted)
        #expect(story.isKept)
    }

    @Test mutating func cancellingAllMeansWhatLivesByThen() {
        story.venue(.accepted, "r0", order: "1", client: "a")
        story.call("c1", .cancelAll)
        story.venue(.accepted, "r1", order: "2", client: "b")
        story.at(1)
        story.venue(.cancelled, order: "1", client: "a")
        story.place("r2", client: "c")
        story.result("c1", .accepted)
        #expect(story.isKept, "the second order came after the call")
        story.call("c2", .cancelAll)
        story.at(2)
        story.place("r3", client: "d")
        #expect(story.finding.broken == ["at 2.000000000 s: new order r3 went out while cancel c2 waited"])
    }

    /// Whichever of two calls has the request: both orders' cancels are asked for before it, and one of them is another's.
    @Test mutating func aCancelGoesOutForWhoeverHasAskedForIt() {
        story.venue(.accepted, "r0", order: "1", client: "a")
        story.venue(.accepted, "r1", order: "2", client: "b")
        ask("c1", target: "a")
        story.call("c2", .cancelAll)
        ask("c3", target: "1")
        story.at(1)
        story.send("r2", .cancel, call: "c1", target: "a")
        story.venue(.cancelled, order: "1", client: "a")
        story.at(2)
        story.place("r3", client: "c")
        #expect(story.finding.broken == ["at 2.000000000 s: new order r3 went out while cancel c2 waited"])
        story.send("r4", .cancel, call: "c2", target: "b")
        story.at(3)
        story.place("r5", client: "d")
        #expect(story.finding.broken.count == 1)
        ask("c4", target: "b")
        story.at(4)
        story.place("r6", client: "e")
        #expect(story.finding.broken.last == "at 4.000000000 s: new order r6 went out while cancel c4 waited")
    }

    @Test mutating func cancellingAllOfNothingIsNoCancel() {
        story.permission(.raised, .cancelOnly)
        story.call("c1", .cancelAll)
        story.at(600)
        story.result("c1", .denied)
        story.end()
        #expect(story.finding == Finding(checked: 0))
    }

    @Test(arguments: [ResultRecord.Answer.accepted, .threw])
    mutating func cancellingAllThatLeavesAnOrderAliveIsFound(_ answer: ResultRecord.Answer) {
        story.venue(.accepted, "r0", order: "1", client: "a")
        story.call("c1", .cancelAll)
        story.result("c1", answer)
        #expect(!story.isKept)
    }

    /// Where many are asked for at once, the windows let them out by turns.
    @Test(arguments: [0, 50]) mutating func aCancelMayStandInLineBehindOthers(other: Int) {
        ask("c1", target: "a")
        ask("c2", target: "b")
        story.at(other)
        story.send("r1", .cancel, call: "c1", target: "a")
        story.at(100)
        story.send("r2", .cancel, call: "c2", target: "b")
        #expect(story.isKept == (other == 50))
    }

    /// Each of several waits by itself, however many of the others are on their way.
    @Test mutating func oneOfSeveralThatIsLeftBehindIsFound() {
        story.venue(.accepted, "r0", order: "1", client: "a")
        story.venue(.accepted, "r1", order: "2", client: "b")
        var call = CallRecord(id: "c1", operation: .cancelMany)
        (call.targets, call.symbol) = (["a", "b"], "BTC")
        story.tell(.call(call))
        story.send("r2", .cancel, call: "c1", target: "1")
        story.at(1)
        story.place("r3", client: "c")
        #expect(story.finding.broken == ["at 1.000000000 s: new order r3 went out while cancel c1 waited"])
        story.send("r4", .cancel, call: "c1", target: "b")
        story.at(2)
        story.place("r5", client: "d")
        #expect(story.finding.broken.count == 1)
        story.venue(.cancelled, order: "1", client: "a")
        story.result("c1", .accepted)
        #expect(story.finding.broken.last == "at 2.000000000 s: cancel c1 was called done, though 2 lives")
    }

    /// Which of several tasks comes first when a machine wakes is nobody's doing.
    @Test(arguments: [0, 1]) mutating func aNewOrderAtTheInstantOfWakingIsNoOvertaking(later: Int) {
        ask()
        story.tell(.world(WorldRecord(.sleep, until: .origin.advanced(by: .seconds(5)))))
        story.at(5 + later)
        story.place("r1", .buy, lane: .newOrder)
        #expect(story.isKept == (later == 0))
    }

    /// A venue that cancels by its own ids alone, and an order whose answer has not come.
    private static func unnamed() -> Story<CancelsGetThrough> {
        var story = Story(CancelsGetThrough(), position: 5) { $0.venue = .coinbaseAdvanced }
        story.place("r0")
        story.venue(.accepted, "r0", client: "a")
        return story
    }

    @Test func aCancelThatCannotBeNamedMayWaitAndEndUnsent() {
        var story = Self.unnamed()
        story.call("c1", .cancel, target: "a")
        story.at(1)
        story.place("r1", client: "b")
        story.at(400)
        story.result("c1", .unknown)
        story.end()
        #expect(story.isKept)
    }

    @Test func cancellingAllWaitsForNamesToo() {
        var story = Self.unnamed()
        story.call("c1", .cancelAll)
        story.at(1)
        story.place("r1", client: "b")
        #expect(story.isKept)
        story.tell(.told(ToldRecord(request: nil, orderID: "1", clientID: "a")))
        story.at(2)
        story.place("r2", client: "c")
        #expect(story.finding.broken == ["at 2.000000000 s: new order r2 went out while cancel c1 waited"])
    }

    @Test func aCancelThatIsNeverNamedIsNotForgotten() {
        var story = Self.unnamed()
        story.call("c1", .cancel, target: "a")
        story.at(4_000)
        story.end()
        #expect(story.isKept)
    }

    /// Told by an answer, by a stream, or before the cancel was asked for: from then on it can be sent.
    @Test(arguments: ["r9", nil], [0, 100])
    func aCancelThatCanBeNamedAndWaitsIsFound(request: String?, asked: Int) {
        var story = Self.unnamed()
        if asked == 0 { story.call("c1", .cancel, target: "a") }
        story.at(100)
        story.tell(.told(ToldRecord(request: request, orderID: "1", clientID: "a")))
        if asked == 100 { story.call("c1", .cancel, target: "a") }
        story.at(.milliseconds(100_249))
        story.place("r1", client: "b")
        #expect(story.isKept, "the cancel may take a moment to go out")
        story.at(.milliseconds(100_250))
        story.place("r2", client: "c")
        #expect(story.finding.broken.contains { $0.contains("new order r2 went out while cancel c1 waited") })
    }

    @Test func aCancelThatCouldBeNamedAndEndsUnsentIsFound() {
        var story = Self.unnamed()
        story.call("c1", .cancel, target: "a")
        story.at(1)
        story.tell(.told(ToldRecord(request: "r9", orderID: "1", clientID: "a")))
        story.at(30)
        story.result("c1", .unknown)
        #expect(!story.isKept)
    }

    @Test func aCancelThatIsForgottenAfterItsNameWasToldIsFoundAtTheEnd() {
        var story = Self.unnamed()
        story.call("c1", .cancel, target: "a")
        story.at(1)
        story.tell(.told(ToldRecord(request: nil, orderID: "1", clientID: "a")))
        story.at(4_000)
        story.end()
        #expect(!story.isKept)
    }

    @Test func aNewProcessKnowsNoNames() {
        var story = Self.unnamed()
        story.tell(.told(ToldRecord(request: "r0", orderID: "1", clientID: "a")))
        story.crash()
        story.call("c1", .cancel, target: "a")
        story.at(1)
        story.place("r1", client: "b")
        #expect(story.isKept)
        story.tell(.told(ToldRecord(request: "r2", orderID: "1", clientID: "a")))
        story.at(2)
        story.place("r3", client: "c")
        #expect(!story.isKept)
    }

    @Test func whoeverNamesAnOrderByTheVenuesIDNeedsNoOther() {
        var story = Self.unnamed()
        story.call("c1", .cancel, target: "1")
        story.at(1)
        story.place("r1", client: "b")
        #expect(!story.isKept)
    }

    @Test func whereAClientIDIsTakenNothingHasToBeTold() {
        var story = Story(CancelsGetThrough(), position: 5)
        story.place("r0")
        story.call("c1", .cancel, target: "a")
        story.at(1)
        story.place("r1", client: "b")
        #expect(!story.isKept)
    }
}
