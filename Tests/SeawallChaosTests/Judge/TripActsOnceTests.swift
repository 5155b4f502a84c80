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

    private mutating func send(
        _ operation: BrokerOperation, _ id: String, for cause: String = "p1", target: String? = nil
    ) {
        var request = RequestRecord(id: id, operation: operation)
        request.episode = "sweep:\(cause)"
        request.targets = target.map { [$0] } ?? []
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
        work("1")
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        send(.cancel, "r2", target: "1")
        story.permission(.cleared, .cancelOnly)
        story.sweep(.end)
        story.at(1)
        send(operation, "r3", target: "1")
        #expect(story.isKept == (operation == .query))
    }

    /// By whichever name the order is asked for.
    @Test(arguments: [
        ("1", "one", true), ("one", "1", true), ("one", "9", true), ("9", "nine", true), ("2", "1", false),
        ("1", "two", false),
    ])
    mutating func afterTheReleaseAQuestionIsAboutWhatWasCancelled(_ cancelled: String, _ asked: String, _ isKept: Bool)
    {
        for (order, client) in [("1", "one"), ("2", "two")] as [(VenueOrderID, ClientOrderID)] {
            story.place("r\(order)", client: client)
            story.venue(.accepted, "r\(order)", order: order, client: client)
        }
        // The first one has a successor by another name.
        story.venue(.cancelled, "a1", order: "1", client: "one")
        story.tell(
            .venue(
                VenueEvent(
                    .replaced, time: .origin, request: "a1", orderID: "9", clientID: "nine", symbol: "BTC", side: .buy,
                    quantity: 1, remaining: 1, replaces: "one")))
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        send(.cancel, "r3", target: cancelled)
        story.permission(.cleared, .cancelOnly)
        story.sweep(.end)
        story.at(1)
        send(.query, "r4", target: asked)
        #expect(story.isKept == isKept)
    }

    @Test mutating func whatAnEarlierProcessCancelledIsNotAskedForAfterTheRelease() {
        story.permission(.raised, .cancelOnly)
        story.sweep(.begin)
        send(.cancel, "r1", target: "1")
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.sweep(.resumed)
        story.permission(.cleared, .cancelOnly)
        story.sweep(.end)
        send(.query, "r2", target: "1")
        #expect(!story.isKept)
    }

    // MARK: What a trip owes

    @Test(arguments: ["kill_switch", "trip", "guard_trip", "operator_pause"] as [ReasonCode])
    mutating func aTripThatNeverSweepsIsFound(_ code: ReasonCode) {
        story.at(5)
        story.permission(.raised, .cancelOnly, code: code)
        story.at(65)
        story.end()
        #expect(story.isKept)
        story.permission(.raised, .cancelOnly, id: "p2", code: code)
        story.at(126)
        story.end()
        #expect(story.isKept == (code == "operator_pause"))
    }

    @Test mutating func aTripThatSweepsTooLateIsFound() {
        story.permission(.raised, .cancelOnly, code: "trip")
        story.at(61)
        story.sweep(.begin)
        #expect(
            story.finding.broken == [
                "at 61.000000000 s: the sweep of p1 does not begin, though nothing was in its way since 0.000000000s"
            ])
    }

    @Test mutating func aTripThatIsReleasedInTimeOwesNoSweep() {
        story.permission(.raised, .cancelOnly, code: "trip")
        story.at(60)
        story.permission(.cleared, .cancelOnly, code: "trip")
        story.at(999)
        story.end()
        #expect(story.isKept)
    }

    /// A restarted process takes up a sweep that had not ended, and no other.
    @Test(arguments: [true, false]) mutating func theNextProcessOwesWhatIsLeft(_ hasEnded: Bool) {
        story.permission(.raised, .cancelOnly, code: "trip")
        story.sweep(.begin)
        if hasEnded { story.sweep(.end) }
        story.at(50)
        story.crash()
        story.permission(.raised, .cancelOnly, code: "trip")
        story.at(110)
        story.call("c1", .place)
        #expect(story.isKept)
        story.at(111)
        story.end()
        #expect(story.isKept == hasEnded)
    }

    /// Two minutes, the minute that lists and cancels count in, and eleven seconds until what is under way has arrived.
    private static let untilEnded = 191

    @Test mutating func aSweepThatNeverEndsIsFound() {
        story.permission(.raised, .cancelOnly, code: "trip")
        story.sweep(.begin)
        cancel("r1")
        for second in 1...Self.untilEnded {
            story.at(second)
            send(.openOrders, "l\(second)")
        }
        #expect(story.isKept)
        story.at(Self.untilEnded + 10)
        story.call("c1", .place)
        #expect(
            story.finding.broken == [
                "at 201.000000000 s: the sweep of p1 does not end, though nothing was in its way since 0.000000000s"
            ])
    }

    @Test mutating func aSweepThatEndsTooLateIsFound() {
        story.permission(.raised, .cancelOnly, code: "trip")
        story.sweep(.begin)
        story.at(Self.untilEnded + 1)
        story.sweep(.end)
        #expect(story.finding.broken.count == 1)
    }

    /// A ban, a machine that sleeps, frozen trading, a fault that strikes the sweep, and an order that moves in its scope.
    @Test(arguments: 0..<8) mutating func whatIsInTheWayOfASweepGivesItTime(_ number: Int) {
        work("1")
        story.permission(.raised, .cancelOnly, code: "trip")
        story.sweep(.begin)
        send(.openOrders, "l1")
        story.at(100)
        let isInTheWay = number < 6
        switch number {
        case 0: story.limited("l1", until: 150)
        case 1: story.tell(.world(WorldRecord(.sleep, until: .origin.advanced(by: .seconds(150)))))
        case 2: story.permission(.raised, .frozen, id: "p2", until: 150)
        case 3: story.tell(.fault(FaultRecord(fault: "silence", operation: .openOrders, request: "l1")))
        case 4: story.venue(.filled, order: "1", client: "1", remaining: 0.5)
        case 5:
            story.permission(.raised, .frozen, id: "p2", release: .whenCleared)
            story.at(150)
            story.permission(.cleared, .frozen, id: "p2")
        case 6: story.tell(.fault(FaultRecord(fault: "silence", operation: .ticker, request: "t1")))
        default: story.permission(.raised, .reduceOnly, id: "p2", until: 150)
        }
        story.at(Self.untilEnded + 100)
        story.sweep(.end)
        #expect(story.finding.broken.contains { $0.contains("does not end") } != isInTheWay)
    }

    @Test mutating func whatMovesInAnotherScopeGivesASweepNoTime() {
        story.permission(.raised, .cancelOnly, scope: .strategy("one"), code: "trip")
        story.tell(.layer(.sweep(SweepEvent(cause: "p1", scope: .strategy("one"), step: .begin))))
        story.at(100)
        work("1")
        story.at(Self.untilEnded + 1)
        story.end()
        #expect(story.finding.broken.count == 1)
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
