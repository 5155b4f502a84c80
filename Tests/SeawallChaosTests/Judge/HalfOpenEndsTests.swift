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

@Suite struct HalfOpenEndsTests {
    private var story = Story(HalfOpenEnds()) { header in
        header.breakers = ["orders", "reads"].map { RunHeader.Breaker(name: $0, probes: 1, lease: .seconds(30)) }
    }

    private mutating func probe(
        _ id: String, _ operation: BrokerOperation = .openOrders, episode: String = "probe:orders"
    ) {
        var request = RequestRecord(id: id, operation: operation)
        request.episode = episode
        request.isProbe = true
        story.tell(.request(request))
    }

    @Test mutating func oneProbeAtATimeIsKept() {
        story.breaker(to: .open)
        story.at(5)
        story.breaker(to: .halfOpen)
        probe("r1")
        story.reply("r1", "succeeded")
        probe("r2")
        story.reply("r2", "succeeded")
        story.breaker(to: .closed)
        story.place("r3")
        story.at(9_999)
        story.end()
        #expect(story.isKept && story.checked == 1)
    }

    @Test mutating func aSecondProbeIsFound() {
        story.breaker(to: .halfOpen)
        probe("r1")
        probe("r2")
        #expect(
            story.finding.broken == ["at 0.000000000 s: breaker orders has 2 probes under way, of at most 1"])
    }

    @Test mutating func aProbeWhoseLeaseIsOverGivesItsPlaceAway() {
        story.breaker(to: .halfOpen)
        probe("r1")
        story.at(.milliseconds(29_999))
        probe("r2")
        #expect(!story.isKept)
        story = Story(HalfOpenEnds()) {
            $0.breakers = [RunHeader.Breaker(name: "orders", probes: 1, lease: .seconds(30))]
        }
        story.breaker(to: .halfOpen)
        probe("r1")
        story.at(30)
        probe("r2")
        #expect(story.isKept)
    }

    @Test mutating func eachBreakerHasItsOwnProbes() {
        story.breaker(to: .halfOpen)
        story.breaker("reads", to: .halfOpen)
        probe("r1")
        probe("r2", .ticker, episode: "start")
        #expect(story.isKept)
    }

    @Test mutating func probesOfAnEarlierTimeCountNoMore() {
        story.breaker(to: .halfOpen)
        probe("r1")
        story.breaker(to: .open)
        story.breaker(to: .halfOpen)
        probe("r2")
        #expect(story.isKept)
    }

    @Test mutating func aProbeOfAClosedBreakerIsFound() {
        probe("r1")
        #expect(!story.isKept)
    }

    @Test(arguments: [CircuitBreaker.State.open, .halfOpen, .isolated])
    mutating func anOrderThroughABreakerThatIsNotClosedIsFound(_ state: CircuitBreaker.State) {
        story.breaker(to: state)
        story.place("r1")
        #expect(!story.isKept)
    }

    @Test mutating func whatReducesPasses() {
        story.breaker(to: .open)
        story.place("r1", lane: .reduce)
        story.send("r2", .cancel)
        #expect(story.isKept)
    }

    @Test mutating func anOrderAsAProbePasses() {
        story.breaker(to: .halfOpen)
        story.place("r1") { $0.isProbe = true }
        #expect(story.isKept)
    }

    @Test mutating func aBreakerThatNobodyTriesIsFound() {
        story.breaker(to: .halfOpen)
        story.at(9_999)
        story.end()
        #expect(story.finding.broken.count == 1)
    }

    @Test mutating func aBanExplainsTheWait() {
        story.breaker(to: .halfOpen)
        probe("r1")
        story.limited("r1", until: 9_990)
        story.at(9_999)
        story.end()
        #expect(story.isKept)
    }

    /// The lease of a probe, the minute that lists count in, and a minute; orders are counted by the day there.
    @Test(arguments: [(150, true), (151, false)])
    mutating func atAVenueThatCountsByTheDayNobodyWaitsForADay(_ seconds: Int, _ isKept: Bool) {
        story = Story(HalfOpenEnds()) {
            $0.venue = .binanceSpot
            $0.breakers = [RunHeader.Breaker(name: "orders", probes: 1, lease: .seconds(30))]
        }
        story.breaker(to: .halfOpen)
        // An order may be a probe too, and a list is as good a one.
        story.place("r1") {
            $0.isProbe = true
            $0.weights = ["orders_1d": 1]
        }
        story.reply("r1", "ambiguous")
        story.at(seconds)
        story.end()
        #expect(story.isKept == isKept)
    }

    @Test mutating func aRestartedProcessBeginsWithClosedBreakers() {
        story.breaker(to: .halfOpen)
        probe("r1")
        story.crash()
        story.place("r2")
        story.at(9_999)
        story.end()
        #expect(story.isKept)
    }
}
