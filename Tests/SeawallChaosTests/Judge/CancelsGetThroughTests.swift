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

    /// What an answer says of a window that a second process fills is believed for a window from when it is heard.
    @Test(arguments: [false, true]) mutating func whatAnotherProcessSpendsIsNoDelay(isTold: Bool) {
        story.send("r0", .query)
        ask()
        if isTold { story.tell(.world(WorldRecord(.secondProcess, perMille: 700, until: .origin))) }
        story.at(4)
        story.reply("r0", "succeeded")
        story.at(65)
        story.send("r1", .cancel, call: "c1")
        #expect(story.isKept == isTold)
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
}
