import SeawallTime
import Testing

@testable import SeawallAlerts

@Suite struct AlertCoreTests {
    private func makeCore(_ change: (inout AlertConfiguration) -> Void = { _ in }) -> AlertCore {
        var configuration = AlertConfiguration(reminderAfter: .seconds(10), longestReminderWait: .seconds(35))
        change(&configuration)
        return AlertCore(configuration)
    }

    private func moment(_ seconds: Int64) -> AlertCore.Moment {
        AlertCore.Moment(
            at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000),
            civil: CivilInstant(millisecondsSinceEpoch: seconds * 1_000))
    }

    private func report(_ severity: AlertSeverity, message: String = "m", causes: [String] = []) -> AlertCore.Report {
        AlertCore.Report(severity: severity, code: "c", message: message, causes: causes, scope: "global")
    }

    @Test func anEpisodeIsToldOnceAtItsBeginAndOnceAtItsEnd() {
        var core = makeCore()
        let begin = core.begin("k", report(.warning, causes: ["one"]), moment(1))
        #expect(begin?.event == .begin)
        #expect(begin?.episode == "alert-1")
        #expect(begin?.duration == nil)
        #expect(core.begin("k", report(.warning), moment(2)) == nil)
        #expect(core.begin("k", report(.info), moment(3)) == nil)
        let end = core.end("k", moment(4))
        #expect(end?.event == .end)
        #expect(end?.duration == .seconds(3))
        #expect(end?.suppressed == 2)
        #expect(end?.causes == ["one"])
        #expect(core.end("k", moment(5)) == nil)
        #expect(core.begin("k", report(.info), moment(6))?.episode == "alert-2")
        #expect(core.history().map(\.event) == [.begin, .end, .begin])
    }

    @Test func aRiseInSeverityPassesAndHolds() {
        var core = makeCore()
        _ = core.begin("k", report(.warning, causes: ["one"]), moment(0))
        let rise = core.begin("k", report(.critical, message: "worse", causes: ["one", "two"]), moment(1))
        #expect(rise?.event == .remind)
        #expect(rise?.severity == .critical)
        #expect(rise?.message == "worse")
        #expect(rise?.causes == ["one", "two"])
        #expect(core.begin("k", report(.error), moment(2)) == nil)
        #expect(core.end("k", moment(3))?.severity == .critical)
    }

    @Test func remindersComeAtDoublingSpacingUpToTheLongest() {
        var core = makeCore()
        _ = core.begin("k", report(.warning), moment(0))
        var told: [Int64] = []
        for second in 0...200 where !core.remind(moment(Int64(second))).isEmpty { told.append(Int64(second)) }
        #expect(told == [10, 30, 65, 100, 135, 170])
        #expect(core.nextReminder == moment(205).at)
    }

    @Test func reminderThatCameLateComesOnce() {
        var core = makeCore()
        _ = core.begin("k", report(.warning), moment(0))
        #expect(core.remind(moment(1_000)).count == 1)
        #expect(core.remind(moment(1_000)).isEmpty)
        #expect(core.remind(moment(1_019)).isEmpty)
        #expect(core.remind(moment(1_020)).count == 1)
    }

    @Test func aReportThatFindsAReminderDueIsTold() {
        var core = makeCore()
        _ = core.begin("k", report(.warning), moment(0))
        #expect(core.begin("k", report(.warning), moment(9)) == nil)
        let reminder = core.begin("k", report(.warning), moment(10))
        #expect(reminder?.event == .remind)
        #expect(reminder?.suppressed == 2)
        #expect(core.begin("k", report(.warning), moment(29)) == nil)
        #expect(core.begin("k", report(.warning), moment(30)) != nil)
    }

    @Test func theHistoryKeepsTheLast() {
        var core = makeCore { $0.historyLimit = 3 }
        for key in ["a", "b", "c", "d"] { _ = core.begin(key, report(.info), moment(0)) }
        #expect(core.history().map(\.episode) == ["alert-2", "alert-3", "alert-4"])
        var none = makeCore { $0.historyLimit = 0 }
        _ = none.begin("a", report(.info), moment(0))
        #expect(none.history().isEmpty)
        #expect(AlertConfiguration().historyLimit == 100)
    }

    @Test func openEpisodesAreBounded() {
        var core = makeCore { $0.episodeLimit = 2 }
        #expect(core.begin("a", report(.info), moment(0)) != nil)
        #expect(core.begin("b", report(.info), moment(0)) != nil)
        #expect(core.begin("c", report(.critical), moment(0)) == nil)
        #expect(core.refusedEpisodes == 1)
        #expect(core.openCount == 2)
        _ = core.end("a", moment(1))
        #expect(core.begin("c", report(.critical), moment(2)) != nil)
    }

    @Test func theEndsOfTheClockDoNotTrap() {
        var core = makeCore {
            $0.longestReminderWait = .seconds(Int64.max)
            $0.flapCount = 2
            $0.flapWindow = .seconds(Int64.max)
            $0.flapCalm = .seconds(Int64.max)
        }
        let past = AlertCore.Moment(
            at: MonotonicInstant(nanoseconds: .min), civil: CivilInstant(nanosecondsSinceEpoch: .min))
        // An hour before all time ends, so that something can still be due later.
        let future = AlertCore.Moment(
            at: .distantFuture.advanced(by: .seconds(-3_600)), civil: CivilInstant(nanosecondsSinceEpoch: .max))
        _ = core.begin("k", report(.warning), past)
        for _ in 0..<200 { _ = core.remind(future) }
        for _ in 0..<200 { _ = core.begin("k", report(.warning), past) }
        #expect(core.end("k", future)?.duration == .nanoseconds(Int64.max))
        // Back and forth, and flapping: what goes back counts as what was, and nothing traps.
        for now in [future, past, future, past, future] {
            _ = core.begin("flap", report(.warning), now)
            _ = core.end("flap", now)
        }
        _ = core.begin("flap", report(.warning), past)
        #expect(core.open(past).map(\.isFlapping) == [true])
        #expect(core.remind(past).isEmpty)
        let last = AlertCore.Moment(at: .distantFuture, civil: CivilInstant(nanosecondsSinceEpoch: .max))
        for now in [last, past, last] {
            _ = core.remind(now)
            _ = core.begin("flap", report(.warning), now)
            _ = core.end("flap", now)
        }
        #expect(core.end("flap", past)?.at ?? .distantFuture == .distantFuture)
    }

    /// Told of the instants as they came, a reader would see an end before its begin, and a gap between the clocks.
    @Test func aClockThatGoesBackTellsOfNothingBeforeWhatWasTold() {
        var core = makeCore()
        _ = core.begin("k", report(.warning), moment(100))
        #expect(core.open(moment(40)).map(\.at) == [moment(100).at])
        _ = core.begin("k", report(.critical), moment(60))
        #expect(core.end("k", moment(40))?.duration == .zero)
        let back = AlertCore.Moment(at: moment(70).at, civil: moment(1_070).civil)
        _ = core.begin("other", report(.warning), back)
        core.restore("third", id: "earlier-1", report(.info), moment(10))
        #expect(core.open(moment(20)).map(\.at) == [moment(100).at, moment(100).at])
        #expect(core.history().map(\.duration) == [nil, nil, .zero, nil])
        #expect(core.history().map(\.at) == Array(repeating: moment(100).at, count: 4))
        // The civil time goes with the monotonic one, whatever the difference between them is by now.
        #expect(core.history().map(\.civil) == [100, 100, 100, 1_100].map { moment($0).civil })
        // A reminder is due by the time that was told: not by the one that went back, nor later than it should be.
        #expect(core.nextReminder == moment(110).at)
        #expect(core.remind(moment(109)).isEmpty)
        #expect(core.remind(moment(110)).count == 2)
    }

    /// What was due of episodes that are over does not pile up behind one that is due sooner.
    @Test func whatIsOverLeavesNothingBehind() {
        var core = AlertCore(AlertConfiguration(flapCount: 0))
        _ = core.begin("first", report(.info), moment(0))
        for number in 0..<5_000 {
            _ = core.begin("k\(number % 7)", report(.info), moment(1))
            _ = core.end("k\(number % 7)", moment(1))
        }
        #expect(core.openCount == 1)
        #expect(core.dues.count < 100)
        #expect(core.nextReminder == moment(300).at)
    }
}
