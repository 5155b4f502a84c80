import Testing

@testable import seawall_drill

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct FileTests {
    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        let file = try FileOutput(path: folder.file("a"), flag: "--log")
        let lines = (0..<5_000).map { "line \($0) " + String(repeating: "x", count: 40) }
        for line in lines { file.write(line: line) }
        #expect(file.finish() == nil)
        #expect(file.finish() == nil)
        let bytes = try FileInput.bytes(of: folder.file("a"))
        #expect(String(decoding: bytes, as: UTF8.self) == lines.map { $0 + "\n" }.joined())
    }

    @Test func aFileThatIsNotFinishedHasNoLastLine() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try FileOutput(path: folder.file("a"), flag: "--log")
            file.write(line: "first")
            file.write(line: "end")
        }
        #expect(try !folder.text(of: "a").contains("end"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskIsReportedOnceAndForAll() throws {
        let file = try FileOutput(path: "/dev/full", flag: "--log")
        for _ in 0..<10_000 { file.write(line: "a line that does not fit") }
        let failure = try #require(file.finish())
        #expect("\(failure)".contains("space"))
    }

    @Test func pathsThatCannotBeWrittenAreNamed() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.file("no/such")] {
            let error = #expect(throws: BadInput.self) { try FileOutput(path: path, flag: "--log") }
            #expect(error?.message.hasPrefix("--log is \"\(path.prefix(20))") == true)
            #expect(error?.message.contains("expected a file that can be written") == true)
        }
    }

    @Test func pathsThatCannotBeReadAreNamed() throws {
        let folder = try TemporaryFolder()
        for (path, why) in [
            (folder.path, "directory"), (folder.file("none"), "No such file"), ("/dev/null", "regular"),
        ] {
            let error = #expect(throws: BadInput.self) { try FileInput.bytes(of: path) }
            #expect(error?.message.contains(why) == true, "\(error?.message ?? "none")")
        }
    }

    @Test func aFileThatIsTooLargeIsNotRead() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = try folder.write("big.csv", "")
        // A file with a hole: long, and yet of no size on the disk.
        truncate(path, off_t(FileInput.mostBytes) + 1)
        let error = #expect(throws: BadInput.self) { try FileInput.bytes(of: path) }
        #expect(error?.message.contains("has 256000001 bytes, expected at most 256 MB") == true)
    }
}
