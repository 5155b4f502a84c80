import SeawallAlerts
import SeawallBackoff
import SeawallTime
import Testing

@testable import SeawallExport

@Suite struct WebhookSinkTests {
    private let time = ManualTime(start: MonotonicInstant(nanoseconds: 1_000_000_000))

    private func sink(
        _ transport: ScriptedTransport, attempts: Int = 3, payload: WebhookPayload = .generic,
        effect: OperationEffect = .keyedCreate
    ) throws -> WebhookSink {
        let retry = try RetryPolicy(
            maximumAttempts: attempts, longestRetryAfter: .seconds(60), backoff: .constant(.seconds(2)))
        return try WebhookSink(
            WebhookConfiguration(
                url: "https://hooks.example/secret", payload: payload, headers: ["X-Bot": "one"], retry: retry,
                effect: effect),
            environment: RuntimeEnvironment(time: time), transport: transport)
    }

    /// Delivers one alert in virtual time and gives the error, if any.
    private func deliver(
        _ steps: [ScriptedTransport.Step], payload: WebhookPayload = .generic, effect: OperationEffect = .keyedCreate
    ) throws -> ((any Error)?, ScriptedTransport) {
        let transport = ScriptedTransport(steps, time: time)
        let sink = try sink(transport, payload: payload, effect: effect)
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

    /// Our clock shows the first second of 2024: by it the first date is an hour away, and the second long over.
    @Test(arguments: [
        ("Mon, 01 Jan 2024 01:00:05 GMT", "Mon, 01 Jan 2024 01:00:50 GMT"),
        ("Sun, 31 Dec 2023 09:00:00 GMT", "Sun, 31 Dec 2023 09:00:45 GMT"),
        ("Sun, 31 Dec 2023 09:00:00 GMT", "1704013245"), ("Sun, 31 Dec 2023 09:00:00 GMT", "1704013245000"),
    ]) func aDateIsReadByTheServersClock(date: String, retryAfter: String) throws {
        let (error, transport) = try deliver([.answer(429, retryAfter: retryAfter, date: date), .answer(200)])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 46])
    }

    @Test(arguments: [nil, "", "yesterday", "Mon, 99 Jan 2024 00:00:00 GMT"] as [String?])
    func withoutTheServersTimeADateIsReadByOurs(date: String?) throws {
        let (error, transport) = try deliver([
            .answer(503, retryAfter: "Mon, 01 Jan 2024 00:00:30 GMT", date: date), .answer(200),
        ])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 31])
    }

    @Test func aNumberOfSecondsNeedsNoClockOfTheServer() throws {
        let (error, transport) = try deliver([
            .answer(429, retryAfter: "45", date: "Fri, 01 Jan 2100 00:00:00 GMT"), .answer(200),
        ])
        #expect(error == nil)
        #expect(seconds(transport) == [1, 46])
    }

    /// A date of a server whose clock cannot be right ends the delivery instead of holding up all later alerts.
    @Test func aServersClockThatIsFarOffEndsIt() throws {
        let (error, transport) = try deliver([
            .answer(
                429, retryAfter: "Mon, 01 Jan 2024 00:00:30 GMT", date: "Thu, 01 Jan 1970 00:00:00 GMT")
        ])
        #expect((error as? BackoffExhausted)?.reason == .retryAfter)
        #expect(transport.sent.count == 1)
    }

    /// An alert that nobody hears does more harm than one heard twice; both carry one id.
    @Test(arguments: [WebhookPayload.generic, .slack, .pagerDuty(routingKey: "r", source: "s")])
    func whatMayHaveArrivedIsPostedAgainWithTheSameID(payload: WebhookPayload) throws {
        let (error, transport) = try deliver(
            [.fail(isFinal: false), .answer(504), .answer(200)], payload: payload)
        #expect(error == nil)
        #expect(transport.sent.count == 3)
        #expect(Set(transport.sent.compactMap { $0.headers["Idempotency-Key"] }) == ["alert-3.7.begin.5000000000"])
        #expect(Set(transport.sent.map(\.body)).count == 1)
        let body = String(decoding: try #require(transport.sent.first).body, as: UTF8.self)
        #expect(body.contains("alert-3.7.begin.5000000000") || body.contains(#""dedup_key":"s/alert-3.7""#))
    }

    @Test func whoAsksForAtMostOnceGetsNoSecondPostOfWhatMayHaveArrived() throws {
        for step in [ScriptedTransport.Step.answer(500), .answer(502), .answer(504), .fail(isFinal: false), .silence] {
            let (error, transport) = try deliver([step, .answer(200)], effect: .create)
            let given = try #require(error as? ExportError)
            #expect(given.mayHaveArrived)
            #expect(transport.sent.count == 1)
        }
        for step in [ScriptedTransport.Step.answer(429), .answer(408), .answer(425), .unsent] {
            let (error, transport) = try deliver([step, .answer(200)], effect: .create)
            #expect(error == nil)
            #expect(transport.sent.count == 2)
        }
    }

    /// A line break in an id would end the header, and what follows would be another.
    @Test func noIDOfAnEpisodeMakesAHeaderOfItsOwn() throws {
        let transport = ScriptedTransport([.answer(200)], time: time)
        let sink = try sink(transport)
        var alert = Alert.example()
        alert.episode = "boot\r\nX-Evil: é\u{0}"
        let evil = alert
        try QuietExecutor(time).run { try await sink.deliver(evil) }
        #expect(
            transport.sent.first?.headers["Idempotency-Key"] == "boot__X-Evil:___.begin.5000000000")
    }

    @Test(arguments: [Duration.seconds(86_401), .seconds(Int64.max), .zero, .seconds(-1)])
    func aTimeoutThatFoundationCannotCountIsRefused(timeout: Duration) {
        let error = #expect(throws: InvalidFields.self) {
            try WebhookSink(WebhookConfiguration(url: "https://hooks.example/x", timeout: timeout))
        }
        #expect(error?.fields.map(\.name) == ["timeout"])
    }

    @Test func aRefusalSaysThatTheAlertHasNotArrived() throws {
        for step in [ScriptedTransport.Step.answer(404), .answer(301), .redirect] {
            let (error, _) = try deliver([step])
            #expect((error as? ExportError)?.mayHaveArrived == false)
        }
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
