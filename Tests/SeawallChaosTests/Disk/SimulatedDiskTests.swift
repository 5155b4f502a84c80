import SeawallDegradation
import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct SimulatedDiskTests {
    private static let old = Array("one\ntwo\n".utf8)

    private func disk(_ seed: UInt64 = 1) throws -> SimulatedDisk {
        let disk = SimulatedDisk(seed: seed)
        try disk.open().append(Self.old)
        try disk.open().sync()
        return disk
    }

    @Test func whatWasNeverWrittenIsNothing() throws {
        #expect(try SimulatedDisk(seed: 1).open().read() == nil)
    }

    @Test func whatWasMadeSafeSurvives() throws {
        for seed in 0..<50 as Range<UInt64> {
            let disk = try disk(seed)
            disk.losePower()
            #expect(try disk.open().read() == Self.old)
        }
    }

    @Test func whatWasNotMadeSafeIsLostTornOrThere() throws {
        let added = Array("three\n".utf8)
        var left: Set<[UInt8]> = []
        for seed in 0..<300 as Range<UInt64> {
            let disk = try disk(seed)
            try disk.open().append(added)
            disk.losePower()
            let read = try #require(try disk.open().read())
            #expect(read.starts(with: Self.old))
            let tail = Array(read.dropFirst(Self.old.count))
            let torn = tail.prefix { $0 != 0 }
            #expect(added.starts(with: torn))
            #expect(tail.dropFirst(torn.count).allSatisfy { $0 == 0 })
            #expect(tail.count <= added.count)
            left.insert(tail)
        }
        #expect(left.contains([]))
        #expect(left.contains(added))
        #expect(left.contains { !$0.isEmpty && $0.count < added.count })
        #expect(left.contains { $0.last == 0 })
    }

    @Test func bytesThatASyncGaveUpAreNeverStoredByALaterOne() throws {
        var outcomes: Set<Bool> = []
        for seed in 0..<40 as Range<UInt64> {
            let disk = try disk(seed)
            let file = disk.open()
            try file.append([7, 7])
            disk.fail(.unsyncable, for: .seconds(1))
            #expect(throws: DiskError.self) { try file.sync() }
            disk.heal()
            try file.append([8])
            try file.sync()
            #expect(try file.read() == Self.old + [7, 7, 8])
            disk.losePower()
            let left = try disk.open().read()
            #expect(left == Self.old + [7, 7, 8] || left == Self.old + [0, 0, 8])
            outcomes.insert(left == Self.old + [0, 0, 8])
        }
        #expect(outcomes == [true, false])
    }

    @Test func aReplacementIsAllOrNothing() throws {
        var left: Set<[UInt8]> = []
        for seed in 0..<40 as Range<UInt64> {
            let disk = try disk(seed)
            disk.losePower(atOperation: disk.operationCount + 1, .during)
            #expect(throws: DiskError.self) { try disk.open().replace(with: [9, 9]) }
            left.insert(try #require(try disk.open().read()))
        }
        #expect(left == [Self.old, [9, 9]])
    }

    @Test func filesKeepApart() throws {
        let disk = try disk()
        try disk.open("other").append([1])
        try disk.open("other").sync()
        disk.corrupt(.delete, file: "other")
        #expect(try disk.open().read() == Self.old)
        #expect(throws: DiskError.self) { _ = try disk.open("other").read() }
    }

    @Test func aFailureEndsByItself() throws {
        let time = ManualTime()
        let disk = SimulatedDisk(seed: 1, time: time)
        disk.fail(.failing, for: .seconds(5))
        #expect(throws: DiskError.self) { try disk.open().append([1]) }
        time.advance(by: .seconds(5))
        try disk.open().append([1])
        #expect(disk.contents() == [1])
    }

    @Test func harmIsSeenWhenItIsRead() throws {
        func outcome(_ corruption: DiskCorruption) throws -> (read: [UInt8]?, outcome: DiskRecord.Outcome?) {
            let disk = try disk()
            let records = Recorder<DiskRecord>()
            disk.listen(
                SimulatedDisk.Listener(onOperation: { record, _ in records.append(record) }, onPowerLoss: {}))
            disk.corrupt(corruption)
            let read = try? disk.open().read()
            return (read, records.values.last?.outcome)
        }
        let flipped = try outcome(.flip(bit: 9))
        #expect(flipped.outcome == .damaged)
        #expect(flipped.read == Self.old.prefix(1) + [Self.old[1] ^ 2] + Self.old.dropFirst(2))
        let cut = try outcome(.cut(to: 3))
        #expect(cut.outcome == .damaged && cut.read == Array(Self.old.prefix(3)))
        #expect(try outcome(.rubbish([1, 2])).outcome == .damaged)
        #expect(try outcome(.delete).outcome == .failed)
        #expect(try outcome(.unreadable).outcome == .failed)
        // What was there and more is no harm.
        #expect(try outcome(.rubbish(Self.old + [1])).outcome == .done)
    }

    @Test func aFileThatWasReplacedIsWholeAgain() throws {
        for corruption in [DiskCorruption.unreadable, .delete, .rubbish([3]), .flip(bit: 0)] {
            let disk = try disk()
            disk.corrupt(corruption)
            try disk.open().replace(with: [5])
            disk.losePower()
            #expect(try disk.open().read() == [5])
        }
    }

    @Test func nonsenseHarmsNothing() throws {
        let disk = try disk()
        disk.corrupt(.cut(to: 1_000))
        disk.corrupt(.flip(bit: .min), file: "none")
        disk.corrupt(.delete, file: "none")
        #expect(try disk.open().read() == Self.old)
        #expect(try disk.open("none").read() == nil)
        disk.corrupt(.cut(to: -1))
        #expect(try disk.open().read() == [])
    }
}
