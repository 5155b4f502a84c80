import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Real files in a folder of their own, removed at the end.
@Suite struct FileJournalStorageTests {
    private static func inFolder(_ body: (String) throws -> Void) throws {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/" + "tmp"
        var template = Array("\(root)/seawall-journal-\(String(repeating: "X", count: 6))".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(made)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            for name in names(in: folder) { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        try body(folder)
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = bytes.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
        close(file)
    }

    @Test func whatIsWrittenIsThereForTheNextOpener() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            do {
                let storage = try FileJournalStorage(path: path)
                #expect(try storage.read() == nil)
                try storage.replace(with: [1, 2, 3])
                try storage.append([4])
                try storage.append([5, 6])
                try storage.sync()
                #expect(try storage.read() == [1, 2, 3, 4, 5, 6])
            }
            let storage = try FileJournalStorage(path: path)
            #expect(try storage.read() == [1, 2, 3, 4, 5, 6])
            try storage.append([7])
            try storage.replace(with: [8])
            try storage.append([9])
            try storage.sync()
            #expect(try storage.read() == [8, 9])
            #expect(Self.names(in: folder) == ["bot.journal", "bot.journal.initialised", "bot.journal.lock"])
        }
    }

    @Test func aFileThatIsGoneIsToldFromOneThatNeverWas() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            do {
                let storage = try FileJournalStorage(path: path)
                try storage.append([1])
                try storage.sync()
                unlink(path)
                #expect(throws: JournalError.self) { try storage.read() }
            }
            do {
                let storage = try FileJournalStorage(path: path)
                let error = #expect(throws: JournalError.self) { try storage.read() }
                #expect(error?.code == .lost)
                #expect(error?.message.contains(path) == true)
                unlink(path + ".initialised")
                #expect(try storage.read() == nil)
            }
            let storage = try FileJournalStorage(path: path)
            try storage.replace(with: [1])
            unlink(path + ".initialised")
            #expect(try storage.read() == [1], "the file itself is proof enough")
        }
    }

    @Test func aSecondOpenerIsToldSo() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            do {
                let first = try FileJournalStorage(path: path)
                let error = #expect(throws: JournalError.self) { try FileJournalStorage(path: path) }
                #expect(error?.code == .inUse)
                #expect(error?.message.contains(path) == true)
                try first.append([1])
            }
            _ = try FileJournalStorage(path: path)
        }
    }

    /// A child has a copy of every descriptor between its fork and its program.
    @Test func aForkedChildKeepsNobodyOut() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            var copies: [CInt] = []
            defer { for copy in copies { close(copy) } }
            do {
                let before = dup(0)
                close(before)
                let first = try FileJournalStorage(path: path)
                // Its files are the lowest that were free.
                copies = (before..<before + 8).map { dup($0) }.filter { $0 >= 0 }
                try first.append([1])
            }
            _ = try FileJournalStorage(path: path)
        }
    }

    @Test func whatIsWrittenIntoARemovedFileIsNotTakenForSafe() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            let storage = try FileJournalStorage(path: path)
            try storage.append([1])
            try storage.sync()
            unlink(path)
            try storage.append([2])
            #expect(throws: JournalError.self) { try storage.sync() }
            try storage.replace(with: [1, 2])
            #expect(try storage.read() == [1, 2])
        }
    }

    @Test func whatIsSetAsideStaysUnderANameOfItsOwn() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            let storage = try FileJournalStorage(path: path)
            try storage.setAside()
            for byte in [1, 2] as [UInt8] {
                try storage.replace(with: [byte])
                try storage.setAside()
            }
            #expect(throws: JournalError.self) { try storage.read() }
            #expect(Self.names(in: folder).filter { $0.contains("unreadable") }.count == 2)
            try storage.replace(with: [3])
            #expect(try storage.read() == [3])
        }
    }

    @Test func errorsNameThePathAndWhatTheSystemSays() throws {
        try Self.inFolder { folder in
            let missing = #expect(throws: JournalError.self) {
                try FileJournalStorage(path: folder + "/none/bot.journal")
            }
            let text = try #require(missing?.description)
            #expect(text.contains(folder + "/none/bot.journal") && text.contains("errno 2") && text.contains("folder"))
            #expect(throws: JournalError.self) { try FileJournalStorage(path: "") }
            #expect(throws: JournalError.self) { try FileJournalStorage(path: folder + "/") }
            #expect(throws: JournalError.self) { try FileJournalStorage(path: "a\0b") }
            // A folder where the file should be can be neither read nor replaced.
            mkdir(folder + "/odd", 0o700)
            defer { rmdir(folder + "/odd") }
            let odd = try FileJournalStorage(path: folder + "/odd")
            #expect(throws: JournalError.self) { try odd.read() }
            #expect(throws: JournalError.self) { try odd.replace(with: [1]) }
            unlink(folder + "/odd.new")
        }
    }

    /// As after `kill -9`, or a machine that lost its power: the file ends anywhere.
    @Test func aFileThatEndsAnywhereOpensWithItsBeginning() throws {
        try Self.inFolder { folder in
            let path = folder + "/bot.journal"
            let environment = RuntimeEnvironment(time: ManualTime())
            var random = RandomRecords(seed: 8)
            let records = (0..<6).map { _ in random.record() }
            let bytes = JournalContents.bytes(of: records)
            let header = JournalContents.header(sequence: 0).count
            for length in 0...bytes.count {
                Self.write(Array(bytes[..<length]), to: path)
                let whole = bytes[..<length].count { $0 == UInt8(ascii: "\n") }
                do {
                    let journal = Journal(
                        try FileJournalStorage(path: path), capacity: 100, bound: 1 << 20, environment: environment)
                    #expect((journal.recovery.failure != nil) == (length < header), "\(length)")
                    guard length >= header else { continue }
                    let mark = try #require(journal.note { _ in [.dropped("x")] })
                    #expect(journal.settle(mark) == nil)
                }
                let again = Journal(
                    try FileJournalStorage(path: path), capacity: 100, bound: 1 << 20, environment: environment)
                #expect(again.recovery.failure == nil)
                let expected = JournalState(records.prefix(whole - 1) + [.dropped("x")], capacity: 100)
                #expect(again.recovery.state.records.map(\.json) == expected.records.map(\.json), "\(length)")
            }
        }
    }
}

private func systemWrite(_ file: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
