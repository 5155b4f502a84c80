import SeawallDegradation
import SeawallTime
import Testing

@testable import SeawallChaos

/// Random histories of writes, failures and losses of power, each step against what a disk promises.
@Suite struct DiskHistoryTests {
    private struct History {
        var random: SeededGenerator
        let time = ManualTime()
        let disk: SimulatedDisk
        let records = Recorder<DiskRecord>()
        var file: SimulatedFile
        var model = NaiveFile()
        var failure: DiskFailure?
        var seen: [String: Int] = [:]

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed, stream: "history")
            disk = SimulatedDisk(seed: seed, time: time)
            file = disk.open()
            let (disk, records) = (disk, records)
            disk.listen(
                SimulatedDisk.Listener(
                    onOperation: { record, _ in records.append(record) }, onPowerLoss: { disk.losePower() }))
        }

        mutating func bytes() -> [UInt8] {
            // No zeros: they are what is told apart from what was written.
            (0..<random.below(12)).map { _ in UInt8(1 + random.below(255)) }
        }

        mutating func note(_ what: String) { seen[what, default: 0] += 1 }

        mutating func step() {
            switch random.below(12) {
            case 0: setFailure()
            case 1:
                disk.losePower()
                afterLoss()
            case 2: losePowerInOperation()
            case 3, 4: read()
            case 5, 6: sync()
            case 7: replace()
            default: append()
            }
            #expect(disk.contents() == model.seen)
        }

        mutating func setFailure() {
            failure = DiskFailure.allCases.first { _ in random.chance(0.34) }
            if let failure { disk.fail(failure, for: .seconds(1)) } else { disk.heal() }
        }

        mutating func read() {
            #expect((try? file.read()) == .some(model.seen))
            #expect(records.values.last?.outcome == .done)
        }

        mutating func append() {
            let bytes = bytes()
            do {
                try file.append(bytes)
                #expect(failure != .full && failure != .failing)
                model.append(bytes)
            } catch {
                note("append failed")
                #expect(failure == .full || failure == .failing)
                let added = Array((disk.contents() ?? []).dropFirst(model.seen?.count ?? 0))
                #expect(bytes.starts(with: added))
                #expect(failure == .full || added.isEmpty)
                if disk.contents() != nil { model.append(added) }
            }
        }

        mutating func sync() {
            do {
                try file.sync()
                #expect(failure != .unsyncable && failure != .failing)
                model.sync()
            } catch {
                note("sync failed")
                #expect(failure == .unsyncable || failure == .failing)
                if failure == .unsyncable { model.failSync() }
            }
        }

        mutating func replace() {
            let bytes = bytes()
            do {
                try file.replace(with: bytes)
                #expect(failure == nil)
                model.replace(bytes)
            } catch {
                note("replace failed")
                #expect(failure != nil)
            }
        }

        mutating func losePowerInOperation() {
            let moment = DiskMoment.allCases[Int(random.below(3))]
            disk.losePower(atOperation: disk.operationCount + 1, moment)
            let (bytes, kind) = (bytes(), random.below(4))
            var other: [UInt8]?
            #expect(throws: DiskError.self) {
                switch kind {
                case 0: _ = try file.read()
                case 1:
                    if moment != .before { model.append(bytes) }
                    try file.append(bytes)
                case 2:
                    if moment == .after { model.sync() }
                    try file.sync()
                default:
                    if moment == .after { model.replace(bytes) }
                    if moment == .during { other = bytes }
                    try file.replace(with: bytes)
                }
            }
            #expect(records.values.last?.outcome == .failed)
            if other != nil, disk.contents() == other {
                note("replaced under the loss")
                model.become(other)
            }
            note("\(moment) \(kind)")
            afterLoss()
        }

        mutating func afterLoss() {
            let left = disk.contents()
            #expect(model.mayBecome(left), "\(String(describing: left)) of \(String(describing: model.cells))")
            #expect(disk.storedContents() == left)
            if left != model.seen { note("lost") }
            if left?.contains(0) == true { note("blank") }
            #expect(throws: DiskError.self) { _ = try file.read() }
            #expect(throws: DiskError.self) { try file.append([1]) }
            #expect(throws: DiskError.self) { try file.replace(with: [1]) }
            #expect(disk.contents() == left)
            model.become(left)
            file = disk.open()
        }
    }

    @Test func aDiskKeepsWhatItPromisesAndNothingElse() {
        var seen: [String: Int] = [:]
        for seed in 0..<25 as Range<UInt64> {
            var history = History(seed: seed)
            for _ in 0..<300 { history.step() }
            seen.merge(history.seen, uniquingKeysWith: +)
        }
        for moment in DiskMoment.allCases {
            for kind in 0..<4 { #expect(seen["\(moment) \(kind)", default: 0] > 0) }
        }
        for what in ["append failed", "sync failed", "replace failed", "replaced under the loss", "lost", "blank"] {
            #expect(seen[what, default: 0] > 0, "\(what) never came about")
        }
    }

    @Test func equalSeedsLoseEqualBytes() {
        func left(_ seed: UInt64) -> [[UInt8]?] {
            var history = History(seed: seed)
            return (0..<300).map { _ in
                history.step()
                return history.disk.storedContents()
            }
        }
        #expect(left(3) == left(3))
        #expect(left(3) != left(4))
    }
}
