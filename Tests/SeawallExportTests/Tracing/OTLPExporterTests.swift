import Foundation
import SeawallBackoff
import SeawallMetrics
import SeawallTime
import Testing

@testable import SeawallExport

/// The exporter in virtual time, before a server that does as it is told.
@Suite struct OTLPExporterTests {
    private let time = ManualTime(start: MonotonicInstant(nanoseconds: 1_000_000_000))

    /// What a run came to.
    private struct Run: Sendable {
        var status: OTLPStatus
        var isSettled: Bool
        /// When each post was made, in seconds.
        var seconds: [Int64]
        var posts: [HTTPPost]

        /// The names of the spans in each post.
        var names: [[String]] { posts.map(Self.names) }

        static func names(_ post: HTTPPost) -> [String] {
            struct Sent: Decodable {
                struct Resource: Decodable { var scopeSpans: [Scope] }
                struct Scope: Decodable { var spans: [Span] }
                struct Span: Decodable { var name: String }
                var resourceSpans: [Resource]
            }
            let sent = try? JSONDecoder().decode(Sent.self, from: post.body)
            return sent?.resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans).map(\.name) ?? []
        }
    }

    private func run(
        _ steps: [ScriptedTransport.Step], batch: Int = 2, queue: Int = 4, headers: [String: String] = [:],
        patience: Duration = .seconds(600), _ body: @escaping @Sendable (OTLPExporter, ManualTime) async throws -> Void
    ) throws -> Run {
        let transport = ScriptedTransport(steps, time: time)
        let executor = QuietExecutor(time)
        let exporter = try OTLPExporter(
            OTLPConfiguration(
                url: "http://collector.example:4318/v1/traces", serviceName: "bot", headers: headers,
                retry: RetryPolicy(
                    maximumAttempts: 3, longestRetryAfter: .seconds(60), backoff: .constant(.seconds(2))),
                batchSpans: batch, queueSpans: queue),
            environment: RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor)), transport: transport)
        let isSettled = try executor.run { [time] in
            try await body(exporter, time)
            return await exporter.shutdown(waitingAtMost: patience)
        }
        executor.drain()
        #expect(time.sleeperCount == 0)
        return Run(
            status: exporter.status, isSettled: isSettled,
            seconds: transport.instants.map { $0.nanoseconds / 1_000_000_000 }, posts: transport.sent)
    }

    private func status(
        delivered: Int = 0, rejected: Int = 0, failed: Int = 0, dropped: Int = 0
    ) -> OTLPStatus {
        OTLPStatus(delivered: delivered, rejected: rejected, failed: failed, dropped: dropped, waiting: 0)
    }

    @Test func aBatchGoesWhenItIsFullAndARestAfterTheInterval() throws {
        let run = try run([]) { exporter, time in
            for name in ["a", "b", "c"] { exporter.export(.example(name)) }
            try await time.sleep(for: .seconds(8))
        }
        #expect(run.names == [["a", "b"], ["c"]])
        #expect(run.seconds == [1, 6])
        #expect(run.status == status(delivered: 3) && run.isSettled)
        #expect(run.posts.allSatisfy { $0.headers == ["Content-Type": "application/json", "User-Agent": "seawall"] })
        #expect(run.posts.allSatisfy { $0.url.path == "/v1/traces" && $0.readsAnswer })
    }

    @Test func ownHeadersAreSentAndTheKindOfContentStays() throws {
        let run = try run([], headers: ["Authorization": "Bearer k", "content-type": "x", "user-agent": "bot"]) {
            exporter, _ in exporter.export(.example())
        }
        #expect(
            run.posts.map(\.headers) == [
                ["Content-Type": "application/json", "Authorization": "Bearer k", "user-agent": "bot"]
            ])
    }

    @Test func shutdownSendsWhatWaitsAtOnceAndThenTakesNoMore() throws {
        let run = try run([]) { exporter, _ in
            exporter.export(.example("a"))
            #expect(await exporter.shutdown())
            exporter.export(.example("late"))
        }
        #expect(run.seconds == [1] && run.status == status(delivered: 1, dropped: 1))
    }

    @Test func flushWaitsUntilAllIsSettled() throws {
        let run = try run([.answer(503), .answer(200)], batch: 4) { exporter, time in
            for name in ["a", "b"] { exporter.export(.example(name)) }
            #expect(await exporter.flush())
            #expect(exporter.status.delivered == 2)
            #expect(await exporter.flush(waitingAtMost: .zero))
            exporter.export(.example("c"))
            #expect(exporter.status.waiting == 1)
        }
        #expect(run.seconds == [1, 3, 3])
    }

    @Test(arguments: [429, 502, 503, 504]) func theFourStatusesAreTriedAgain(status: Int) throws {
        let run = try run([.answer(status), .answer(200)]) { exporter, _ in exporter.export(.example("a")) }
        #expect(run.names == [["a"], ["a"]] && run.seconds == [1, 3])
        #expect(run.status == self.status(delivered: 1))
    }

    @Test(arguments: [400, 401, 404, 408, 413, 500, 501, 505, 301, 100]) func noOtherStatusIs(status: Int) throws {
        let run = try run([.answer(status)]) { exporter, _ in exporter.export(.example()) }
        #expect(run.posts.count == 1 && run.status.failed == 1)
        #expect(run.status.lastFailure == "refused: the server answered \(status), expected 200 to 299")
    }

    @Test func aRedirectionIsNotFollowed() throws {
        let run = try run([.redirect]) { exporter, _ in exporter.export(.example()) }
        #expect(run.posts.count == 1 && run.status.failed == 1)
    }

    @Test func aBatchIsGivenUpAndTheNextOneStillGoes() throws {
        let run = try run([.answer(503), .fail(isFinal: false), .unsent, .answer(200)]) { exporter, _ in
            for name in ["a", "b", "c"] { exporter.export(.example(name)) }
        }
        #expect(run.names == [["a", "b"], ["a", "b"], ["a", "b"], ["c"]])
        #expect(run.status.failed == 2 && run.status.delivered == 1 && run.isSettled)
        #expect(run.status.lastFailure == "unreachable: nobody there")
    }

    @Test func silenceIsCutOffAndTriedAgain() throws {
        let run = try run([.silence, .answer(200)]) { exporter, _ in exporter.export(.example()) }
        #expect(run.seconds == [1, 13] && run.status == status(delivered: 1))
    }

    @Test func neverEarlierThanTheServerSaid() throws {
        let run = try run([.answer(503, retryAfter: "45"), .answer(200)]) { exporter, _ in exporter.export(.example()) }
        #expect(run.seconds == [1, 46] && run.status == status(delivered: 1))
    }

    /// The batch is given up, but the next one is not sent into the time that the server asked for.
    @Test func aServerThatAsksForLongIsLeftAloneByAll() throws {
        let run = try run([.answer(429, retryAfter: "100"), .answer(200)]) { exporter, time in
            for name in ["a", "b", "c", "d", "e"] { exporter.export(.example(name)) }
            try await time.sleep(for: .seconds(10))
            #expect(exporter.status.failed == 2 && exporter.status.waiting == 3)
        }
        #expect(run.names == [["a", "b"], ["c", "d"], ["e"]])
        #expect(run.seconds == [1, 101, 101])
        #expect(run.status.delivered == 3 && run.status.dropped == 0)
    }

    @Test(
        arguments: [
            (
                #"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}"#, 1,
                "the server rejected 1 spans: too old"
            ),
            (#"{"partialSuccess":{"rejectedSpans":2}}"#, 2, "the server rejected 2 spans: "),
            (#"{"partialSuccess":{"errorMessage":"look"}}"#, 0, "the server rejected 0 spans: look"),
            (#"{"partialSuccess":{"rejectedSpans":"-7"}}"#, 0, nil),
            (#"{"partialSuccess":{"rejectedSpans":9e99}}"#, 0, nil),
            (#"{"partialSuccess":null}"#, 0, nil), ("{}", 0, nil), ("", 0, nil), ("\u{1}\u{0}", 0, nil),
            (#"{"partialSuccess":{"rejectedSpans":"\#(UInt64.max)"}}"#, 0, nil),
        ] as [(String, Int, String?)]) func aPartialSuccessIsCounted(
            body: String, rejected: Int, message: String?
        ) throws
    {
        let run = try run([.answer(200, body: body)], batch: 3) { exporter, _ in
            for name in ["a", "b", "c"] { exporter.export(.example(name)) }
        }
        #expect(run.posts.count == 1)
        #expect(run.status.rejected == rejected && run.status.delivered == 3 - rejected)
        #expect(run.status.lastFailure == message)
    }

    @Test func whatAServerSaysIsCut() throws {
        let long = String(repeating: "x", count: 50_000)
        let run = try run([.answer(200, body: #"{"partialSuccess":{"rejectedSpans":1,"errorMessage":"\#(long)"}}"#)]) {
            exporter, _ in exporter.export(.example())
        }
        #expect(run.status.lastFailure?.count == "the server rejected 1 spans: ".count + 1_000)
    }

    /// Eight spans for a room of four, and nobody answers in the time that there is.
    @Test func shutdownEndsInTimeAndCountsWhatIsLost() throws {
        let run = try run([.silence], patience: .seconds(7)) { [time] exporter, _ in
            for name in "abcdefgh" { exporter.export(.example("\(name)")) }
            #expect(exporter.status.dropped == 2)
            #expect(await exporter.flush(waitingAtMost: .seconds(1)) == false)
            #expect(time.now == MonotonicInstant(nanoseconds: 2_000_000_000))
        }
        #expect(!run.isSettled && time.now == MonotonicInstant(nanoseconds: 9_000_000_000))
        #expect(run.posts.count == 1)
        #expect(run.status.failed == 2 && run.status.dropped == 6 && run.status.waiting == 0)
    }

    /// Whoever else waits at the end is told, and does not wait for what nobody will send.
    @Test func whoFlushesIsNotLeftWaitingAtTheEnd() throws {
        let ended = Lock(MonotonicInstant?.none)
        let run = try run([.silence], patience: .seconds(7)) { [time] exporter, _ in
            for name in "abcd" { exporter.export(.example("\(name)")) }
            exporter.environment.spawner.spawn {
                _ = await exporter.flush(waitingAtMost: .seconds(3_600))
                ended.withLock { $0 = time.now }
            }
        }
        #expect(run.status.failed == 2 && run.status.dropped == 2)
        #expect(ended.withLock { $0 } == MonotonicInstant(nanoseconds: 8_000_000_000))
    }

    /// Nobody carries what its owner has let go of, unless the exporter lives until it is sent.
    @Test func spansOutliveTheTracerThatMadeThem() throws {
        let transport = ScriptedTransport([], time: time)
        let executor = QuietExecutor(time)
        let environment = RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor))
        weak var left: OTLPExporter?
        do {
            let exporter = try OTLPExporter(
                OTLPConfiguration(serviceName: "bot"), environment: environment, transport: transport)
            left = exporter
            Tracer(exporter, time: time).span("a") { _ in }
        }
        executor.drain()
        #expect(left != nil)
        while time.advanceToNextDeadline() { executor.drain() }
        #expect(transport.sent.map(Run.names) == [["a"]])
        #expect(left == nil && environment.spawner.liveCount == 0)
    }
}
