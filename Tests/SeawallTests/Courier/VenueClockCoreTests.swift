import SeawallTime
import Testing

@testable import Seawall

@Suite struct VenueClockCoreTests {
    private static let civil = CivilInstant(millisecondsSinceEpoch: 1_000_000_000)

    private func instant(_ seconds: Int) -> MonotonicInstant { .origin.advanced(by: .seconds(seconds)) }

    /// What the venue's clock shows.
    private func venue(_ seconds: Int) -> CivilInstant { Self.civil.advanced(by: .seconds(seconds)) }

    private func core() -> VenueClockCore { VenueClockCore(lead: .seconds(1), window: .seconds(5)) }

    @Test func theMachinesClockIsBelievedUntilTheVenueRefusesIt() {
        var core = core()
        let wrong = venue(3_600)
        #expect(core.time(at: instant(0), civil: wrong) == wrong)
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        #expect(core.time(at: instant(0), civil: wrong) == wrong, "nobody has refused it")
        let isFault = core.refused(sentAt: instant(1), at: instant(1))
        #expect(isFault, "what was read is not what it takes")
        core.learn(venue(1), asked: instant(1), answered: instant(1))
        #expect(core.time(at: instant(10), civil: wrong.advanced(by: .seconds(10))) == venue(10))
        #expect(core.offset(at: instant(10), civil: wrong.advanced(by: .seconds(10))) == .seconds(3_600))
    }

    @Test func whatIsSignedIsNeverAheadOfTheVenueHoweverTheAnswerWasDelayed() {
        for (there, back) in [(0, 0), (4, 0), (0, 4), (2, 2), (1, 3)] {
            var core = core()
            let isFault = core.refused(sentAt: instant(0), at: instant(1))
            #expect(!isFault)
            core.learn(venue(1 + there), asked: instant(1), answered: instant(1 + there + back))
            for seconds in [10, 100] {
                for offset in [-3_600, 3_600] {
                    let signed = core.time(at: instant(seconds), civil: venue(seconds + offset))
                    #expect(signed <= venue(seconds))
                    #expect(signed >= venue(seconds - there - back))
                }
            }
        }
    }

    @Test func aClockThatIsSetRightIsBelievedAgain() {
        var core = core()
        _ = core.refused(sentAt: instant(0), at: instant(0))
        let isUnread = core.isCivilGood(at: instant(0), civil: venue(60))
        #expect(!isUnread)
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        let isRead = core.isCivilGood(at: instant(1), civil: venue(61))
        #expect(!isRead)
        let isRight = core.isCivilGood(at: instant(2), civil: venue(2))
        #expect(isRight)
        #expect(core.time(at: instant(3), civil: venue(63)) == venue(63), "until it is refused anew")
    }

    @Test func aReadingThatIsSignedByGetsOld() {
        var core = core()
        _ = core.refused(sentAt: instant(0), at: instant(0))
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        #expect(!core.isReadingDue(at: instant(299), civil: venue(3_899)))
        #expect(core.isReadingDue(at: instant(300), civil: venue(3_900)))
        #expect(!core.isReadingDue(at: instant(300), civil: venue(300)), "nobody signs by it")
        core.learn(venue(301), asked: instant(300), answered: instant(302))
        #expect(!core.isReadingDue(at: instant(302), civil: venue(3_902)))
    }

    @Test func aClockThatNobodySignsByIsReadOnceAndThenSeldom() {
        var core = core()
        #expect(core.isReadingDue(at: instant(0), civil: venue(0)))
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        #expect(!core.isReadingDue(at: instant(1_799), civil: venue(1_799)))
        #expect(core.isReadingDue(at: instant(1_800), civil: venue(1_800)))
    }

    @Test func datesAreReadByTheVenuesClockWhetherItMindsOursOrNot() {
        var core = core()
        #expect(core.date(at: instant(5), civil: venue(95)) == venue(95), "nothing else is known")
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        #expect(core.date(at: instant(5), civil: venue(95)) == venue(5))
        #expect(core.time(at: instant(5), civil: venue(95)) == venue(95), "the venue takes what is signed so")
        core.learn(venue(1), asked: instant(0), answered: instant(2))
        #expect(core.date(at: instant(5), civil: venue(95)) == venue(5), "a slower answer says less")
        #expect(core.date(at: instant(3_599), civil: venue(0)) == venue(3_599))
        #expect(core.date(at: instant(3_600), civil: venue(0)) == venue(0), "an old reading is no better")
    }

    @Test func datesAreNeverReadTooEarly() {
        var core = core()
        core.learn(venue(10), asked: instant(8), answered: instant(12))
        #expect(core.date(at: instant(20), civil: venue(20)) == venue(18), "the answer may have been two seconds old")
    }

    @Test func aQuickAnswerIsNotGivenUpForASlowOne() {
        var core = core()
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        let quick = core.reading
        core.learn(venue(8), asked: instant(1), answered: instant(9))
        #expect(core.reading == quick)
        _ = core.refused(sentAt: instant(10), at: instant(10))
        core.learn(venue(14), asked: instant(10), answered: instant(14))
        #expect(core.reading != quick, "the venue has refused what it said")
    }

    /// A Retry-After that names a date was waited out four seconds too long, after an answer that had taken eight.
    @Test func aQuickAnswerOfLongAgoIsNotGivenUpForASlowOneOfToday() {
        var core = core()
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        core.learn(venue(1_002), asked: instant(1_000), answered: instant(1_004), civil: venue(1_004))
        #expect(core.date(at: instant(1_005), civil: venue(1_005)) == venue(1_005))
        #expect(!core.isReadingDue(at: instant(1_900), civil: venue(1_900)), "the answer has borne it out")
        core.learn(venue(1_100), asked: instant(1_100), answered: instant(1_100), civil: venue(1_100))
        #expect(core.reading?.at == instant(1_100), "one as quick is newer")
    }

    /// However slow every later answer is, what dates are read by is never so old that the machine's clock takes over.
    @Test func slowAnswersBearAReadingOutForHalfOfItsTime() {
        var core = core()
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        for now in stride(from: 600, through: 7_200, by: 600) {
            core.learn(venue(now + 2), asked: instant(now), answered: instant(now + 4), civil: venue(now + 4))
            let told = core.date(at: instant(now + 599), civil: venue(0))
            #expect(told == venue(now + 599) || told == venue(now + 597), "by a quick answer, or by one of 4 seconds")
        }
    }

    @Test func anOldAnswerIsNotBelieved() {
        var core = core()
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        // Out of a cache: twice the same, and once more.
        for seconds in [300, 301, 400] {
            core.learn(venue(5), asked: instant(seconds), answered: instant(seconds), civil: venue(seconds))
            #expect(core.isContested)
            #expect(core.isReadingDue(at: instant(seconds), civil: venue(seconds)))
            #expect(core.date(at: instant(seconds), civil: venue(seconds)) == venue(seconds))
        }
        core.learn(venue(401), asked: instant(401), answered: instant(401), civil: venue(401))
        #expect(!core.isContested)
        #expect(core.date(at: instant(500), civil: venue(0)) == venue(500))
    }

    @Test func aClockThatIsSetIsBelievedOnceASecondAnswerBearsItOut() {
        for ahead in [-3_600, -3, 3, 3_600] {
            var core = core()
            core.learn(venue(0), asked: instant(0), answered: instant(0))
            core.learn(venue(10 + ahead), asked: instant(10), answered: instant(10), civil: venue(10))
            #expect(core.isContested)
            core.learn(venue(12 + ahead), asked: instant(12), answered: instant(12), civil: venue(12))
            #expect(!core.isContested)
            #expect(core.date(at: instant(20), civil: venue(20)) == venue(20 + ahead))
        }
    }

    /// Answers of whole seconds say something anew once they are a second apart.
    @Test func aClockOfWholeSecondsIsBorneOutByAnAnswerASecondLater() {
        var core = core()
        let wrong = venue(3_600)
        core.learn(venue(0), asked: instant(0), answered: instant(0), civil: wrong)
        core.learn(venue(0), asked: instant(0), answered: instant(0), civil: wrong)
        #expect(core.isContested)
        core.learn(venue(1), asked: instant(1), answered: instant(1), civil: wrong)
        #expect(!core.isContested)
    }

    @Test func theFirstAnswerIsBelievedWhereTheMachinesClockBearsItOut() {
        var core = core()
        core.learn(venue(0), asked: instant(250), answered: instant(250), civil: venue(250))
        #expect(core.isContested)
        #expect(core.date(at: instant(251), civil: venue(251)) == venue(251))
        core.learn(venue(251), asked: instant(251), answered: instant(251), civil: venue(251))
        #expect(!core.isContested)
        #expect(core.date(at: instant(300), civil: venue(0)) == venue(300))
    }

    /// However the answers are delayed: what is old by less than it may be wrong by passes, and no more.
    @Test(arguments: 0..<200 as Range<UInt64>) func oldAnswersAmongTrueOnesMisleadNobody(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: "clock")
        var core = core()
        core.learn(venue(0), asked: instant(0), answered: instant(0))
        var (now, wasOld) = (0, false)
        for _ in 0..<40 {
            now += 1 + Int(generator.below(600))
            let way = Int(generator.below(3))
            let isOld = !wasOld && generator.chance(0.3)
            wasOld = isOld
            let shown = isOld ? Int(generator.below(UInt64(now))) : now
            core.learn(venue(shown), asked: instant(now), answered: instant(now + way), civil: venue(now + way))
            now += way
            let told = core.date(at: instant(now), civil: venue(now))
            #expect(told.duration(to: venue(now)) <= .seconds(10))
            #expect(told <= venue(now).advanced(by: .seconds(3)))
        }
    }

    @Test func onlyARequestSignedByTheReadingProvesAFaultAndOnlyALaterOneEndsIt() {
        var core = core()
        let isFirst = core.refused(sentAt: instant(1), at: instant(2))
        #expect(!isFirst)
        core.learn(venue(3), asked: instant(3), answered: instant(3))
        let isOld = core.refused(sentAt: instant(1), at: instant(4))
        #expect(!isOld, "it was sent before the clock was read")
        core.learn(venue(5), asked: instant(5), answered: instant(5))
        let isFault = core.refused(sentAt: instant(6), at: instant(7))
        #expect(isFault)
        let isOverTooSoon = core.accepted(sentAt: instant(4))
        #expect(!isOverTooSoon)
        let isOver = core.accepted(sentAt: instant(8))
        #expect(isOver)
        let isOverAgain = core.accepted(sentAt: instant(9))
        #expect(!isOverAgain)
    }
}

extension VenueClockCore {
    /// Learns what the machine's own clock bears out.
    fileprivate mutating func learn(_ venue: CivilInstant, asked: MonotonicInstant, answered: MonotonicInstant) {
        learn(venue, asked: asked, answered: answered, civil: venue)
    }
}
