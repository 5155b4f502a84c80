#if os(Linux)
import Foundation

/// The programs of Prometheus: `apt-get install --no-install-recommends prometheus`.
enum PrometheusTools {
    private static let folders = ["/usr/bin", "/usr/local/bin"]

    static let promtool = path(of: "promtool")
    static let prometheus = path(of: "prometheus")

    private static func path(of name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs promtool, and gives what it says and how it ends.
    static func runPromtool(
        _ promtool: String, _ arguments: [String], input: Data = Data(), in folder: URL? = nil
    ) throws -> (said: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: promtool)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let (feed, output) = (Pipe(), Pipe())
        process.standardInput = feed
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try feed.fileHandleForWriting.write(contentsOf: input)
        try feed.fileHandleForWriting.close()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (said, process.terminationStatus)
    }
}
#endif
