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

@Suite struct NothingUnprovenTests {
    private var story = Story(NothingUnproven())

    private mutating func lose(_ request: String = "r1", call: String = "c1", client: ClientOrderID? = "a") {
        story.call(call, .place, intent: "wish")
        story.place(request, call: call, client: client)
        story.gaveUp(request)
    }

    @Test mutating func aLostReplyThatIsReportedAsUnknownIsKeptAndDecisive() {
        lose()
        story.order(.unknown)
        story.result("c1", .unknown)
        story.end()
        #expect(story.finding == Finding(checked: 1))
    }

    @Test(arguments: [ResultRecord.Answer.rejected, .denied, .threw])
    mutating func aLostReplyThatIsReportedAsFailedIsFound(_ answer: ResultRecord.Answer) {
        lose()
        story.order(.unknown)
        story.result("c1", answer)
        #expect(
            story.finding.broken == ["at 0.000000000 s: order a was reported as \(answer.rawValue) without proof"])
    }

    @Test(arguments: ["rejected", "not_sent", "rate_limited", "banned", "reduce_capacity", "clock_skew", "overloaded"])
    mutating func aRefusalThatTheVenueGaveMayBeReported(_ outcome: String) {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.reply("r1", outcome)
        story.order(.rejected)
        story.result("c1", .rejected)
        story.end()
        #expect(story.finding == Finding(checked: 0))
    }

    @Test(arguments: ["duplicate", "no_such_order", "ambiguous", "succeeded"])
    mutating func noOtherAnswerProvesARefusal(_ outcome: String) {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.reply("r1", outcome)
        story.result("c1", .rejected)
        #expect(!story.isKept)
    }

    @Test mutating func anOrderThatTheVenueTookIsNeverProvenRejected() {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.reply("r1", "rejected")
        story.result("c1", .rejected)
        #expect(!story.isKept)
    }

    @Test mutating func aLedgerThatCallsAnOrderRejectedWithoutProofIsFound() {
        lose()
        story.order(.rejected)
        #expect(story.finding.broken == ["at 0.000000000 s: order a was called rejected without proof"])
    }

    @Test mutating func absenceIsProvenOnceTheOrderCanNeitherArriveNorHide() {
        lose()
        story.order(.unknown)
        story.at(11)
        story.send("q", .query, target: "a")
        story.at(12)
        story.reply("q", "no_such_order")
        story.order(.rejected)
        #expect(story.isKept)
    }

    @Test mutating func aQuestionAskedTooEarlyProvesNothing() {
        lose()
        story.order(.unknown)
        story.at(10)
        story.send("q", .query, target: "a")
        story.at(12)
        story.reply("q", "no_such_order")
        story.order(.rejected)
        #expect(!story.isKept)
    }

    @Test mutating func anOrderCalledRejectedThatArrivesIsFound() {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.reply("r1", "rejected")
        story.order(.rejected)
        #expect(story.isKept)
        story.venue(.accepted, "r1")
        #expect(!story.isKept)
    }

    @Test mutating func sendingAgainUnderTheSameNameWithoutProofIsFound() {
        lose()
        story.place("r2", call: "c1", client: "a")
        #expect(!story.isKept)
    }

    @Test mutating func sendingAgainUnderAnotherNameWithoutProofIsFound() {
        lose()
        lose("r2", call: "c2", client: "b")
        #expect(!story.isKept)
    }

    @Test mutating func sendingAgainUnderNoNameWithoutProofIsFound() {
        lose(client: nil)
        lose("r2", call: "c2", client: nil)
        #expect(!story.isKept)
    }

    @Test mutating func sendingAgainWhatWasProvenRefusedIsKept() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.reply("r1", "not_sent")
        story.place("r2", call: "c1")
        #expect(story.isKept)
    }

    @Test mutating func aDoubtThatIsNeverCountedIsFoundAtTheEnd() {
        lose()
        story.result("c1", .unknown)
        #expect(story.isKept)
        story.end()
        #expect(story.finding.broken == ["at 0.000000000 s: order a was in doubt and never counted as unknown"])
    }

    @Test mutating func whatTheStreamShowedFirstNeedsNoDoubt() {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.order(.expired)
        story.gaveUp("r1")
        story.end()
        #expect(story.finding == Finding(checked: 1))
    }

    @Test(arguments: [OrderStatus.acknowledged, .working, .filled, .cancelled, .expired])
    mutating func aStateThatTheVenueNeverGaveIsFound(_ state: OrderStatus) {
        lose()
        story.order(state)
        #expect(!story.isKept)
    }

    @Test mutating func aKnownIntentThatIsCalledRejectedWithoutProofIsFound() {
        lose()
        story.order(.unknown)
        story.result("c1", .unknown)
        story.call("c2", .place, intent: "wish")
        story.result("c2", .rejected)
        #expect(!story.isKept)
    }

    @Test mutating func anAmendReportedAsDeniedWithoutProofIsFound() {
        story.call("c1", .amend)
        story.send("r1", .amend, call: "c1", target: "a", quantity: 2)
        story.reply("r1", "ambiguous")
        story.result("c1", .denied)
        #expect(!story.isKept)
    }

    @Test mutating func anAmendThatTheVenueRefusedMayBeReported() {
        story.call("c1", .amend)
        story.send("r1", .amend, call: "c1", target: "a", quantity: 2)
        story.reply("r1", "rejected")
        story.result("c1", .rejected)
        #expect(story.isKept)
    }

    @Test mutating func aCancelReportedAsRejectedWithoutProofIsFound() {
        story.call("c1", .cancel)
        story.send("r1", .cancel, call: "c1", target: "a")
        story.gaveUp("r1")
        story.result("c1", .rejected)
        #expect(!story.isKept)
    }

    @Test mutating func completeListsProveAbsence() {
        lose()
        story.order(.unknown)
        story.at(11)
        story.page("l1", .openOrders, next: "50")
        story.page("l2", .openOrders, page: "50")
        story.page("l3", .history, next: "9")
        #expect(story.isKept)
        var early = story
        early.order(.rejected)
        #expect(!early.isKept)
        story.page("l4", .history, page: "9")
        story.order(.rejected)
        story.result("c1", .rejected)
        #expect(story.isKept)
    }

    @Test(arguments: 0..<5)
    mutating func listsThatAreNotWholeProveNothing(_ way: Int) {
        lose()
        story.order(.unknown)
        story.at(way == 0 ? 10 : 11)
        if way == 1 { story.page("h", .history) }
        if way != 2 { story.page("o", .openOrders, page: way == 3 ? "7" : nil) }
        if way != 1 { story.page("h", .history, next: way == 4 ? "8" : nil) }
        story.order(.rejected)
        #expect(!story.isKept)
    }

    @Test mutating func whatTheVenueTookNoListProvesAbsent() {
        story.call("c1", .place)
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.gaveUp("r1")
        story.at(11)
        story.page("o", .openOrders)
        story.page("h", .history)
        story.order(.rejected)
        #expect(!story.isKept)
    }

    @Test mutating func whatDiesUnderWayIsInDoubtForTheNextProcess() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.crash()
        story.send("q", .openOrders)
        story.end()
        #expect(story.finding.broken == ["at 0.000000000 s: order a was in doubt and never counted as unknown"])
    }

    @Test(arguments: [OrderStatus.acknowledged, .working, .filled, .cancelled, .expired])
    mutating func whatTheStreamHadProvenBeforeTheDeathIsInNoDoubt(_ state: OrderStatus) {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.order(state)
        story.crash()
        story.send("q", .openOrders)
        story.end()
        #expect(story.finding == Finding(checked: 0))
    }
}
