import SeawallTime
import Testing

@testable import SeawallAlerts

@Suite(.timeLimit(.minutes(10))) final class FlappingTests {
    private var core = AlertCore(
        AlertConfiguration(
            reminderAfter: .seconds(1_000), longestReminderWait: .seconds(8_000), flapCount: 3,
            flapWindow: .seconds(60), flapCalm: .seconds(20)))

    private func moment(_ seconds: Int64) -> AlertCore.Moment {
        AlertCore.Moment(
            at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000),
            civil: CivilInstant(millisecondsSinceEpoch: seconds * 1_000))
    }

    private func begin(_ second: Int64, _ severity: AlertSeverity = .warning) -> Alert? {
        core.begin(
            "k", AlertCore.Report(severity: severity, code: "c", message: "m", causes: [], scope: "global"),
            moment(second))
    }

    private func remind(_ second: Int64) -> [Alert] { core.remind(moment(second)) }

    /// Begins at 0, 10 and 20: the third flaps.
    private func flap() {
        for second in [0, 10, 20] as [Int64] {
            _ = begin(second)
            _ = core.end("k", moment(second + 1))
        }
    }

    @Test func theThirdBeginWithinTheWindowFlaps() {
        let first = begin(0)
        let firstEnd = core.end("k", moment(1))
        let second = begin(10)
        let secondEnd = core.end("k", moment(11))
        let third = begin(20)
        let thirdEnd = core.end("k", moment(21))
        #expect([first, second, third].map { $0?.isFlapping } == [false, false, true])
        #expect([firstEnd, secondEnd].map { $0?.event } == [.end, .end])
        #expect(thirdEnd == nil)
        #expect(core.openCount == 1)
    }

    @Test(arguments: [(59, true), (60, false), (61, false)] as [(Int64, Bool)])
    func aBeginCountsUntilTheWindowIsOver(second: Int64, flaps: Bool) {
        _ = begin(0)
        _ = core.end("k", moment(1))
        _ = begin(30)
        _ = core.end("k", moment(31))
        let third = begin(second)
        #expect(third?.isFlapping == flaps)
    }

    @Test func itsEndIsToldAtTheVeryInstantItHasBeenCalm() {
        flap()
        #expect(core.nextReminder == moment(41).at)
        #expect(remind(40).isEmpty)
        // Called late, it still says when.
        let told = remind(99)
        #expect(told.map(\.event) == [.end])
        #expect(told.first?.at == moment(41).at)
        #expect(told.first?.civil == moment(41).civil)
        #expect(told.first?.duration == .seconds(1))
        #expect(core.openCount == 0 && core.nextReminder == nil)
    }

    @Test func aBeginBeforeCalmIsCountedAndNotTold() {
        flap()
        let again = begin(40)
        #expect(again == nil)
        #expect(core.open(moment(40)).map(\.suppressed) == [1])
        #expect(remind(500).isEmpty)
        _ = core.end("k", moment(501))
        #expect(remind(520).isEmpty)
        let end = remind(521)
        #expect(end.first?.duration == .seconds(481))
        #expect(end.first?.suppressed == 1)
        #expect(core.history().map(\.event) == [.begin, .end, .begin, .end, .begin, .end, .begin, .end, .end])
    }

    @Test func aBeginAfterCalmIsAnEpisodeOfItsOwn() {
        flap()
        // Nobody called in between: the end comes first, and says when.
        let next = begin(100)
        #expect(next?.episode == "alert-4")
        #expect(next?.isFlapping == false)
        #expect(core.history().map(\.event).suffix(2) == [.end, .begin])
        #expect(core.history().map(\.at).suffix(2) == [moment(41).at, moment(100).at])
    }

    @Test func aRiseIsToldAlthoughItFlaps() {
        flap()
        let rise = begin(22, .critical)
        #expect(rise?.event == .remind)
        #expect(rise?.severity == .critical)
        #expect(rise?.isFlapping == true)
    }

    @Test func theLogOfBeginsIsBounded() {
        var log = FlapLog(
            AlertConfiguration(flapCount: 3, flapWindow: .seconds(60), episodeLimit: 10))
        for number in 0..<1_000 as Range<Int64> {
            _ = log.begin("key \(number)", MonotonicInstant(nanoseconds: number))
            #expect(log.keyCount <= 10)
        }
        // A key that is noisy is not pushed out by others that are quiet for longer.
        for number in 2_000..<2_004 as Range<Int64> {
            _ = log.begin("noisy", MonotonicInstant(nanoseconds: number * 10))
            _ = log.begin("other \(number)", MonotonicInstant(nanoseconds: number * 10 + 1))
        }
        let flaps = log.begin("noisy", MonotonicInstant(nanoseconds: 20_050))
        #expect(flaps)
        var never = FlapLog(AlertConfiguration(flapCount: 0))
        for _ in 0..<100 where never.begin("k", .origin) { Issue.record("it flaps although it never should") }
        #expect(never.keyCount == 0)
    }
}
