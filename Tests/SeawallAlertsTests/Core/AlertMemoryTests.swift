import SeawallAlerts
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#endif

/// What one alert in a history takes, by the growth of a process of its own.
@Suite(
    .enabled(
        if: Memory.isMeasurable,
        "skipped: the memory of a process is read from /proc/self/statm, and no sanitizer may stretch it"))
struct AlertMemoryTests {
    @Test func anAlertTakesLessThan500Bytes() async {
        await #expect(processExitsWith: .success) {
            let count = 1 << 16
            let manager = try AlertManager(configuration: AlertConfiguration(historyLimit: count))
            let bytes = try Memory.growth {
                for number in 0..<count / 2 {
                    let name = "exchange-\(number)"
                    manager.begin(
                        name, code: "breaker_open", severity: .critical,
                        message: "Circuit breaker '\(name)' opened due to repeated failures",
                        causes: ["failure_rate"], scope: "breaker:\(name)")
                    manager.end(name)
                }
            }
            try Memory.expect(bytes / count, below: 500, manager.history.count == count)
        }
    }

    @Test func aTransitionTakesLessThan500Bytes() async {
        await #expect(processExitsWith: .success) {
            let count = 1 << 16
            let manager = try AlertManager(configuration: AlertConfiguration(historyLimit: count))
            let bytes = try Memory.growth {
                for number in 0..<count {
                    manager.record(
                        CircuitBreakerAlert(
                            breakerName: "exchange-\(number)", from: .closed, to: .open,
                            timestamp: CivilInstant(millisecondsSinceEpoch: Int64(number)), failureCount: 5,
                            metadata: ["reason": "failure_rate", "until": "\(number)"]))
                }
            }
            try Memory.expect(bytes / count, below: 500, manager.breakerHistory().count == count)
        }
    }
}

private enum Memory {
    struct Surprise: Error { var bytes: Int }

    static var isMeasurable: Bool {
        #if canImport(Glibc)
        dlsym(nil, "__asan_init") == nil && dlsym(nil, "__tsan_init") == nil && (try? resident()) != nil
        #else
        false
        #endif
    }

    /// By how many bytes the process grows.
    static func growth(_ body: () -> Void) throws -> Int {
        let before = try resident()
        body()
        return try resident() - before
    }

    /// Ends the process with an error where the figure is off, or too small to be one.
    static func expect(_ bytes: Int, below limit: Int, _ isComplete: Bool) throws {
        print("bytes each: \(bytes)")
        guard isComplete, (60..<limit).contains(bytes) else { throw Surprise(bytes: bytes) }
    }

    private static func resident() throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/self/statm")), as: UTF8.self)
        guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Surprise(bytes: -1)
        }
        return pages * 4_096
    }
}
