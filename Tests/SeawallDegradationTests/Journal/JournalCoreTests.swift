import SeawallDegradation
import SeawallTime
import Testing

/// The core against a list of records, on a disk that loses and tears what was not synced.
@Suite struct JournalCoreTests {
    /// A disk as bytes: what is safe, and what was added since.
    private struct Disk {
        var safe: [UInt8]?
        var unsynced: [UInt8] = []

        /// What a crash leaves: some of what was not synced, cut anywhere.
        func afterCrash(keeping count: Int) -> [UInt8]? {
            guard let safe else { return nil }
            return safe + unsynced.prefix(count)
        }
    }

    private static let capacity = 4

    private static func open(_ bytes: [UInt8]?, bound: Int) -> JournalCore {
        JournalCore(
            contents: bytes.map { JournalContents($0) }, size: bytes?.count ?? 0, capacity: capacity, bound: bound)
    }

    /// What a list of records comes to, and all its beginnings.
    private struct History {
        private(set) var records: [JournalRecord] = []
        private var state = JournalState(capacity: JournalCoreTests.capacity)
        private var beginnings: [[UInt8]] = [[]]

        mutating func append(_ record: JournalRecord) {
            records.append(record)
            state.apply(record)
            beginnings.append(state.text)
        }

        /// Takes off the end until what is left comes to what was found: the rest never was.
        mutating func cut(to found: [UInt8]) {
            while beginnings[records.count] != found, !records.isEmpty {
                records.removeLast()
                beginnings.removeLast()
            }
            state = JournalState(records, capacity: JournalCoreTests.capacity)
        }

        /// True where the bytes come to what the first `n` records come to, for an `n` from `least` on.
        func begins(with bytes: [UInt8]?, atLeast least: Int) -> Bool {
            guard let bytes else { return beginnings[least...].contains([]) }
            let contents = JournalContents(bytes)
            guard contents.damage == nil else { return false }
            let found = JournalState(contents.records, capacity: JournalCoreTests.capacity).text
            return beginnings[least...].contains(found)
        }
    }

    /// Random histories of notes and of writes that succeed or fail, whole or in part, with a crash looked at before and
    /// after each step, torn at several places.
    @Test func whatComesBackIsABeginningWithAllThatWasSafe() {
        for seed in 0..<8 as Range<UInt64> {
            var random = RandomRecords(seed: seed)
            let bound = random.bool() ? 600 : 100_000
            var disk = Disk()
            var history = History()
            var core = Self.open(nil, bound: bound)
            var offset = 0
            func check(_ step: String) {
                let least = offset + Int(core.safe)
                let cuts = Set([0, 1, disk.unsynced.count / 2, disk.unsynced.count])
                for cut in cuts.sorted() where cut <= disk.unsynced.count {
                    let bytes = disk.afterCrash(keeping: cut)
                    #expect(history.begins(with: bytes, atLeast: least), "seed \(seed), \(step), cut \(cut)")
                }
            }
            for _ in 0..<25 {
                for _ in 0..<random.int(0..<4) {
                    let record = random.record()
                    history.append(record)
                    _ = core.note([record])
                }
                check("noted")
                if let work = core.begin() {
                    // What is noted while a write is on its way belongs to the next one.
                    if random.bool() {
                        let record = random.record()
                        history.append(record)
                        _ = core.note([record])
                    }
                    let fails = random.int(0..<4) == 0
                    let error = JournalError(code: .unwritable, message: "test")
                    switch work.action {
                    case .append(let bytes):
                        disk.unsynced += fails ? Array(bytes.prefix(random.int(0..<bytes.count + 1))) : bytes
                        check("appended")
                        if !fails {
                            disk.safe = (disk.safe ?? []) + disk.unsynced
                            disk.unsynced = []
                        }
                    case .replace(let bytes):
                        check("replacing")
                        // One that fails may have come about all the same.
                        if !fails || random.bool() { disk = Disk(safe: bytes) }
                    }
                    core.finish(work, failure: fails ? error : nil)
                    check(fails ? "failed" : "safe")
                }
                if random.int(0..<8) == 0 {
                    let bytes = disk.afterCrash(keeping: random.int(0..<disk.unsynced.count + 1))
                    disk = Disk(safe: bytes)
                    core = Self.open(bytes, bound: bound)
                    history.cut(to: core.state.text)
                    offset = history.records.count
                    check("opened")
                }
            }
        }
    }

    /// Every history of up to five steps of note, write, failing write and crash, on a journal that is made shorter as
    /// often as may be and on one that never is.
    @Test func everyShortHistoryComesBack() {
        enum Step: CaseIterable { case note, write, fail, crash }
        var random = RandomRecords(seed: 9)
        let supply = (0..<6).map { _ in random.record() }
        for bound in [0, 1 << 20] {
            for number in 0..<1_024 {
                var disk = Disk()
                var history = History()
                var safe = 0
                var offset = 0
                var core = Self.open(nil, bound: bound)
                for place in 0..<5 {
                    switch Step.allCases[number >> (2 * place) & 3] {
                    case .note:
                        let record = supply[history.records.count % supply.count]
                        history.append(record)
                        _ = core.note([record])
                    case .write, .fail:
                        guard let work = core.begin() else { break }
                        let fails = Step.allCases[number >> (2 * place) & 3] == .fail
                        switch work.action {
                        case .append(let bytes):
                            disk.unsynced += fails ? Array(bytes.dropLast(3)) : bytes
                            if !fails { disk = Disk(safe: (disk.safe ?? []) + disk.unsynced) }
                        case .replace(let bytes):
                            if !fails { disk = Disk(safe: bytes) }
                        }
                        core.finish(
                            work, failure: fails ? JournalError(code: .unwritable, message: "test") : nil)
                        safe = max(safe, offset + Int(core.safe))
                    case .crash:
                        let bytes = disk.afterCrash(keeping: disk.unsynced.count)
                        disk = Disk(safe: bytes)
                        core = Self.open(bytes, bound: bound)
                        history.cut(to: core.state.text)
                        offset = history.records.count
                        #expect(safe <= offset, "history \(number) lost what was safe")
                    }
                    #expect(
                        history.begins(with: disk.afterCrash(keeping: 0), atLeast: min(safe, history.records.count)),
                        "history \(number), step \(place)")
                }
            }
        }
    }

    @Test func theFirstWriteOfAllPutsTheFirstLineInPlace() {
        var core = Self.open(nil, bound: 1_000)
        guard case .replace(let bytes)? = core.begin()?.action else {
            Issue.record("expected a replace")
            return
        }
        #expect(JournalContents(bytes).damage == nil)
    }

    @Test func aHaltedJournalWritesNothingUntilItGoesOn() {
        var core = JournalCore(contents: JournalContents([1, 2, 3]), size: 3, capacity: 1, bound: 1_000)
        #expect(core.isHalted)
        var random = RandomRecords(seed: 1)
        _ = core.note([random.record()])
        #expect(core.begin() == nil)
        #expect(!core.mayWrite(isRetry: true))
        core.goOn()
        guard case .replace? = core.begin()?.action else {
            Issue.record("expected a replace")
            return
        }
    }

    @Test func itIsMadeShorterWhenItHasGrownAndNotAgainAtOnce() {
        var core = Self.open(nil, bound: 4_096)
        var random = RandomRecords(seed: 4)
        var replaced = 0
        var size = 0
        for _ in 0..<600 {
            _ = core.note([random.record()])
            guard let work = core.begin() else { continue }
            switch work.action {
            case .append(let bytes): size += bytes.count
            case .replace(let bytes):
                size = bytes.count
                replaced += 1
            }
            core.finish(work, failure: nil)
            #expect(size < 40_000)
        }
        #expect((2..<60).contains(replaced), "\(replaced)")
    }
}

extension JournalState {
    /// The state as text, to be compared.
    fileprivate var text: [UInt8] { Array(records.map(\.json).joined(separator: [UInt8(ascii: "\n")])) }
}
