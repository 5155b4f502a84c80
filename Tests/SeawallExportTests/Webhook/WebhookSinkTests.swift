import SeawallAlerts
import SeawallBackoff
import SeawallTime
import Testing

@testable import SeawallExport

@Suite struct WebhookSinkTests {
    private let time = ManualTime(start: MonotonicInstant(nanoseconds: 1_000_000_000))

    private func sink(_ transport: ScriptedTransport, attempts: Int = 3) throws -> WebhookSink {
        let retry = try RetryPolicy(
            maximumAttempts: attempts, longestRetryAfter: .seconds(60), backoff: .constant(.seconds(2)))
        return try WebhookSink(
            WebhookConfiguration(url: "https://hooks.example/secret", headers: ["X-Bot": "one"], retry: retry),
            environment: RuntimeEnvironment(time: time), transport: transport)
    }

    /// Delivers one alert in virtual time and gives the error, if any.
    private func deliver(_ steps: [ScriptedTransport.Step]) throws -> ((any Error)?, ScriptedTransport) {
        let transport = ScriptedTransport(steps, time: time)
        let sink = try sink(transport)
        do {
            // Time moves on only when nothing can run, so that no timeout overtakes an answer.
            try QuietExecutor(time).run { try await sink.deliver(.example()) }
            return (nil, transport)
        } catch {
            return (error, transport)
        }
    }

    private func seconds(_ transport: ScriptedTransport) -> [Int64] {
        transport.instants.map { $0.nanoseconds / 1_000_000_000 }
    }

    @Test func oneSuccessIsOnePost() throws {
        let (error, transport) = try deliver([.answer(204)])
        #expect(error == nil)
        #expect(transport.sent.count == 1)
        #expect(
            transport.sent.first?.headers == [
                "Content-Type": "application/json", "User-Agent": "seawall", "X-Bot": "one",
                "Idempotency-Key": "alert-3.7.begin.5000000000",
            ])
    }

    @Test func whatPassesIsTriedAgainWithTheSameKey() throws {
        let (error, transport) = try deliver([.answer(503), .fail(isFinal: false), .answer(200)])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 3, 5])
        #expect(Set(transport.sent.compactMap { $0.headers["Idempotency-Key"] }).count == 1)
    }

    @Test(arguments: [400, 401, 403, 404, 410, 301, 302, 100])
    func whatNoSecondTryChangesEndsAtOnce(status: Int) throws {
        let (error, transport) = try deliver([.answer(status)])
        let refused = try #require(error as? ExportError)
        #expect(refused.code == .refused && refused.status == status)
        #expect(transport.sent.count == 1)
    }

    @Test func aRedirectionIsNoSuccess() throws {
        let (error, transport) = try deliver([.redirect])
        #expect((error as? ExportError)?.code == .refused)
        #expect(transport.sent.count == 1)
    }

    @Test func aCertificateThatIsNotTrustedEndsAtOnce() throws {
        let (error, transport) = try deliver([.fail(isFinal: true)])
        #expect((error as? ExportError)?.code == .unreachable)
        #expect(transport.sent.count == 1)
    }

    @Test(arguments: [408, 425, 429, 500, 502, 599])
    func attemptsRunOutWithTheLastErrorInside(status: Int) throws {
        let (error, transport) = try deliver(Array(repeating: .answer(status), count: 9))
        let exhausted = try #require(error as? BackoffExhausted)
        #expect((exhausted.lastError as? ExportError)?.status == status)
        #expect(transport.sent.count == 3)
    }

    @Test func neverEarlierThanTheServerSaid() throws {
        let (error, transport) = try deliver([.answer(429, retryAfter: "45"), .answer(200)])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 46])
    }

    @Test func aServerThatAsksForTooMuchEndsIt() throws {
        let (error, transport) = try deliver([.answer(429, retryAfter: "61")])
        let exhausted = try #require(error as? BackoffExhausted)
        #expect(exhausted.reason == .retryAfter)
        #expect((exhausted.lastError as? ExportError)?.status == 429)
        #expect(transport.sent.count == 1)
    }

    @Test func aMinuteIsWhatAServerIsGrantedUnlessTold() {
        #expect(WebhookConfiguration(url: "https://hooks.example/x").retry.longestRetryAfter == .seconds(60))
    }

    @Test func silenceIsCutOffAndTriedAgain() throws {
        let (error, transport) = try deliver([.silence, .answer(200)])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 8])
    }

    @Test func aCancelledDeliveryEnds() async throws {
        let transport = ScriptedTransport([.silence], time: time)
        let sink = try sink(transport)
        let ended = Lock<(any Error)?>(nil)
        let task = TaskSpawner().spawn {
            do { try await sink.deliver(.example()) } catch { ended.withLock { $0 = error } }
        }
        // The watch over the silence.
        await time.waitForSleepers(1)
        task.cancel()
        await task.value
        #expect(ended.withLock { $0 is CancellationError })
        #expect(transport.sent.count <= 1)
    }

    @Test func aBadConfigurationListsEveryFieldAndNoSecret() {
        let error = #expect(throws: InvalidFields.self) {
            try WebhookSink(
                WebhookConfiguration(
                    name: "", url: "ftp://secret.example/", payload: .pagerDuty(routingKey: "", source: ""),
                    headers: ["a b": "hidden\r\nX: y"], timeout: .zero))
        }
        #expect(
            error?.fields.map(\.name) == [
                "name", "url", "payload.routingKey", "payload.source", "headers", "headers.a b", "timeout",
            ])
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("hidden") == false)
    }

    @Test(arguments: ["", "hooks.example/x", "http://", "https:///x", "file:///x", "mailto:a@b", "http://a b/"])
    func anAddressThatIsNoneIsRefused(url: String) {
        let error = #expect(throws: InvalidFields.self) { try WebhookSink(url: url) }
        #expect(error?.fields.map(\.name) == ["url"])
    }
}
