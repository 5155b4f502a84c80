import SeawallDegradation
import SeawallTime
import Testing

@Suite struct JournalContentsTests {
    private static func sample(_ count: Int, seed: UInt64 = 5) -> [JournalRecord] {
        var records = RandomRecords(seed: seed)
        return (0..<count).map { _ in records.record() }
    }

    private static func texts(_ records: [JournalRecord]) -> [[UInt8]] { records.map(\.json) }

    @Test func cutOffAnywhereBehindTheFirstLineItIsAPrefix() throws {
        let records = Self.sample(12)
        let bytes = JournalContents.bytes(of: records, from: 41)
        let header = JournalContents.header(sequence: 41).count
        for length in 0...bytes.count {
            let contents = JournalContents(Array(bytes[..<length]))
            guard length >= header else {
                #expect(contents.damage != nil, "\(length)")
                continue
            }
            let whole = bytes[header..<length].count { $0 == UInt8(ascii: "\n") }
            #expect(contents.damage == nil, "\(length)")
            #expect(Self.texts(contents.records) == Self.texts(Array(records[..<whole])))
            let end = bytes[..<length].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            #expect(contents.torn == length - end)
            #expect(contents.nextSequence == 42 + UInt64(whole))
        }
    }

    @Test func aChangedByteIsSeenWhereverItIs() {
        let records = Self.sample(5)
        let bytes = JournalContents.bytes(of: records)
        let lastLine = bytes[..<(bytes.count - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // The line feed before the last line is left out: without it the two are one line that is no good.
        for index in bytes.indices where index != lastLine - 1 {
            for bit in [UInt8(1), 0x20] {
                var changed = bytes
                changed[index] ^= bit
                let contents = JournalContents(changed)
                if index < lastLine {
                    #expect(contents.damage != nil, "byte \(index)")
                } else {
                    #expect(contents.damage == nil && contents.torn > 0, "byte \(index)")
                    #expect(Self.texts(contents.records) == Self.texts(records.dropLast()))
                }
            }
        }
    }

    @Test func linesThatAreMissingOrRepeatedAreSeen() throws {
        let lines = JournalContents.bytes(of: Self.sample(6)).split(separator: UInt8(ascii: "\n"))
        func damage(_ lines: [ArraySlice<UInt8>]) -> JournalError.Code? {
            JournalContents(Array(lines.flatMap { $0 + [UInt8(ascii: "\n")] })).damage?.code
        }
        #expect(damage(lines) == nil)
        for index in 1..<(lines.count - 1) {
            var less = lines
            less.remove(at: index)
            #expect(damage(less) == .damaged)
            var more = lines
            more.insert(lines[index], at: index)
            #expect(damage(more) == .damaged)
        }
        #expect(damage(Array(lines.dropFirst())) == .unknownFormat)
        #expect(damage(lines + lines) == .damaged)
        #expect(damage([]) == .damaged)
    }

    @Test func whatANewerVersionWroteIsNotGuessedAt() {
        func contents(_ lines: [String]) -> JournalContents {
            var bytes: [UInt8] = []
            for (index, line) in lines.enumerated() {
                JournalLine.append(Array(line.utf8), sequence: UInt64(index), to: &bytes)
            }
            return JournalContents(bytes)
        }
        let first = #"{"format":"seawall-journal","version":1,"minor":0}"#
        let dropped = #"{"kind":"dropped","client_id":"a"}"#
        #expect(contents([first, dropped]).damage == nil)
        #expect(contents([first.replacing("\"minor\":0", with: "\"minor\":3"), dropped]).damage == nil)
        #expect(
            contents([first.replacing("\"version\":1", with: "\"version\":2"), dropped]).damage?.code == .unknownFormat)
        #expect(contents([first.replacing("seawall", with: "seadike"), dropped]).damage?.code == .unknownFormat)
        #expect(contents([first, #"{"kind":"later"}"#, dropped]).damage?.code == .unknownFormat)
        #expect(contents([first, #"{"kind":"dropped"}"#]).damage?.code == .unknownFormat)
        #expect(contents([first, "rubbish"]).damage?.code == .unknownFormat)
    }

    @Test func behindDamageWhatCanBeReadIsStillKnown() {
        let records = Self.sample(9)
        var bytes = JournalContents.bytes(of: records)
        let start = JournalContents.bytes(of: Array(records[..<3])).count
        bytes[start + 12] ^= 1
        let contents = JournalContents(bytes)
        #expect(contents.damage?.code == .damaged)
        #expect(Self.texts(contents.records) == Self.texts(Array(records[..<3]) + Array(records[4...])))
    }
}
