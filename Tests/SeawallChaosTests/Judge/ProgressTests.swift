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

@Suite struct ProgressTests {
    private var story = Story(Progress()) { $0.healsAt = .origin.advanced(by: .seconds(100)) }

    /// Five minutes after healing.
    private let well = 401

    @Test mutating func aRunThatEndsTooSoonDecidesNothing() {
        story.order(.unknown)
        story.at(400)
        story.end()
        #expect(story.isKept && story.checked == 0)
    }

    @Test mutating func withoutAPromiseToHealNothingIsJudged() {
        story = Story(Progress())
        story.order(.unknown)
        story.at(9_999)
        story.end()
        #expect(story.isKept && story.checked == 0)
    }

    @Test mutating func whatIsOverInTimeIsKept() {
        story.order(.unknown)
        story.permission(.raised, .reduceOnly, release: .whenCleared)
        story.breaker(to: .open)
        story.at(399)
        story.order(.working)
        story.permission(.cleared, .reduceOnly, release: .whenCleared)
        story.breaker(to: .closed)
        story.at(well)
        story.end()
        #expect(story.isKept && story.checked == 1)
    }

    @Test mutating func anOrderThatStaysUnknownIsFound() {
        story.order(.unknown)
        story.at(well)
        story.end()
        #expect(
            story.finding.broken == [
                "at 401.000000000 s: order a unknown since 0.000000000s, though everything has healed"
            ])
    }

    @Test mutating func aConditionThatStaysIsFound() {
        story.permission(.raised, .reduceOnly, release: .whenCleared)
        story.at(well)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aHandMayHoldAsLongAsItLikes() {
        story.permission(.raised, .reduceOnly)
        story.permission(.raised, .reduceOnly, id: "p2", until: 9_999)
        story.at(well)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func aBreakerThatStaysOpenIsFound() {
        story.breaker(to: .open)
        story.at(well)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aSweepThatNeverEndsIsFound() {
        story.sweep(.begin)
        story.at(well)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aBanThatStillRunsDelaysIt() {
        story.limited("r1", until: 1_000)
        story.order(.unknown)
        story.at(1_300)
        story.end()
        #expect(story.isKept && story.checked == 0)
        story.at(1_301)
        story.end()
        #expect(!story.isKept)
    }

    @Test(arguments: [ResultRecord.Answer.accepted, .rejected, .denied])
    mutating func aProvenAnswerToAnOrderIsProgress(_ answer: ResultRecord.Answer) {
        story.at(well)
        story.call("c1", .place)
        story.result("c1", answer)
        #expect(story.isKept && story.checked == 2)
    }

    @Test mutating func anOrderWithoutAProvenAnswerIsFound() {
        story.at(well)
        story.call("c1", .place)
        story.result("c1", .unknown)
        #expect(story.finding.broken == ["at 401.000000000 s: place c1 was unknown"])
    }

    @Test(arguments: [ResultRecord.Answer.denied, .unknown])
    mutating func aCancelThatIsNotMadeIsFound(_ answer: ResultRecord.Answer) {
        story.at(well)
        story.call("c1", .cancel)
        story.result("c1", answer)
        #expect(!story.isKept)
    }

    @Test mutating func anAnswerThatComesTooLateOrNeverIsFound() {
        story.at(well)
        story.call("c1", .place)
        story.call("c2", .cancel)
        story.call("c3", .ticker)
        story.at(well + 121)
        story.result("c1", .accepted)
        story.end()
        #expect(story.finding.broken.count == 2)
    }

    @Test mutating func aProcessThatNeverComesBackIsFound() {
        story.tell(.crash)
        story.at(well)
        story.end()
        #expect(story.finding.broken == ["at 401.000000000 s: the process never came back"])
    }

    private mutating func stream(_ kind: VenueEvent.Kind, _ request: String = "s1") {
        story.tell(.venue(VenueEvent(kind, time: .origin, request: request, operation: .userStream)))
    }

    @Test mutating func aStreamThatIsConnectedAgainInTimeIsKept() {
        story.send("s1", .userStream)
        stream(.connected)
        story.at(300)
        stream(.disconnected)
        story.send("s2", .userStream)
        stream(.connected, "s2")
        story.at(900)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func aRequestThatOpenedTwoStreamsHoldsTheOther() {
        story.send("s1", .userStream)
        stream(.connected)
        stream(.connected)
        stream(.disconnected)
        story.at(well)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func bothStreamsOfARequestThatGoAreMissed() {
        story.send("s1", .userStream)
        stream(.connected)
        stream(.connected)
        story.at(300)
        stream(.disconnected)
        stream(.disconnected)
        story.at(601)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aStreamThatStaysAwayIsFound() {
        story.send("s1", .userStream)
        stream(.connected)
        story.at(300)
        stream(.disconnected)
        story.at(601)
        story.end()
        #expect(
            story.finding.broken == [
                "at 601.000000000 s: the account's stream not connected since 300.000000000s, though everything has "
                    + "healed"
            ])
    }

    @Test mutating func aStreamThatNeverComesIsFound() {
        story.send("s1", .userStream)
        story.at(well)
        story.send("s2", .userStream)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aStreamOfTheBotsOwnIsItsAffair() {
        story.call("c1", .userStream)
        story.send("s1", .userStream, call: "c1")
        story.at(well)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func aStreamOfADeadProcessEndsWithIt() {
        story.send("s1", .userStream)
        stream(.connected)
        story.crash()
        stream(.disconnected)
        story.at(well)
        story.end()
        #expect(story.isKept)
    }
}
