import SeawallTime
import Testing

@testable import SeawallMetrics

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files in memory, whose disk can be made to fail or to wait.
private final class MemoryFiles: LogFiles {
    private let files = Lock<[String: [UInt8]]>([:])
    private let isFull = Lock(false)
    private let partial = Lock(0)

    var texts: [String: String] { files.withLock { $0.mapValues { String(decoding: $0, as: UTF8.self) } } }
    func fail(_ fails: Bool, after bytes: Int = 0) {
        isFull.withLock { $0 = fails }
        partial.withLock { $0 = bytes }
    }

    func size(of path: String) -> Int { files.withLock { $0[path]?.count ?? 0 } }

    func append(_ bytes: [UInt8], to path: String) -> Bool {
        if isFull.withLock({ $0 }) {
            let part = bytes.prefix(partial.withLock { $0 })
            if !part.isEmpty { files.withLock { $0[path, default: []] += part } }
            return false
        }
        files.withLock { $0[path, default: []] += bytes }
        return true
    }

    func rename(_ path: String, to other: String) -> Bool {
        files.withLock { files in
            guard let bytes = files.removeValue(forKey: path) else { return false }
            files[other] = bytes
            return true
        }
    }
}

@Suite struct JSONLinesWriterTests {
    private func event(_ code: String, _ fields: [String: TraceValue] = [:]) -> LogEvent {
        LogEvent(
            at: CivilInstant(nanosecondsSinceEpoch: 0), part: "p", level: .info, code: code, fields: fields,
            correlation: Correlation(), span: nil)
    }

    @Test func aLineIsAlwaysWritten() {
        var event = event("c", ["b": .number(.nan), "a": .number(1.5), "c": true, "d": "x"])
        event.correlation = Correlation(correlationID: "\"\n\u{1}", cycle: 2)
        event.span = SpanContext(traceHigh: 0, traceLow: 10, span: 11)
        #expect(
            JSONLine.text(event)
                == #"{"at":"1970-01-01T00:00:00Z","level":"info","part":"p","code":"c","#
                + #""correlation_id":"\"\n\u0001","cycle":2,"#
                + #""trace_id":"0000000000000000000000000000000a","span_id":"000000000000000b","#
                + #""fields":{"a":1.5,"b":"NaN","c":true,"d":"x"}}"#)
    }

    @Test func anyTextReadsBackFromOneLine() throws {
        var random = SeededGenerator(seed: 2, stream: "lines")
        for _ in 0..<300 {
            let text = random.nastyText() + random.nastyText()
            let line = JSONLine.text(
                event(text, ["\(text) text": .text(text), "number": .number(Double(bitPattern: random.next()))]))
            #expect(!line.utf8.contains(UInt8(ascii: "\n")))
            struct Read: Decodable { var code: String }
            #expect(try JSONDecoder().decode(Read.self, from: Data(line.utf8)).code == text)
        }
    }

    @Test func fullFilesAreKeptInOrderAndTheOldestGoes() {
        let files = MemoryFiles()
        let line = JSONLine.text(event("0")).utf8.count + 1
        let writer = JSONLinesWriter(path: "log", largestFile: 2 * line, keptFiles: 2, room: 100, files: files)
        for number in 0..<9 { writer.write(event("\(number)")) }
        #expect(writer.flush())
        func codes(_ path: String) -> String {
            (files.texts[path] ?? "").split(separator: "\n").map { line in
                String(line.drop { $0 != "c" }.dropFirst(7).prefix(1))
            }.joined()
        }
        #expect(files.texts.keys.sorted() == ["log", "log.1", "log.2"])
        #expect([codes("log.2"), codes("log.1"), codes("log")] == ["45", "67", "8"])
        #expect(writer.droppedCount == 0 && writer.failedCount == 0)
    }

    @Test func aLineThatIsLargerThanAFileIsWhole() {
        let files = MemoryFiles()
        let writer = JSONLinesWriter(path: "log", largestFile: 1, keptFiles: 1, room: 100, files: files)
        for number in 0..<3 { writer.write(event("\(number)")) }
        #expect(writer.flush())
        #expect(files.texts["log"]?.contains("\"code\":\"2\"") == true)
        #expect(files.texts["log.1"]?.contains("\"code\":\"1\"") == true)
        #expect(files.texts.values.allSatisfy { $0.hasSuffix("}\n") && $0.split(separator: "\n").count == 1 })
    }

    @Test func aDiskThatFailsIsCountedAndTriedAgain() {
        let files = MemoryFiles()
        let writer = JSONLinesWriter(path: "log", largestFile: 1_000, keptFiles: 1, room: 100, files: files)
        files.fail(true)
        writer.write(event("lost"))
        #expect(writer.flush())
        files.fail(false)
        writer.write(event("kept"))
        #expect(writer.flush())
        #expect(writer.failedCount == 1)
        #expect(files.texts["log"]?.contains("kept") == true && files.texts["log"]?.contains("lost") == false)
    }

    @Test(arguments: [1, 30]) func aLineOfWhichAPartWasWrittenSpoilsNoOther(part: Int) {
        let files = MemoryFiles()
        let writer = JSONLinesWriter(path: "log", largestFile: 10_000, keptFiles: 1, room: 100, files: files)
        func write(_ codes: String...) {
            for code in codes { writer.write(event(code)) }
            #expect(writer.flush())
        }
        write("before")
        files.fail(true, after: part)
        write("torn")
        files.fail(true)
        write("lost")
        files.fail(false)
        write("after", "last")
        let lines = (files.texts["log"] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let torn = String(JSONLine.text(event("torn")).prefix(part))
        #expect(
            lines.map(String.init)
                == [
                    JSONLine.text(event("before")), torn, JSONLine.text(event("after")), JSONLine.text(event("last")),
                    "",
                ])
        #expect(writer.failedCount == 2)
    }

    @Test func theFilesOfTheMachineAreWrittenToo() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "seawall-log-\(SystemRandom().next())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        for round in 0..<2 {
            let writer = JSONLinesWriter(path: path, largestFile: 200, keptFiles: 3)
            for number in 0..<3 { writer.write(event("\(round)-\(number)")) }
            #expect(writer.flush())
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["events.jsonl", "events.jsonl.1", "events.jsonl.2"])
        for name in files {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.appendingPathComponent(name).path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        let all = try files.reversed().map { name in
            String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
        }.joined().split(separator: "\n")
        #expect(all.count == 6)
        #expect(all.first?.contains("\"0-0\"") == true && all.last?.contains("\"1-2\"") == true)
        let nowhere = JSONLinesWriter(path: folder.appendingPathComponent("no/where").path)
        nowhere.write(event("lost"))
        #expect(nowhere.flush() && nowhere.failedCount == 1)
    }
}
