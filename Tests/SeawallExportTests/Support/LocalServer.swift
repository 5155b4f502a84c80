import Foundation

/// A server in Python on a free port of this machine, which writes what it got into a file, one JSON object a line.
///
/// The script prints its port as its first line, and ends when its standard input does: with this object, or with the
/// process of the tests.
final class LocalServer {
    struct NotStarted: Error {}

    let port: Int
    private let process = Process()
    private let leash = Pipe()
    private let scratch: Scratch

    init(python: String, script: String) throws {
        scratch = try Scratch()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [try scratch.write(script, to: "server.py"), scratch.path("log")]
        process.standardInput = leash
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try scratch.write("", to: "log")
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.split(separator: "\n").first ?? "") else { throw NotStarted() }
        self.port = port
    }

    deinit {
        try? leash.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What arrived, in order.
    func log<Entry: Decodable>(_ type: Entry.Type = Entry.self) throws -> [Entry] {
        try scratch.lines(of: "log").map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }
}
