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

@Suite struct ReduceOnlyHoldsTests {
    private var story = Story(ReduceOnlyHolds(), position: 10)

    private mutating func pause(_ level: Permission = .reduceOnly) { story.permission(.raised, level) }

    /// A sell that the venue took.
    private mutating func rest(_ id: String, _ quantity: Decimal, group: LinkID? = nil) {
        story.place(id, client: ClientOrderID(id), .sell, quantity, group: group)
        story.venue(.accepted, id, order: VenueOrderID("o" + id), client: ClientOrderID(id), .sell, quantity: quantity)
        story.reply(id, "succeeded")
    }

    private mutating func sell(_ quantity: Decimal, group: LinkID? = nil) {
        story.place("new", client: "new", .sell, quantity, group: group)
    }

    /// The library asks for positions as it starts, and is told the truth or something else.
    private mutating func start(_ answers: [Bool]) {
        for (index, isTrue) in answers.enumerated() {
            story.send("p\(index)", .positions)
            if !isTrue {
                story.tell(.fault(FaultRecord(fault: "empty_list", operation: .positions, request: "p\(index)")))
            }
            story.reply("p\(index)", "succeeded")
        }
    }

    @Test(arguments: [
        ([false, false], true), ([false], false), ([false, false, true], false), ([true, true], false),
    ])
    mutating func onlyWhoWasToldWrongPositionsTwiceInARowMayBelieveThem(answers: [Bool], isExcused: Bool) {
        start(answers)
        pause()
        sell(11)
        #expect(story.isKept == isExcused)
    }

    @Test mutating func whatADeadProcessWasToldExcusesNoOther() {
        start([false, false])
        story.crash()
        pause()
        sell(11)
        #expect(!story.isKept)
    }

    @Test mutating func inOpenTradingEverythingPasses() {
        story.place("r1", .buy, 100)
        #expect(story.finding == Finding(checked: 0))
    }

    @Test mutating func whatClosesThePositionPassesAndIsDecisive() {
        pause()
        story.call("c1", .place)
        story.place("r1", call: "c1", .sell, 10)
        #expect(story.finding == Finding(checked: 1))
    }

    @Test mutating func whatFlipsThePositionIsFoundThoughItSaysThatItReduces() {
        pause()
        story.place("r1", .sell, 11) { $0.isReduceOnly = true }
        #expect(
            story.finding.broken == ["at 0.000000000 s: sell 11 BTC (r1) under reduceOnly, room for 10"])
    }

    @Test mutating func whatAddsIsFoundThoughItSaysThatItReduces() {
        pause()
        story.place("r1", .buy, 1) { $0.isReduceOnly = true }
        #expect(!story.isKept)
    }

    @Test mutating func aShortIsClosedByBuying() {
        story = Story(ReduceOnlyHolds(), position: -2)
        pause()
        story.place("r1", client: "a", .buy, 2)
        #expect(story.isKept)
        story.place("r2", client: "b", .sell, 1)
        #expect(!story.isKept)
    }

    @Test(arguments: [Permission.cancelOnly, .frozen])
    mutating func belowReduceOnlyNothingIsPlaced(_ level: Permission) {
        pause(level)
        story.place("r1", .sell, 1)
        #expect(!story.isKept)
    }

    @Test mutating func anAmountInQuoteProvesNothing() {
        pause()
        story.place("r1", .sell, 1) { $0.isInQuote = true }
        #expect(!story.isKept)
    }

    @Test mutating func twoClosesThatTogetherFlipAreFound() {
        pause()
        story.place("r1", client: "a", .sell, 6)
        story.place("r2", client: "b", .sell, 5)
        #expect(!story.isKept)
    }

    @Test mutating func restingOrdersCountByWhatIsLeftOfThem() {
        rest("r1", 6)
        story.venue(.filled, order: "or1", client: "r1", .sell, quantity: 6, remaining: 2, position: 6)
        pause()
        sell(4)
        #expect(story.isKept)
    }

    @Test mutating func restingOrdersCount() {
        rest("r1", 6)
        pause()
        sell(5)
        #expect(!story.isKept)
    }

    @Test(arguments: [VenueEvent.Kind.cancelled, .expired])
    mutating func endedOrdersDoNotCount(_ end: VenueEvent.Kind) {
        rest("r1", 6)
        story.venue(end, order: "or1", client: "r1", .sell, quantity: 6)
        pause()
        sell(10)
        #expect(story.isKept)
    }

    @Test mutating func unknownOrdersCountThoughTheVenueNeverSawThem() {
        story.place("r1", client: "r1", .sell, 6)
        story.reply("r1", "ambiguous")
        pause()
        sell(5)
        #expect(!story.isKept)
    }

    @Test mutating func unknownOrdersCountUntilTheyAreProvenAbsent() {
        story.place("r1", client: "r1", .sell, 6)
        story.reply("r1", "ambiguous")
        story.at(11)
        story.send("q", .query, target: "r1")
        story.reply("q", "no_such_order")
        pause()
        sell(10)
        #expect(story.isKept)
    }

    @Test mutating func anAbsenceToldTooEarlyProvesNothing() {
        story.place("r1", client: "r1", .sell, 6)
        story.reply("r1", "ambiguous")
        story.at(10)
        story.send("q", .query, target: "r1")
        story.reply("q", "no_such_order")
        pause()
        sell(10)
        #expect(!story.isKept)
    }

    @Test mutating func refusedOrdersDoNotCount() {
        story.place("r1", client: "r1", .sell, 6)
        story.venue(.rejected, "r1", client: "r1", .sell, quantity: 6)
        story.reply("r1", "reduce_capacity")
        pause()
        sell(10)
        #expect(story.isKept)
    }

    @Test mutating func ofAGroupTheLargestCounts() {
        rest("r1", 6, group: "g")
        rest("r2", 4, group: "g")
        pause()
        sell(4)
        #expect(story.isKept)
        story.place("r3", client: "r3", .sell, 1)
        #expect(!story.isKept)
    }

    @Test mutating func aMemberOfAGroupTakesNoRoomThatItsGroupHas() {
        rest("r1", 6, group: "g")
        pause()
        sell(10, group: "g")
        #expect(story.isKept)
    }

    @Test mutating func anAmendInFlightCountsByItsLargerQuantity() {
        rest("r1", 2)
        story.send("r2", .amend, target: "r1", quantity: 7)
        pause()
        sell(4)
        #expect(!story.isKept)
    }

    @Test mutating func anAmendThatWasRefusedDoesNotCount() {
        rest("r1", 2)
        story.send("r2", .amend, target: "r1", quantity: 7)
        story.reply("r2", "rejected")
        pause()
        sell(8)
        #expect(story.isKept)
    }

    @Test mutating func anAmendWhoseReplyIsLostCountsUntilItCanNoLongerCome() {
        rest("r1", 2)
        story.send("r2", .amend, target: "r1", quantity: 7)
        story.reply("r2", "ambiguous")
        story.send("q1", .query, target: "r1")
        story.reply("q1", "succeeded")
        pause()
        story.at(11)
        story.send("q2", .query, target: "r1")
        var early = story
        early.place("new", client: "new", .sell, 8)
        #expect(!early.isKept)
        story.reply("q2", "succeeded")
        sell(8)
        #expect(story.isKept)
    }

    @Test mutating func anAmendThatTheVenueMadeCountsAsTheOrder() {
        rest("r1", 7)
        story.send("r2", .amend, target: "r1", quantity: 2)
        story.venue(.amended, "r2", order: "or1", client: "r1", .sell, quantity: 2)
        story.reply("r2", "succeeded")
        pause()
        sell(8)
        #expect(story.isKept)
    }

    @Test mutating func anAmendThatRaisesMoreThanThereIsRoomForIsFound() {
        rest("r1", 2)
        rest("r2", 5)
        pause()
        story.send("r3", .amend, target: "r1", quantity: 5)
        #expect(story.isKept)
        story.send("r4", .amend, target: "or1", quantity: 6)
        #expect(!story.isKept)
    }

    @Test mutating func anAmendThatLowersPasses() {
        story.place("r1", client: "r1", .buy, 6)
        story.venue(.accepted, "r1", order: "o1", client: "r1", .buy, quantity: 6)
        pause(.cancelOnly)
        story.send("r2", .amend, target: "r1", quantity: 3)
        #expect(story.isKept)
        story.send("r3", .amend, target: "r1", quantity: 7)
        #expect(!story.isKept)
    }

    @Test mutating func aSecondSendUnderOneNameLeavesTheOrderThatWasThere() {
        rest("r1", 6)
        story.place("r2", client: "r1", .sell, 6)
        story.venue(.duplicate, "r2", order: "or1", client: "r1", .sell, quantity: 6)
        story.reply("r2", "duplicate")
        pause()
        sell(4)
        #expect(story.isKept)
        story.place("r3", client: "r3", .sell, 1)
        #expect(!story.isKept)
    }

    @Test mutating func aPositionThatSomebodyElseTookIsNotKnownAtOnce() {
        story.venue(.foreign, nil, order: "x", client: nil, .sell, quantity: 10, remaining: 0, position: 0)
        pause()
        sell(10)
        #expect(story.isKept)
        story.at(41)
        story.place("r2", client: "r2", .sell, 1)
        #expect(!story.isKept)
    }

    @Test mutating func unknownOrdersCountUntilListsProveThemAbsent() {
        story.place("r1", client: "r1", .sell, 6)
        story.reply("r1", "ambiguous")
        pause()
        story.at(11)
        story.page("o", .openOrders)
        var early = story
        early.place("new", client: "new", .sell, 10)
        #expect(!early.isKept)
        story.page("h", .history)
        sell(10)
        #expect(story.isKept)
    }

    @Test mutating func anAmendCountsUntilAListHasShownTheOrderLongAfterIt() {
        rest("r1", 2)
        story.send("r2", .amend, target: "r1", quantity: 7)
        story.reply("r2", "ambiguous")
        pause()
        story.at(10)
        story.page("o1", .openOrders)
        var early = story
        early.place("new", client: "new", .sell, 8)
        #expect(!early.isKept)
        story.at(11)
        story.page("o2", .openOrders)
        sell(8)
        #expect(story.isKept)
    }

    @Test mutating func anOrderThatTakesThePlaceOfAnotherCountsAsItDid() {
        rest("r1", 2, group: "g")
        story.send("r2", .amend, target: "r1", quantity: 7)
        story.venue(.cancelled, "r2", order: "or1", client: "r1", .sell, quantity: 2)
        story.tell(
            .venue(
                VenueEvent(
                    .replaced, time: .origin, request: "r2", orderID: "new1", clientID: "r1", symbol: "BTC",
                    side: .sell, quantity: 7, remaining: 7, replaces: "r1")))
        story.reply("r2", "succeeded")
        pause()
        var other = story
        other.place("r3", client: "r3", .sell, 4)
        #expect(!other.isKept)
        story.place("r4", client: "r4", .sell, 3)
        #expect(story.isKept)
        story.place("r5", client: "r5", .sell, 7, group: "g")
        #expect(story.isKept)
    }
}
