import SeawallAlerts
import SeawallBroker
import SeawallCircuitBreaker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TripActsOnceTests {
    private var story = Story(TripActsOnce())

    private mutating func cancel(_ id: String, for cause: String = "p1") { send(.cancel, id, for: cause) }

    private mutating func send(_ operation: BrokerOperation, _ id: String, for cause: String = "p1") {
        var request = RequestRecord(id: id, operation: operation)
        request.episode = "sweep:\(cause)"
        story.tell(.request(request))
    }

    /// An order of ours works at the venue.
    private mutating func work(_ order: VenueOrderID, _ side: Side = .buy) {
        let client = ClientOrderID(order.rawValue)
        story.place("r\(order)", client: client, side)
        story.venue(.accepted, "r\(order)", order: order, client: client, side)
    }

    @Test mutating func aTripThatLatchesAndSweepsOnceIsKept() {
        work("1")
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.listed, left: ["1"])
        cancel("r2")
        story.venue(.cancelled, "r2", order: "1")
        story.sweep(.end)
        #expect(story.isKept && story.checked == 1)
    }

    @Test mutating func cancelsBeforeTheLatchAreFound() {
        cancel("r1")
        #expect(story.finding.broken == ["at 0.000000000 s: cancel r1 sweeps for p1, which is not in force"])
    }

    @Test mutating func cancelsBeforeTheSweepBeginsAreFound() {
        story.permission(.raised, .cancelOnly)
        cancel("r1")
        #expect(!story.isKept)
    }

    @Test mutating func aSweepWithoutACauseIsFound() {
        story.sweep(.begin)
        #expect(!story.isKept)
    }

    @Test mutating func aSecondSweepIsFound() {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.begin)
        #expect(!story.isKept)
    }

    @Test(arguments: [SweepEvent.Step.begin, .resumed])
    mutating func aSweepAfterItsEndIsFound(_ step: SweepEvent.Step) {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.end)
        story.at(2)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.sweep(step)
        #expect(!story.isKept)
    }

    @Test(arguments: [true, false])
    mutating func anEndThatMayNotBeWrittenIsNoEnd(_ hasDisk: Bool) {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.end)
        story.disk(.append, hasDisk ? .done : .failed)
        story.at(hasDisk ? 1 : 60)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.sweep(.resumed)
        #expect(story.isKept)
        story.sweep(.end)
        story.sweep(.resumed)
        #expect(!story.isKept)
    }

    @Test mutating func aSweepThatDidNotEndIsTakenUp() {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.sweep(.resumed)
        cancel("r1")
        story.sweep(.end)
        #expect(story.isKept && story.checked == 2)
        cancel("r2")
        #expect(!story.isKept)
    }

    @Test mutating func aRestartedProcessBeginsNoSweepAgain() {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        #expect(!story.isKept)
    }

    @Test mutating func aCauseUnderAnotherNameIsTheSameEpisode() {
        story.permission(.raised, .cancelOnly, id: "b0.p1", episode: "e")
        story.sweep(.begin, "b0.p1")
        story.crash()
        story.permission(.raised, .cancelOnly, id: "b1.p1", episode: "e")
        story.sweep(.begin, "b1.p1")
        #expect(!story.isKept)
    }

    @Test mutating func anOrderThatIsLeftAndNotNamedIsFound() {
        work("1")
        work("2")
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.residual, left: ["1"])
        story.sweep(.end)
        #expect(
            story.finding.broken == ["at 0.000000000 s: order 2 works after the sweep of p1, which does not name it"])
    }

    @Test mutating func anOrderThatReducesMayBeLeft() {
        story = Story(TripActsOnce(), position: 1)
        work("1", .sell)
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.end)
        #expect(story.isKept)
    }

    @Test mutating func anOrderThatWaitedIsNotSentAfterTheTrip() {
        story.call("c1", .place)
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.place("r1", call: "c1")
        #expect(!story.isKept)
    }

    @Test mutating func anOrderThatIsAskedForAgainAfterTheReleaseIsSent() {
        story.call("c1", .place)
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.result("c1", .denied)
        story.sweep(.end)
        story.permission(.cleared, .cancelOnly)
        story.call("c2", .place)
        story.place("r1", call: "c2")
        #expect(story.isKept)
    }

    @Test mutating func aSweepThatIsReleasedMidwayIsOverAtOnce() {
        work("1")
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.at(1)
        story.permission(.cleared, .cancelOnly)
        var other = story
        story.sweep(.end)
        story.at(2)
        story.call("c1", .place)
        #expect(story.isKept)
        other.at(2)
        other.call("c1", .place)
        #expect(
            other.finding.broken == [
                "at 2.000000000 s: the sweep of p1 goes on, though its cause was released at 1.000000000s"
            ])
    }

    /// What became of a cancel that went out before is to be found out, and nothing else is to be done.
    @Test(arguments: [BrokerOperation.query, .openOrders, .cancel, .cancelAll])
    mutating func afterTheReleaseOnlyQuestionsOfTheSweepGoOut(_ operation: BrokerOperation) {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        cancel("r1")
        story.permission(.cleared, .cancelOnly)
        story.sweep(.end)
        story.at(1)
        send(operation, "r2")
        #expect(story.isKept == (operation == .query))
    }

    @Test mutating func aQuestionOfASweepThatNeverBeganIsFound() {
        send(.query, "r1")
        #expect(!story.isKept)
    }

    @Test mutating func aSweepOfADeadProcessHasNobodyToEndIt() {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.permission(.cleared, .cancelOnly)
        story.crash()
        story.at(2)
        story.call("c1", .place)
        #expect(story.isKept)
    }

    @Test mutating func anOrderThatTookThePlaceOfAnotherIsLeftToo() {
        work("1")
        story.venue(.cancelled, "a1", order: "1", client: "1")
        story.tell(
            .venue(
                VenueEvent(
                    .replaced, time: .origin, request: "a1", orderID: "2", clientID: "1", symbol: "BTC", side: .buy,
                    quantity: 1, remaining: 1, replaces: "1")))
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        story.sweep(.end)
        #expect(story.finding.broken.count == 1)
    }
}
