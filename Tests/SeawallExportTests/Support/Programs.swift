import Foundation

/// Other programs of the machine that some tests need.
enum Programs {
    /// The path of a program in `PATH`.
    static func path(of name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Python 3 that starts and knows the modules.
    static func python(with modules: [String]) -> String? {
        guard let python = path(of: "python3") else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import sys, " + (modules + ["json"]).joined(separator: ", ")]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? python : nil
    }

    static let plainPython = python(with: ["http.server"])
    static let mailPython = python(with: ["aiosmtpd"])
    static let protobufPython = python(with: ["opentelemetry.proto.collector.trace.v1.trace_service_pb2"])
    static let msmtp = path(of: "msmtp")
}
