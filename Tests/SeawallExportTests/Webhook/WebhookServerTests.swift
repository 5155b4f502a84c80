import Foundation
import SeawallAlerts
import SeawallBackoff
import SeawallExport
import SeawallTime
import Testing

/// The webhook before a real server.
@Suite(
    .enabled(if: Programs.plainPython != nil, "skipped: these tests start an HTTP server, which needs python3 in PATH"),
    .serialized, .timeLimit(.minutes(15)))
struct WebhookServerTests {
    private struct Request: Decodable {
        var method: String
        var path: String
        var type: String
        var key: String
        var body: String
    }

    private static let script = """
        import http.server, json, os, socket, sys, threading, time
        counts = {}
        cut = threading.Event()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def answer(self, status, headers=()):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()
            def do_GET(self):
                self.handle_any()
            def do_POST(self):
                self.handle_any()
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                entry = dict(method=self.command, path=self.path, type=self.headers.get("Content-Type") or "",
                             key=self.headers.get("Idempotency-Key") or "", body=body)
                with open(sys.argv[1], "a") as log: log.write(json.dumps(entry) + "\\n")
                n = counts[self.path] = counts.get(self.path, 0) + 1
                if self.path == "/flaky" and n < 3: self.answer(503)
                elif self.path == "/later" and n < 2: self.answer(429, [("Retry-After", "1")])
                elif self.path == "/dated" and n < 2:
                    self.send_response_only(429)
                    self.send_header("Date", "Thu, 01 Jan 2015 00:00:00 GMT")
                    self.send_header("Retry-After", "Thu, 01 Jan 2015 00:00:02 GMT")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif self.path == "/gone": self.answer(404)
                elif self.path == "/moved": self.answer(302, [("Location", "/ok")])
                elif self.path == "/endless":
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while True:
                            self.wfile.write(b"x" * 65536)
                            time.sleep(0.01)
                    except OSError:
                        cut.set()
                        self.close_connection = True
                elif self.path == "/cut-off": self.answer(200 if cut.wait(120) else 404)
                elif self.path == "/silent": time.sleep(300)
                elif self.path == "/cut": self.connection.shutdown(socket.SHUT_RDWR)
                else: self.answer(200)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """

    private let server: LocalServer

    init() throws {
        server = try LocalServer(python: try #require(Programs.plainPython), script: Self.script)
    }

    private func sink(
        _ path: String, payload: WebhookPayload = .generic, timeout: Duration = .seconds(10)
    ) throws -> WebhookSink {
        try WebhookSink(
            WebhookConfiguration(
                url: "http://127.0.0.1:\(server.port)\(path)", payload: payload, timeout: timeout,
                retry: RetryPolicy(maximumAttempts: 3, backoff: .constant(.milliseconds(2)))))
    }

    @Test func anEpisodeArrivesInOrder() async throws {
        let manager = try AlertManager()
        try manager.register(try sink("/ok"), minimumSeverity: .error)
        manager.begin("orders", code: "breaker_open", severity: .critical, message: "Orders fail. ✗")
        manager.end("orders")
        await manager.waitUntilDelivered()
        let requests = try server.log(Request.self)
        #expect(requests.map(\.method) == ["POST", "POST"])
        #expect(requests.allSatisfy { $0.type == "application/json" })
        let alerts = try requests.map { try JSONDecoder().decode(Alert.self, from: Data($0.body.utf8)) }
        #expect(alerts == manager.history)
        #expect(manager.sinks.map(\.delivered) == [2])
    }

    @Test func whatFailsTwiceArrivesOnce() async throws {
        try await sink("/flaky").deliver(.example())
        let requests = try server.log(Request.self)
        #expect(requests.count == 3)
        #expect(Set(requests.map(\.key)).count == 1)
    }

    @Test func retryAfterIsObeyed() async throws {
        let time = SystemTime()
        let start = time.now
        try await sink("/later").deliver(.example())
        #expect(start.duration(to: time.now) >= .seconds(1))
        #expect(try server.log(Request.self).count == 2)
    }

    /// Its clock is years behind ours, by which the date that it names is long over.
    @Test func aDateIsReadByTheServersClock() async throws {
        let time = SystemTime()
        let start = time.now
        try await sink("/dated").deliver(.example())
        #expect(start.duration(to: time.now) >= .seconds(2))
        #expect(try server.log(Request.self).count == 2)
    }

    @Test func whereNobodyListensNothingHasArrived() async throws {
        let sink = try WebhookSink(
            WebhookConfiguration(
                // The port of discarding, which nobody serves here.
                url: "http://127.0.0.1:9/",
                retry: RetryPolicy(maximumAttempts: 2, backoff: .constant(.milliseconds(1))),
                effect: .create))
        let error = await #expect(throws: BackoffExhausted.self) { try await sink.deliver(.example()) }
        #expect((error?.lastError as? ExportError)?.mayHaveArrived == false)
        #expect(error?.attempts == 2)
    }

    @Test func aConnectionThatBreaksIsNotTriedAgainWhereOnceIsAsked() async throws {
        let sink = try WebhookSink(
            WebhookConfiguration(
                url: "http://127.0.0.1:\(server.port)/cut", retry: .cex, effect: .create))
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.mayHaveArrived == true)
    }

    @Test func aRefusalEndsAtOnceAndNamesNoAddress() async throws {
        let sink = try sink("/gone")
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.status == 404)
        #expect(error?.description.contains("gone") == false)
        #expect(try server.log(Request.self).count == 1)
    }

    @Test func aRedirectionIsAFailure() async throws {
        let sink = try sink("/moved")
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.code == .refused)
        #expect(error?.status == 302)
        // Nobody else has seen the post, nor its headers.
        #expect(try server.log(Request.self).map(\.path) == ["/moved"])
    }

    /// A sink that goes away with its last delivery, again and again, while the answer is still being looked at.
    @Test func redirectionsOfManySinksAreEachRefusedOnce() async throws {
        for _ in 0..<20 {
            await #expect(throws: ExportError.self) { try await self.sink("/moved").deliver(.example()) }
        }
        #expect(try server.log(Request.self).map(\.path) == Array(repeating: "/moved", count: 20))
    }

    @Test func anAnswerWithoutEndIsCutOff() async throws {
        try await sink("/endless").deliver(.example())
        // The server answers this one once it could write no more.
        try await sink("/cut-off", timeout: .seconds(180)).deliver(.example())
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        let sink = try sink("/silent", timeout: .seconds(3))
        let error = await #expect(throws: BackoffExhausted.self) { try await sink.deliver(.example()) }
        #expect((error?.lastError as? ExportError)?.code == .timedOut)
        #expect(try server.log(Request.self).count == 3)
    }

    @Test func aConnectionThatBreaksIsTriedAgain() async throws {
        let sink = try sink("/cut")
        let error = await #expect(throws: BackoffExhausted.self) { try await sink.deliver(.example()) }
        let cause = try #require(error?.lastError as? ExportError)
        #expect(cause.code == .unreachable)
        #expect(!"\(cause)".contains("127.0.0.1"))
    }
}
