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

@Suite struct NothingIntoABanTests {
    private var story = Story(NothingIntoABan())

    @Test mutating func aRequestAtTheEndOfTheLimitIsKept() {
        story.send("r1", .query)
        story.limited("r1", until: 5)
        story.at(5)
        story.send("r2", .query)
        #expect(story.isKept)
    }

    @Test mutating func aRequestInTheSameInstantAsTheLimitIsFound() {
        story.send("r1", .query)
        story.limited("r1", until: 5)
        story.send("r2", .query)
        #expect(
            story.finding.broken == ["at 0.000000000 s: query r2 into scope ip, shut until 5.000000000s"])
    }

    @Test(arguments: [BrokerOperation.cancel, .place, .query, .time])
    mutating func noOperationIsExempt(_ operation: BrokerOperation) {
        story.send("r1", .query)
        story.limited("r1", until: 5)
        story.at(4)
        story.send("r2", operation)
        #expect(!story.isKept)
    }

    @Test mutating func anotherScopeIsOpen() {
        story.place("r1")
        story.limited("r1", .account, until: 5)
        story.send("r2", .query, scopes: [.ip])
        #expect(story.isKept)
        story.place("r3")
        #expect(!story.isKept)
    }

    @Test mutating func aShorterLimitDoesNotShortenALongerOne() {
        story.send("r1", .query)
        story.send("r2", .query)
        story.limited("r1", until: 9)
        story.limited("r2", until: 3)
        story.at(5)
        story.send("r3", .query)
        #expect(!story.isKept)
    }

    @Test mutating func aLimitIsTriedOnceByACallOfItsScope() {
        story.send("r1", .query)
        story.place("r2")
        story.limited("r2", .account, until: 5)
        story.call("c1", .query)
        #expect(story.checked == 0)
        story.call("c2", .place)
        story.call("c3", .place)
        #expect(story.checked == 1)
        story.at(5)
        story.limited("r2", .account, until: 9)
        story.call("c4", .place)
        #expect(story.checked == 2)
    }

    @Test mutating func aCallAfterTheLimitIsNoTrial() {
        story.send("r1", .query)
        story.limited("r1", until: 5)
        story.at(5)
        story.call("c1", .query)
        #expect(story.checked == 0)
    }
}
