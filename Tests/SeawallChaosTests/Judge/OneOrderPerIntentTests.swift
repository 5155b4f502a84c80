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

@Suite struct OneOrderPerIntentTests {
    private var story = Story(OneOrderPerIntent())

    @Test mutating func oneOrderForAnIntentIsKept() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.reply("r1", "succeeded")
        #expect(story.finding == Finding(checked: 0))
    }

    @Test mutating func aReplyLostAfterTheVenueTookTheOrderIsDecisive() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.gaveUp("r1")
        story.reply("r1", "ambiguous", late: true)
        #expect(story.finding == Finding(checked: 1))
    }

    @Test mutating func anOrderTakenAfterItWasGivenUpIsDecisive() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.gaveUp("r1")
        story.venue(.accepted, "r1")
        #expect(story.finding == Finding(checked: 1))
    }

    @Test mutating func aReplyLostBeforeTheVenueIsNotDecisive() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.reply("r1", "ambiguous")
        #expect(story.finding == Finding(checked: 0))
    }

    @Test mutating func twoOrdersOfOneIntentUnderTwoNamesAreFound() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1", client: "a")
        story.gaveUp("r1")
        story.result("c1", .unknown)
        story.call("c2", .place, intent: "wish")
        story.place("r2", call: "c2", client: "b")
        story.venue(.accepted, "r1", order: "1", client: "a")
        #expect(story.isKept)
        story.venue(.accepted, "r2", order: "2", client: "b")
        #expect(story.finding.broken == ["at 0.000000000 s: intent wish has 2 orders at the venue"])
    }

    @Test mutating func sendingAgainWhatTheVenueHasIsFoundThoughItIsRefused() {
        story.call("c1", .place, intent: "wish")
        story.place("r1", call: "c1")
        story.venue(.accepted, "r1")
        story.place("r2", call: "c1")
        #expect(!story.isKept)
    }

    @Test mutating func callsThatNameNoIntentAreWishesOfTheirOwn() {
        for call in ["c1", "c2"] {
            story.call(call, .place)
            story.place("r" + call, call: call, client: nil)
            story.venue(.accepted, "r" + call, order: VenueOrderID(call), client: nil)
        }
        #expect(story.isKept)
    }

    @Test mutating func twoOrdersOfOneUnnamedCallAreFound() {
        story.call("c1", .place)
        story.place("r1", call: "c1", client: "a")
        story.place("r2", call: "c1", client: "b")
        story.venue(.accepted, "r1", order: "1")
        story.venue(.accepted, "r2", order: "2")
        #expect(!story.isKept)
    }

    @Test mutating func anOrderOfTheLibrarysOwnCountsToTheIntentThatItsLedgerNames() {
        story.call("c1", .place)
        story.order(.prepared, client: "a", intent: "auto-1")
        story.place("r1", call: "c1", client: "a")
        story.order(.sent, client: "a", intent: "auto-1")
        story.order(.prepared, client: "b", intent: "auto-1")
        story.place("r2", client: "b") { $0.episode = "resolve" }
        story.venue(.accepted, "r1", order: "1", client: "a")
        story.venue(.accepted, "r2", order: "2", client: "b")
        #expect(!story.isKept)
    }

    @Test mutating func anOrderThatNobodyAskedForIsFound() {
        story.place("r1", call: nil)
        #expect(!story.isKept)
    }

    @Test mutating func anOrderThatNoRequestPlacedIsFound() {
        story.venue(.accepted, nil)
        #expect(!story.isKept)
    }
}
