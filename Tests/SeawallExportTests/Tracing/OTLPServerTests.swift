import Foundation
import SeawallBackoff
import SeawallMetrics
import SeawallTime
import Testing

@testable import SeawallExport

/// The exporter before a real server.
@Suite(
    .enabled(if: Programs.plainPython != nil, "skipped: these tests start an HTTP server, which needs python3 in PATH"),
    .serialized, .timeLimit(.minutes(15)))
struct OTLPServerTests {
    private struct Request: Decodable {
        var path: String
        var type: String
        var key: String
        var names: [String]
    }

    private static let script = """
        import http.server, json, os, socket, sys, threading
        counts = {}
        released = threading.Event()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def answer(self, status, headers=(), body=b""):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                names = [span["name"] for resource in body["resourceSpans"] for scope in resource["scopeSpans"]
                         for span in scope["spans"]]
                entry = dict(path=self.path, type=self.headers.get("Content-Type") or "",
                             key=self.headers.get("X-Key") or "", names=names)
                with open(sys.argv[1], "a") as log: log.write(json.dumps(entry) + "\\n")
                n = counts[self.path] = counts.get(self.path, 0) + 1
                if self.path == "/flaky" and n < 3: self.answer(503)
                elif self.path == "/later" and n < 2: self.answer(503, [("Retry-After", "1")])
                elif self.path == "/partial":
                    said = dict(partialSuccess=dict(rejectedSpans="2", errorMessage="too old"))
                    self.answer(200, [("Content-Type", "application/json")], json.dumps(said).encode())
                elif self.path == "/chunked":
                    self.send_response(200)
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    for part in (b'{"partialSuccess":{"rejec', b'tedSpans":"1"}}', b""):
                        self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(part), part))
                elif self.path == "/endless":
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while True: self.wfile.write(b"x" * 65536)
                    except OSError: self.close_connection = True
                elif self.path == "/held": self.answer(200 if released.wait(600) else 404)
                elif self.path == "/release":
                    released.set()
                    self.answer(200)
                elif self.path == "/gone": self.answer(404)
                elif self.path == "/cut" and n < 2: self.connection.shutdown(socket.SHUT_RDWR)
                else: self.answer(200, body=b"{}")
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

    private func exporter(_ path: String, port: Int? = nil) throws -> OTLPExporter {
        try OTLPExporter(
            OTLPConfiguration(
                url: "http://127.0.0.1:\(port ?? server.port)\(path)", serviceName: "bot", headers: ["X-Key": "k"],
                timeout: .seconds(60), retry: RetryPolicy(maximumAttempts: 3, backoff: .constant(.milliseconds(2))),
                interval: .milliseconds(50), batchSpans: 10, queueSpans: 100))
    }

    private func export(_ count: Int, to exporter: OTLPExporter) {
        let tracer = Tracer(exporter)
        for number in 0..<count { tracer.span("span \(number)", ["n": .whole(number)]) { _ in } }
    }

    private func counts(_ delivered: Int, rejected: Int = 0, lastFailure: String? = nil) -> OTLPStatus {
        OTLPStatus(
            delivered: delivered, rejected: rejected, failed: 0, dropped: 0, waiting: 0, lastFailure: lastFailure)
    }

    @Test func everySpanArrivesOnceAndInOrder() async throws {
        let exporter = try exporter("/v1/traces")
        export(25, to: exporter)
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        let requests = try server.log(Request.self)
        #expect(requests.flatMap(\.names) == (0..<25).map { "span \($0)" })
        #expect(requests.count == 3)
        #expect(requests.allSatisfy { $0.type == "application/json" && $0.key == "k" && $0.path == "/v1/traces" })
        #expect(exporter.status == counts(25))
    }

    /// Nobody flushes: time alone has them sent.
    @Test func aBatchThatIsNotFullGoesByItself() async throws {
        let exporter = try exporter("/v1/traces")
        export(3, to: exporter)
        while exporter.status.delivered < 3 { try await SystemTime().sleep(for: .milliseconds(20)) }
        #expect(try server.log(Request.self).flatMap(\.names).count == 3)
    }

    @Test func whatFailsTwiceArrives() async throws {
        let exporter = try exporter("/flaky")
        export(4, to: exporter)
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        let requests = try server.log(Request.self)
        #expect(requests.count == 3 && Set(requests.map(\.names)).count == 1)
        #expect(exporter.status == counts(4))
    }

    @Test func retryAfterIsObeyed() async throws {
        let time = SystemTime()
        let start = time.now
        let exporter = try exporter("/later")
        export(1, to: exporter)
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        #expect(start.duration(to: time.now) >= .seconds(1))
        #expect(try server.log(Request.self).count == 2 && exporter.status == counts(1))
    }

    @Test func aPartialSuccessIsRead() async throws {
        let exporter = try exporter("/partial")
        export(5, to: exporter)
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        #expect(exporter.status == counts(3, rejected: 2, lastFailure: "the server rejected 2 spans: too old"))
    }

    @Test func anAnswerInPiecesIsReadAndOneWithoutEndIsNot() async throws {
        let pieces = try exporter("/chunked")
        export(5, to: pieces)
        #expect(await pieces.shutdown(waitingAtMost: .seconds(300)))
        #expect(pieces.status == counts(4, rejected: 1, lastFailure: "the server rejected 1 spans: "))
        let endless = try exporter("/endless")
        export(5, to: endless)
        #expect(await endless.shutdown(waitingAtMost: .seconds(300)))
        #expect(endless.status == counts(5))
    }

    @Test func aConnectionThatBreaksIsTriedAgain() async throws {
        let exporter = try exporter("/cut")
        export(2, to: exporter)
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        #expect(try server.log(Request.self).count == 2 && exporter.status == counts(2))
    }

    /// The server answers only when all spans have ended: were anybody made to wait for it, nobody would ever get there.
    @Test func aSlowServerNeverDelaysWhoEndsASpan() async throws {
        let exporter = try exporter("/held")
        export(5_000, to: exporter)
        let before = exporter.status
        #expect(before.delivered == 0 && before.waiting <= 110 && before.waiting >= 100)
        #expect(before.dropped == 5_000 - before.waiting)
        #expect(await exporter.flush(waitingAtMost: .milliseconds(100)) == false)
        let release = try self.exporter("/release")
        export(1, to: release)
        #expect(await release.shutdown(waitingAtMost: .seconds(300)))
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        #expect(exporter.status.delivered == before.waiting && exporter.status.dropped == before.dropped)
    }

    @Test func aServerThatIsGoneCostsSpansAndNothingElse() async throws {
        // The port of discarding, which nobody serves here.
        let gone = try exporter("/v1/traces", port: 9)
        export(5_000, to: gone)
        #expect(await gone.shutdown(waitingAtMost: .seconds(300)))
        let status = gone.status
        #expect(status.delivered == 0 && status.waiting == 0 && status.failed >= 100)
        #expect(status.failed + status.dropped == 5_000)
        #expect(status.lastFailure?.hasPrefix("unreachable: ") == true)
        #expect(status.lastFailure?.contains("127.0.0.1") == false)
        let refused = try exporter("/gone")
        export(7, to: refused)
        #expect(await refused.shutdown(waitingAtMost: .seconds(300)))
        #expect(refused.status.failed == 7 && refused.status.lastFailure?.contains("404") == true)
    }
}
