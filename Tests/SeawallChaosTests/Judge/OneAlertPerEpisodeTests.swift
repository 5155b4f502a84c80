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

@Suite struct OneAlertPerEpisodeTests {
    private var story = Story(OneAlertPerEpisode())

    @Test mutating func onceAtTheBeginningAndOnceAtTheEndIsKept() {
        story.permission(.raised, .cancelOnly)
        story.alert(.begin)
        story.alert(.begin, sink: "mail")
        story.alert(.remind)
        story.at(100)
        story.permission(.cleared, .cancelOnly)
        story.alert(.end)
        story.alert(.end, sink: "mail")
        story.end()
        #expect(story.isKept && story.checked == 2)
    }

    @Test mutating func aSecondBeginningIsFound() {
        story.alert(.begin)
        story.alert(.begin)
        #expect(story.finding.broken == ["at 0.000000000 s: sink log hears of e1 a second time"])
    }

    @Test mutating func aSecondEndIsFound() {
        story.alert(.begin)
        story.alert(.end)
        story.alert(.end)
        #expect(!story.isKept)
    }

    @Test(arguments: [AlertEvent.remind, .end])
    mutating func whatNeverBeganNeitherReturnsNorEnds(_ event: AlertEvent) {
        story.alert(event)
        #expect(!story.isKept)
    }

    /// The end was heard and not yet written: the process after goes on with the episode, and may say so.
    @Test(arguments: [false, true]) mutating func anEndThatADyingProcessToldIsNoneToTheNext(hasDied: Bool) {
        story.disk(.sync)
        story.alert(.begin)
        story.alert(.end)
        story.at(1)
        if hasDied { story.crash() }
        story.alert(.remind)
        story.alert(.remind)
        story.alert(.end)
        #expect(story.isKept == hasDied)
    }

    /// The process between may have died before it could say anything.
    @Test mutating func anEndThatADyingProcessToldIsNoneToTheOneAfterTheNextEither() {
        story.disk(.sync)
        story.alert(.begin)
        story.alert(.end)
        story.crash()
        story.at(4)
        story.crash()
        story.at(30)
        story.alert(.end)
        #expect(story.isKept)
    }

    @Test(arguments: [AlertEvent.remind, .end])
    mutating func anEndThatWasLongWrittenIsOneToTheNextProcessToo(_ event: AlertEvent) {
        story.disk(.sync)
        story.alert(.begin)
        story.alert(.end)
        story.at(60)
        story.crash()
        story.alert(event)
        #expect(!story.isKept)
    }

    @Test mutating func aCauseInTwoEpisodesIsFound() {
        story.permission(.raised, .cancelOnly)
        story.alert(.begin)
        story.alert(.begin, "e2")
        #expect(!story.isKept)
    }

    @Test mutating func aCauseThatNobodyHearsOfIsFound() {
        story.alert(.begin, "other", causes: [])
        story.permission(.raised, .cancelOnly)
        story.at(61)
        story.end()
        #expect(
            story.finding.broken == ["at 61.000000000 s: sink log never heard of cause p1, raised at 0.000000000s"])
    }

    @Test mutating func aCauseThatIsOverAtOnceMayPassUnheard() {
        story.alert(.begin, "other", causes: [])
        story.permission(.raised, .cancelOnly)
        story.at(59)
        story.permission(.cleared, .cancelOnly)
        story.at(100)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func whoWroteItDownGoesOnAfterARestart() {
        story.disk(.read)
        story.permission(.raised, .cancelOnly)
        story.alert(.begin)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.at(100)
        story.alert(.end)
        story.end()
        #expect(story.isKept)
        story.alert(.begin)
        #expect(!story.isKept)
    }

    @Test mutating func whoWroteNothingDownBeginsAnewAfterARestart() {
        story.permission(.raised, .cancelOnly)
        story.alert(.begin)
        story.crash()
        story.permission(.raised, .cancelOnly)
        story.alert(.begin)
        #expect(story.isKept)
    }
}
