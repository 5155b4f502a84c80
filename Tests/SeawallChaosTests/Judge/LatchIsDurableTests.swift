import SeawallBroker
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

@Suite struct LatchIsDurableTests {
    private var story = Story(LatchIsDurable())

    /// A request of the sweep that follows a latch.
    private mutating func sweep(_ id: String, for cause: String = "p1") {
        var request = RequestRecord(id: id, operation: .cancelAll)
        request.episode = "sweep:\(cause)"
        story.tell(.request(request))
    }

    private mutating func latch() {
        story.disk(.read)
        story.permission(.raised, .cancelOnly)
    }

    @Test mutating func aLatchThatIsSafeBeforeItsSweepIsKept() {
        latch()
        story.write("p1")
        sweep("r1")
        story.alert(.begin)
        story.at(9)
        story.end()
        #expect(story.isKept && story.checked == 1)
    }

    @Test mutating func aLatchThatIsWrittenBeforeItIsSaidIsKept() {
        story.disk(.read)
        story.write("p1")
        story.permission(.raised, .cancelOnly)
        sweep("r1")
        #expect(story.isKept && story.checked == 1)
    }

    @Test mutating func aSweepBeforeTheLatchIsWrittenIsFound() {
        latch()
        sweep("r1")
        #expect(story.finding.broken == ["at 0.000000000 s: cancelAll r1 went out before latch p1 was safe"])
    }

    @Test mutating func aSweepBeforeTheSyncIsFound() {
        latch()
        story.disk(.append, naming: "p1")
        sweep("r1")
        #expect(!story.isKept)
    }

    @Test mutating func aSyncOfSomethingElseIsNotEnough() {
        latch()
        story.disk(.append, naming: "p11")
        story.disk(.sync)
        sweep("r1")
        #expect(!story.isKept)
    }

    @Test mutating func anAlertBeforeTheSyncIsFound() {
        latch()
        story.disk(.append, naming: "p1")
        story.alert(.begin)
        #expect(story.finding.broken == ["at 0.000000000 s: sink log heard of latch p1 before it was safe"])
    }

    @Test mutating func aDenialBeforeTheSyncIsFound() {
        story.call("c1", .place)
        latch()
        story.result("c1", .denied)
        #expect(!story.isKept)
    }

    @Test(arguments: [DiskRecord.Operation.append, .sync, .replace])
    mutating func whereTheDiskRefusesTheSweepGoesOn(_ operation: DiskRecord.Operation) {
        latch()
        if operation == .sync { story.disk(.append, naming: "p1") }
        story.disk(operation, .failed, naming: operation == .sync ? nil : "p1")
        sweep("r1")
        story.alert(.begin)
        story.at(9)
        story.end()
        #expect(story.isKept)
    }

    @Test mutating func aLatchThatIsNeverWrittenIsFound() {
        latch()
        story.at(9)
        story.end()
        #expect(story.finding.broken.count == 1)
    }

    @Test mutating func aConditionIsNoLatch() {
        story.disk(.read)
        story.permission(.raised, .reduceOnly, release: .whenCleared)
        sweep("r1")
        story.at(9)
        story.end()
        #expect(story.isKept && story.checked == 0)
    }

    @Test mutating func withoutADiskNothingIsJudged() {
        story.permission(.raised, .cancelOnly)
        sweep("r1")
        story.crash()
        sweep("r2")
        #expect(story.isKept && story.checked == 0)
    }

    @Test mutating func aLatchThatIsReplacedAwayIsFound() {
        latch()
        story.write("p1")
        story.at(5)
        story.disk(.replace, naming: "p2")
        story.at(9)
        story.end()
        #expect(!story.isKept)
    }

    @Test mutating func aLatchThatIsReplacedWithIsKept() {
        latch()
        story.write("p1")
        story.disk(.replace, naming: "p1")
        story.at(9)
        story.end()
        #expect(story.isKept)
    }

    // MARK: Restarts

    @Test mutating func aLatchThatComesBackIsKept() {
        latch()
        story.write("p1")
        story.crash()
        story.disk(.read)
        story.permission(.raised, .cancelOnly)
        sweep("r1")
        #expect(story.isKept && story.checked == 3)
    }

    /// A process that may send nothing for a while can be told of a release before it has sent anything.
    @Test(arguments: [false, true])
    mutating func aLatchThatAHandEndsBeforeTheFirstRequestIsNotForgotten(isReleased: Bool) {
        latch()
        story.write("p1")
        story.crash()
        story.disk(.read)
        if isReleased {
            story.permission(.raised, .cancelOnly)
            story.permission(.cleared, .cancelOnly)
        }
        story.send("r1", .openOrders)
        #expect(story.isKept == isReleased)
    }

    @Test mutating func aLatchThatIsForgottenIsFound() {
        latch()
        story.write("p1")
        story.crash()
        story.disk(.read)
        story.send("r1", .time)
        #expect(story.finding.broken == ["at 0.000000000 s: r1 went out and latch p1 on global was forgotten"])
        #expect(story.checked == 2)
    }

    @Test(arguments: [Permission.reduceOnly, .open])
    mutating func aLatchThatComesBackLooserIsFound(_ level: Permission) {
        latch()
        story.write("p1")
        story.crash()
        story.permission(.raised, level)
        story.send("r1", .time)
        #expect(!story.isKept)
    }

    @Test mutating func aLatchThatWasOnlyAppendedMayBeForgotten() {
        latch()
        story.disk(.append, naming: "p1")
        story.crash()
        story.send("r1", .time)
        #expect(story.isKept)
    }

    @Test mutating func aLatchThatWasReleasedOrIsOverMayBeForgotten() {
        latch()
        story.write("p1")
        story.permission(.cleared, .cancelOnly)
        story.permission(.raised, .frozen, id: "p2", until: 5)
        story.write("p2")
        story.at(5)
        story.crash()
        story.send("r1", .time)
        #expect(story.isKept)
    }

    @Test mutating func aTimedLatchThatStillRunsMustComeBack() {
        story.disk(.read)
        story.permission(.raised, .frozen, until: 5)
        story.write("p1")
        story.at(4)
        story.crash()
        story.send("r1", .time)
        #expect(!story.isKept)
    }

    @Test mutating func aDeathBeforeTheFirstRequestForgetsNothing() {
        latch()
        story.write("p1")
        story.crash()
        story.crash()
        story.send("r1", .time)
        #expect(!story.isKept)
    }

    @Test(arguments: [DiskRecord.Outcome.failed, .damaged])
    mutating func unreadableStateMeansHalted(_ outcome: DiskRecord.Outcome) {
        story.disk(.read)
        story.crash()
        story.disk(.read, outcome)
        story.permission(.raised, .cancelOnly)
        story.send("r1", .time)
        #expect(story.isKept && story.checked == 2)
        story.permission(.expired, .cancelOnly)
        #expect(!story.isKept)
    }

    @Test mutating func unreadableStateWithNothingHaltedIsFound() {
        story.disk(.read)
        story.crash()
        story.disk(.read, .failed)
        story.permission(.raised, .reduceOnly)
        story.send("r1", .time)
        #expect(!story.isKept)
    }
}
