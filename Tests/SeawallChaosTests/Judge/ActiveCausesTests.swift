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

/// Seen through the check that asks them most.
@Suite struct ActiveCausesTests {
    private var story = Story(ReduceOnlyHolds())

    /// True where a new order is found fault with.
    private func isRestricted(
        _ story: Story<ReduceOnlyHolds>, strategy: StrategyID? = nil, at second: Int = 0
    ) -> Bool {
        var story = story
        story.at(second)
        story.call("c", .place, strategy: strategy)
        story.place("r", call: "c", .buy, 1)
        return !story.isKept
    }

    @Test mutating func aCauseIsOverAtItsEndAndNotBefore() {
        story.permission(.raised, .reduceOnly, until: 5)
        #expect(isRestricted(story, at: 4))
        #expect(!isRestricted(story, at: 5))
    }

    @Test mutating func aCauseWithoutAnEndLastsUntilItIsCleared() {
        story.permission(.raised, .reduceOnly)
        #expect(isRestricted(story, at: 1_000_000))
        story.permission(.cleared, .reduceOnly)
        #expect(!isRestricted(story))
    }

    @Test mutating func clearingOneCauseLeavesTheRest() {
        story.permission(.raised, .reduceOnly, id: "one")
        story.permission(.raised, .reduceOnly, id: "two")
        story.permission(.cleared, .reduceOnly, id: "one")
        #expect(isRestricted(story))
    }

    @Test mutating func extendingNeitherShortensNorLoosens() {
        story.permission(.raised, .reduceOnly, until: 9)
        story.permission(.extended, .open, until: 3)
        #expect(isRestricted(story, at: 8))
    }

    @Test mutating func extendingLengthens() {
        story.permission(.raised, .reduceOnly, until: 3)
        story.permission(.extended, .reduceOnly, until: 9)
        #expect(isRestricted(story, at: 8))
        #expect(!isRestricted(story, at: 9))
    }

    @Test mutating func aCauseThatIsCalledExpiredBeforeItsTimeStillHolds() {
        story.permission(.raised, .reduceOnly, until: 9)
        story.permission(.expired, .reduceOnly, until: 9)
        #expect(isRestricted(story, at: 8))
    }

    @Test mutating func aSymbolsCauseCoversItAlone() {
        story.permission(.raised, .reduceOnly, id: "one", scope: .symbol("ETH"))
        #expect(!isRestricted(story))
        story.permission(.raised, .reduceOnly, id: "two", scope: .symbol("BTC"))
        #expect(isRestricted(story))
    }

    @Test mutating func aStrategysCauseCoversItAlone() {
        story.permission(.raised, .reduceOnly, scope: .strategy("s"))
        #expect(isRestricted(story, strategy: "s"))
        #expect(!isRestricted(story, strategy: "t"))
        #expect(!isRestricted(story))
    }

    @Test mutating func anAccountsCauseCoversItAlone() {
        story.permission(.raised, .reduceOnly, id: "one", scope: .account("other"))
        #expect(!isRestricted(story))
        story.permission(.raised, .reduceOnly, id: "two", scope: .account())
        #expect(isRestricted(story))
    }
}
