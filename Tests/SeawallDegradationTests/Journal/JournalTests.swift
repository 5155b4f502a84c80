import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@Suite struct JournalTests {
    private static func open(
        _ storage: TestStorage, time: ManualTime = ManualTime(), patience: Duration = .milliseconds(20)
    ) -> Journal {
        Journal(
            storage, capacity: 100_000, bound: 1 << 20, patience: patience, environment: RuntimeEnvironment(time: time))
    }

    private static func note(_ journal: Journal, _ name: String) -> UInt64 {
        let record = JournalRecord.alert(
            JournalledAlert(
                key: name, episode: "", code: "", severity: "", message: "", causes: [], scope: ""))
        return journal.note { _ in [record] } ?? 0
    }

    @Test(arguments: [false, true])
    func whoeverIsToldThatItIsSafeFindsItThere(mayBlock: Bool) async {
        let storage = TestStorage(mayBlock: mayBlock)
        let journal = Self.open(storage)
        for number in 0..<20 {
            let mark = Self.note(journal, "alert-\(number)")
            #expect(await journal.safe(mark, by: nil) == nil)
            #expect(JournalContents(storage.safeBytes).records.count == number + 1)
        }
        #expect(journal.note { _ in [] } == nil)
    }

    /// Many writers on real threads: each finds its note safe, and most share a sync with others.
    @Test(arguments: [false, true])
    func manyAtOnceShareTheirSyncs(mayBlock: Bool) async {
        let storage = TestStorage(mayBlock: mayBlock)
        let journal = Self.open(storage)
        let (writers, rounds) = (32, 40)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for round in 0..<rounds {
                        let name = "\(writer)-\(round)"
                        let mark = Self.note(journal, name)
                        let error =
                            round % 8 == 7 && !mayBlock ? journal.settle(mark) : await journal.safe(mark, by: nil)
                        #expect(error == nil)
                    }
                }
            }
        }
        let contents = JournalContents(storage.safeBytes)
        #expect(contents.damage == nil)
        #expect(contents.records.count == writers * rounds)
        #expect(JournalState(contents.records, capacity: 1).alerts.count == writers * rounds)
        #expect(storage.syncs <= writers * rounds)
        #expect(!storage.hasOverlapped)
    }

    @Test func notesThatWaitTogetherAreOneWrite() async {
        let storage = TestStorage(mayBlock: true)
        let journal = Self.open(storage)
        let told = Lock([Int]())
        storage.whileHanging {
            for number in 0..<50 {
                journal.whenSafe(Self.note(journal, "\(number)"), by: nil) { error in
                    #expect(error == nil)
                    told.withLock { $0.append(number) }
                }
            }
            #expect(told.withLock { $0.isEmpty })
        }
        #expect(await journal.safe(journal.latest, by: nil) == nil)
        #expect(told.withLock { $0 } == Array(0..<50), "in the order of the marks")
        #expect(storage.syncs <= 3, "\(storage.syncs)")
    }

    @Test func aDiskThatHangsHoldsNobodyUpForLong() async {
        let storage = TestStorage(mayBlock: true)
        let time = ManualTime()
        let journal = Self.open(storage, time: time)
        let troubles = Lock([JournalError.Code?]())
        journal.onCondition { trouble in troubles.withLock { $0.append(trouble?.code) } }
        let errors = Lock([JournalError.Code?]())
        storage.whileHanging {
            let mark = Self.note(journal, "a")
            #expect(journal.settle(mark) != nil)
            // Once it is known to hang nobody waits at all.
            for _ in 0..<1_000 { #expect(journal.settle(mark) != nil) }
            journal.whenSafe(mark, by: time.now) { error in errors.withLock { $0.append(error?.code) } }
        }
        #expect(await journal.safe(journal.latest, by: nil) == nil)
        #expect(troubles.withLock { $0 } == [.stalled, nil])
        #expect(errors.withLock { $0.count } == 1)
    }

    @Test func whoWaitsForAHangingDiskIsLetGoAtTheDeadline() async {
        let storage = TestStorage(mayBlock: true)
        let time = ManualTime()
        let journal = Self.open(storage, time: time)
        let hang = Hang(storage)
        hang.begin()
        let mark = Self.note(journal, "a")
        let deadline = time.now.advanced(by: .seconds(5))
        let first = Task { await journal.safe(mark, by: deadline)?.code }
        let second = Task { await journal.safe(mark, by: nil)?.code }
        // The lazy write, and the deadline.
        await time.waitForSleepers(2)
        second.cancel()
        #expect(await second.value == "cancelled")
        time.advance(by: .seconds(5))
        #expect(await first.value == .stalled)
        hang.end()
        #expect(await journal.safe(mark, by: nil) == nil)
    }

    @Test func aWriteThatFailedIsTriedAgainAndTheListenerHearsOnce() async {
        let storage = TestStorage()
        let time = ManualTime()
        let journal = Self.open(storage, time: time)
        let troubles = Lock([JournalError.Code?]())
        let (heard, hears) = AsyncStream<JournalError.Code?>.makeStream()
        journal.onCondition { trouble in
            troubles.withLock { $0.append(trouble?.code) }
            hears.yield(trouble?.code)
        }
        storage.setBroken(true)
        let mark = Self.note(journal, "a")
        #expect(await journal.safe(mark, by: nil)?.code == .unwritable)
        #expect(await journal.safe(mark, by: nil)?.code == .unwritable, "at once, without a try")
        #expect(troubles.withLock { $0 } == [.unwritable])
        let later = Self.note(journal, "b")
        storage.setBroken(false)
        // Two lazy writes, and the next try.
        await time.waitForSleepers(3)
        time.advance(by: .milliseconds(250))
        for await trouble in heard where trouble == nil { break }
        #expect(await journal.safe(later, by: nil) == nil)
        #expect(troubles.withLock { $0 } == [.unwritable, nil])
        #expect(JournalState(JournalContents(storage.safeBytes).records, capacity: 1).alerts.count == 2)
    }

    @Test func whatNobodyWaitsForIsWrittenWithinASecond() async {
        let storage = TestStorage()
        let time = ManualTime()
        let journal = Self.open(storage, time: time)
        _ = Self.note(journal, "a")
        _ = Self.note(journal, "b")
        await time.waitForSleepers(1)
        #expect(storage.safeBytes.isEmpty)
        time.advance(by: .seconds(1))
        let mark = journal.latest
        #expect(await journal.safe(mark, by: nil) == nil)
        #expect(storage.syncs == 1)
    }
}

/// A hang that begins and ends at will, on a thread of its own.
private final class Hang: Sendable {
    private let storage: TestStorage
    private let thread = WorkerThread()
    private let isOver = Lock(false)
    private let hasBegun = Lock(false)

    init(_ storage: TestStorage) { self.storage = storage }

    func begin() {
        thread.run { [self] in
            storage.whileHanging {
                hasBegun.withLock { $0 = true }
                while !isOver.withLock({ $0 }) {}
            }
        }
        while !hasBegun.withLock({ $0 }) {}
    }

    func end() { isOver.withLock { $0 = true } }
}
