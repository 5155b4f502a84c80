import Dispatch
import SeawallTime
import Testing

@testable import SeawallAlerts

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite(.timeLimit(.minutes(10))) struct SinkTests {
    private let alert = Alert(
        episode: "alert-1", event: .end, severity: .critical, code: "breaker_open", message: "Orders fail.",
        causes: ["a", "b"], scope: "breaker:orders", at: .origin,
        civil: CivilInstant(millisecondsSinceEpoch: 1_700_000_000_500), duration: .milliseconds(90_500), suppressed: 3)

    @Test func theLineOfALogIsFixed() async throws {
        let lines = Lock([String]())
        try await LogSink { line in lines.withLock { $0.append(line) } }.deliver(alert)
        #expect(
            lines.withLock { $0 } == [
                "2023-11-14T22:13:20.500Z CRITICAL end breaker_open episode=alert-1 scope=breaker:orders "
                    + "\"Orders fail.\" causes=a,b duration=90.5s suppressed=3"
            ])
    }

    /// What is kept back for a full buffer comes late, or never.
    @Test func aLineIsWithItsReaderOnceItIsDelivered() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        try await LogSink(name: "log", output: LineOutput(descriptor: ends[1])).deliver(alert)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(ends[0], &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == alert.logLine + "\n")
    }

    @Test func aFileThatTakesNoLineIsNamed() async {
        let sink = LogSink(name: "log", output: LineOutput(descriptor: -1))
        let error = await #expect(throws: LineOutput.Failure.self) { try await sink.deliver(alert) }
        #expect(error.map { "\($0)".contains("file -1") } == true)
    }

    @Test func whatElseThereIsStandsAtTheEnd() {
        var other = alert
        (other.event, other.duration, other.suppressed, other.causes) = (.begin, nil, 0, [])
        other.isFlapping = true
        other.asksAcknowledgement = true
        #expect(other.logLine.hasSuffix("\"Orders fail.\" flapping unacknowledged"))
        other.asksAcknowledgement = false
        other.acknowledgedBy = "ann"
        #expect(other.logLine.hasSuffix(" flapping acknowledged=ann"))
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\u{0}b", "a\u{2028}b", "a\u{85}b", "\u{1b}[2Ja"])
    func noMessageMakesASecondLine(message: String) {
        var other = alert
        other.message = message
        #expect(other.logLine.contains("\\u{"))
        #expect(!other.logLine.contains { $0.isNewline || $0 == "\u{1b}" || $0 == "\0" })
    }

    @Test func aClosureIsASink() async throws {
        let manager = try AlertManager()
        let heard = Lock([String]())
        try manager.register("mine", minimumSeverity: .error) { alert in heard.withLock { $0.append(alert.code) } }
        manager.begin("a", code: "low", severity: .warning, message: "")
        manager.begin("b", code: "high", severity: .error, message: "")
        await manager.waitUntilDelivered()
        #expect(heard.withLock { $0 } == ["high"])
        #expect(manager.sinks.map(\.name) == ["mine"])
    }

    /// As many blocked handlers as there are threads for tasks, and more, hold up nobody else.
    @Test func handlersThatBlockTheirThreadHarmNobody() async throws {
        let gate = Gate()
        let manager = try AlertManager()
        for number in 0..<32 {
            try manager.register(BlockingSink("blocked \(number)") { _ in gate.wait() })
        }
        let quick = RecordingSink("quick")
        try manager.register(quick)
        for key in ["a", "b", "c"] { manager.begin(key, code: "c", severity: .error, message: "") }
        await quick.waitForArrivals(3)
        #expect(manager.sinks.dropLast().allSatisfy { $0.delivered == 0 && $0.waiting == 3 })
        gate.open()
        await manager.waitUntilDelivered()
        #expect(manager.sinks.allSatisfy { $0.delivered == 3 && $0.waiting == 0 })
    }

    @Test func aBlockingHandlerThatThrowsIsCounted() async throws {
        let manager = try AlertManager()
        try manager.register(BlockingSink("throws") { _ in throw RecordingSink.Refused() })
        manager.begin("a", code: "c", severity: .error, message: "")
        await manager.waitUntilDelivered()
        #expect(manager.sinks.map(\.failed) == [1])
    }
}

/// Blocks threads until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}
