import Testing

@testable import SeawallChaos

@Suite struct TraceHashTests {
    @Test func itIsFNV1aOfTheBytesOfItsRecords() {
        var hash = TraceHash()
        #expect(hash.value == 0xcbf2_9ce4_8422_2325)
        hash.addNote("a")
        var expected: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in [3, 1, UInt8(ascii: "a")] { expected = (expected ^ UInt64(byte)) &* 0x100_0000_01b3 }
        #expect(hash.value == expected)
    }

    @Test func historiesThatDifferHashApart() {
        let histories: [(inout TraceHash) -> Void] = [
            { _ in },
            { $0.addPick(0, of: 2) }, { $0.addPick(1, of: 2) }, { $0.addPick(1, of: 3) }, { $0.addPick(300, of: 400) },
            { $0.addTimeMove(0) }, { $0.addTimeMove(1) }, { $0.addTimeMove(.max) }, { $0.addTimeMove(128) },
            { $0.addNote("") }, { $0.addNote("ab") },
            {
                $0.addNote("a")
                $0.addNote("b")
            },
            {
                $0.addNote("b")
                $0.addNote("a")
            },
        ]
        let values = histories.map { history in
            var hash = TraceHash()
            history(&hash)
            return hash.value
        }
        #expect(Set(values).count == histories.count)
    }
}
