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
}
