import SeawallBackoff
import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallExport

/// The exporter on real threads and in real time.
@Suite(.timeLimit(.minutes(15))) struct OTLPStressTests {
    /// Takes every third batch at once, and the others at the second try; counts what it has taken.
    private final class Collector: HTTPTransport {
        private let state = Lock((posts: 0, spans: 0))

        var spans: Int { state.withLock { $0.spans } }

        func send(_ post: HTTPPost) async throws -> HTTPAnswer {
            let names = String(decoding: post.body, as: UTF8.self).split(separator: "\"spanId\"").count - 1
            return state.withLock { state in
                state.posts += 1
                if state.posts % 3 == 1 { return HTTPAnswer(status: 503) }
                state.spans += names
                return HTTPAnswer(status: 200)
            }
        }
    }

    @Test func everySpanOfManyThreadsIsCountedOnce() async throws {
        let collector = Collector()
        let exporter = try OTLPExporter(
            OTLPConfiguration(
                serviceName: "bot", retry: RetryPolicy(maximumAttempts: 3, backoff: .constant(.milliseconds(1))),
                interval: .milliseconds(1), batchSpans: 16, queueSpans: 64),
            environment: RuntimeEnvironment(), transport: collector)
        let each = 2_000
        let flusher = TaskSpawner().spawn {
            for _ in 0..<50 { _ = await exporter.flush(waitingAtMost: .milliseconds(2)) }
        }
        let threads = await Crew.results(4) { thread in
            let tracer = Tracer(exporter)
            for number in 0..<each {
                tracer.start("\(thread)", ["n": .whole(number)]).end()
                if number % 100 == 0 { Crew.stepAside() }
            }
            return exporter.status
        }
        await flusher.value
        #expect(await exporter.shutdown(waitingAtMost: .seconds(300)))
        exporter.export(.example())
        let status = exporter.status
        #expect(status.waiting == 0 && status.failed == 0 && status.rejected == 0)
        #expect(status.delivered == collector.spans && status.delivered > 0)
        #expect(status.delivered + status.dropped == 4 * each + 1)
        for seen in threads { #expect(seen.delivered + seen.dropped + seen.waiting >= each) }
    }

    /// Whoever shuts down while others still end spans.
    @Test func shuttingDownAmongThreadsLosesNoCount() async throws {
        for round in 0..<20 {
            let exporter = try OTLPExporter(
                OTLPConfiguration(serviceName: "bot", interval: .milliseconds(1), batchSpans: 4, queueSpans: 32),
                environment: RuntimeEnvironment(), transport: Collector())
            let closer = TaskSpawner().spawn {
                _ = await exporter.shutdown(waitingAtMost: .milliseconds(Int64(round % 3)))
            }
            _ = await Crew.results(3) { _ in for _ in 0..<200 { exporter.export(.example()) } }
            await closer.value
            // What was under way when it was cancelled is settled soon.
            while exporter.status.waiting > 0 { try await SystemTime().sleep(for: .milliseconds(1)) }
            let status = exporter.status
            #expect(status.delivered + status.failed + status.dropped == 600)
        }
    }
}
