import SeawallCircuitBreaker
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

/// What one breaker takes, by the growth of a process of its own.
@Suite(
    .enabled(
        if: Memory.isMeasurable,
        "skipped: the memory of a process is read from /proc/self/statm, and no sanitizer may stretch it"))
struct BreakerMemoryTests {
    @Test(arguments: [CircuitBreakerConfiguration.Rates.Window.calls(1_000), .time(.seconds(60))])
    func aBreakerOfAThousandCallsTakesLessThan4KB(window: CircuitBreakerConfiguration.Rates.Window) async {
        switch window {
        case .calls:
            await #expect(processExitsWith: .success) { try Memory.expectSmall(.calls(1_000)) }
        case .time:
            await #expect(processExitsWith: .success) { try Memory.expectSmall(.time(.seconds(60))) }
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

    /// Makes many breakers with full windows and ends the process with an error where each takes too much.
    static func expectSmall(_ window: CircuitBreakerConfiguration.Rates.Window) throws {
        let count = 4_096
        var configuration = CircuitBreakerConfiguration()
        configuration.rates = .init(window: window, slowCallsPerMille: 500)
        let environment = RuntimeEnvironment(time: ManualTime())
        var breakers: [CircuitBreaker] = []
        breakers.reserveCapacity(count)
        let before = try resident()
        for number in 0..<count {
            let breaker = try CircuitBreaker(
                name: "exchange-\(number)", configuration: configuration, environment: environment)
            for _ in 0..<3 {
                if let ticket = breaker.admit().ticket { breaker.record(.success, for: ticket) }
                if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
            }
            breakers.append(breaker)
        }
        let bytes = (try resident() - before) / count
        print("bytes each: \(bytes)")
        guard breakers.count == count, (400..<4_096).contains(bytes) else { throw Surprise(bytes: bytes) }
    }

    private static func resident() throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/self/statm")), as: UTF8.self)
        guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Surprise(bytes: -1)
        }
        return pages * 4_096
    }
}
