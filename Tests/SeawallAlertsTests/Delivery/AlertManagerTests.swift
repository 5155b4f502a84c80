import SeawallTime
import Testing

@testable import SeawallAlerts

@Suite(.timeLimit(.minutes(10))) struct AlertManagerTests {
    private func makeManager(
        _ configuration: AlertConfiguration = AlertConfiguration(), time: ManualTime = ManualTime()
    ) throws -> AlertManager {
        try AlertManager(configuration: configuration, environment: RuntimeEnvironment(time: time))
    }

    @Test func aSinkHearsTheEpisodeWithBothClocks() async throws {
        let time = ManualTime(start: MonotonicInstant(nanoseconds: 5_000_000_000))
        let manager = try makeManager(AlertConfiguration(episodePrefix: "boot2-"), time: time)
        let sink = RecordingSink("log")
        try manager.register(sink)
        manager.begin(
            "breaker:orders", code: "breaker_open", severity: .error, message: "Orders fail.", causes: ["5 failures"],
            scope: "account")
        manager.begin("breaker:orders", code: "breaker_open", severity: .error, message: "Orders fail.")
        let civil = time.civilNow
        time.advance(by: .seconds(90))
        manager.end("breaker:orders")
        await manager.waitUntilDelivered()
        var alert = Alert(
            episode: "boot2-1", event: .begin, severity: .error, code: "breaker_open", message: "Orders fail.",
            causes: ["5 failures"], scope: "account", at: MonotonicInstant(nanoseconds: 5_000_000_000), civil: civil)
        let begin = alert
        alert.event = .end
        alert.at = MonotonicInstant(nanoseconds: 95_000_000_000)
        alert.civil = civil.advanced(by: .seconds(90))
        alert.duration = .seconds(90)
        alert.suppressed = 1
        #expect(sink.heard == [begin, alert])
        #expect(manager.history == [begin, alert])
        #expect(manager.sinks.map(\.delivered) == [2])
    }

    @Test func aStalledSinkDelaysNeitherTheCallerNorAnotherSink() async throws {
        let manager = try makeManager(AlertConfiguration(episodePrefix: "alert-", queueLimit: 3))
        let stalled = RecordingSink("stalled", isHeld: true)
        let quick = RecordingSink("quick")
        try manager.register(stalled)
        manager.begin("first", code: "c", severity: .info, message: "")
        await stalled.waitForArrivals(1)
        try manager.register(quick)
        // Every call returns although nothing is ever taken by the stalled sink.
        for round in 1...10 {
            manager.begin("\(round)", code: "c", severity: .info, message: "")
            await quick.waitForArrivals(round)
        }
        #expect(quick.heard.count == 10)
        #expect(stalled.heard.count == 1)
        let status = try #require(manager.sinks.first)
        #expect(status.dropped == 7)
        #expect(status.waiting == 4)
        #expect(status.delivered == 0)
        stalled.release()
        await manager.waitUntilDelivered()
        #expect(stalled.heard.map(\.episode) == ["alert-1", "alert-2", "alert-3", "alert-4"])
        #expect(manager.sinks.map(\.dropped) == [7, 0])
        #expect(manager.sinks.map(\.delivered) == [4, 10])
    }

    @Test func aSinkThatThrowsIsCountedAndHearsOn() async throws {
        let manager = try makeManager()
        let sink = RecordingSink("pager") { $0.event == .begin }
        try manager.register(sink)
        for key in ["a", "b"] {
            manager.begin(key, code: "c", severity: .critical, message: "")
            manager.end(key)
        }
        await manager.waitUntilDelivered()
        #expect(sink.heard.map(\.event) == [.begin, .end, .begin, .end])
        #expect(manager.sinks.map(\.failed) == [2])
        #expect(manager.sinks.map(\.delivered) == [2])
    }

    @Test func aSinkMayCallTheManagerBack() async throws {
        final class Echo: AlertSink {
            let name = "echo"
            let manager: AlertManager
            init(_ manager: AlertManager) { self.manager = manager }
            func deliver(_ alert: Alert) async throws {
                if alert.code == "first" { manager.begin("echo", code: "second", severity: .info, message: "") }
                manager.unregister("nobody")
                _ = manager.history
            }
        }
        let manager = try makeManager()
        try manager.register(Echo(manager))
        manager.begin("k", code: "first", severity: .info, message: "")
        await manager.waitUntilDelivered()
        await manager.waitUntilDelivered()
        #expect(manager.history.map(\.code) == ["first", "second"])
        #expect(manager.sinks.map(\.delivered) == [2])
        manager.unregister("echo")
    }

    @Test func minimumSeverityIsEachSinksOwn() async throws {
        let manager = try makeManager(AlertConfiguration(episodePrefix: "alert-"))
        let all = RecordingSink("all")
        let grave = RecordingSink("grave")
        try manager.register(all)
        try manager.register(grave, minimumSeverity: .critical)
        manager.begin("a", code: "c", severity: .warning, message: "")
        manager.begin("b", code: "c", severity: .critical, message: "")
        manager.begin("a", code: "c", severity: .critical, message: "")
        manager.end("a")
        manager.end("b")
        await manager.waitUntilDelivered()
        #expect(all.heard.map(\.event) == [.begin, .begin, .remind, .end, .end])
        #expect(grave.heard.map(\.event) == [.begin, .begin, .end, .end])
        #expect(grave.heard.map(\.episode) == ["alert-2", "alert-1", "alert-1", "alert-2"])
    }

    @Test func aSinkThatComesLateHearsTheNextReminderAsBegin() async throws {
        let time = ManualTime()
        let manager = try makeManager(time: time)
        manager.begin("a", code: "c", severity: .warning, message: "")
        let sink = RecordingSink("late")
        try manager.register(sink)
        #expect(manager.nextReminder == MonotonicInstant(nanoseconds: 300_000_000_000))
        await time.waitForSleepers()
        time.advance(by: .seconds(300))
        await sink.waitForArrivals(1)
        manager.end("a")
        await manager.waitUntilDelivered()
        #expect(sink.heard.map(\.event) == [.begin, .end])
        #expect(manager.openEpisodes.isEmpty)
    }

    /// Two processes of one bot, one after the other, whose clocks differ by less than anybody would notice.
    @Test func idsNeverRecurInAnotherManager() throws {
        var ids: Set<String> = []
        for delay in [0, 1, 2] {
            let time = ManualTime()
            time.advance(by: .nanoseconds(delay))
            let manager = try makeManager(time: time)
            for key in ["a", "b"] { manager.begin(key, code: "c", severity: .info, message: "") }
            ids.formUnion(manager.history.map(\.episode))
        }
        #expect(ids.count == 6)
    }

    @Test func namesOfSinksAreTheirOwn() throws {
        let manager = try makeManager()
        try manager.register(RecordingSink("a"))
        let error = #expect(throws: AlertError.self) { try manager.register(RecordingSink("a")) }
        #expect(error?.code == .duplicateSink)
        #expect(manager.unregister("a"))
        #expect(!manager.unregister("a"))
        #expect(throws: AlertError.self) { try manager.register(RecordingSink("")) }
        #expect(throws: Never.self) { try manager.register(RecordingSink("a")) }
    }

    @Test func aConfigurationOutsideItsRangeIsRefusedWithEveryField() {
        let error = #expect(throws: InvalidFields.self) {
            _ = try AlertManager(
                configuration: AlertConfiguration(
                    episodePrefix: "", reminderAfter: .zero, longestReminderWait: .seconds(-1), flapCount: 1,
                    flapWindow: .zero, flapCalm: .seconds(-3), historyLimit: -1, queueLimit: 0, episodeLimit: .min))
        }
        #expect(
            error?.fields.map(\.name) == [
                "episodePrefix", "reminderAfter", "longestReminderWait", "flapCount", "flapWindow", "flapCalm",
                "historyLimit", "queueLimit", "episodeLimit",
            ])
        #expect(error?.description.contains("flapCount is 1, expected 2 to 1000, or 0 for never") == true)
        #expect(throws: Never.self) { _ = try AlertManager(configuration: AlertConfiguration(flapCount: 0)) }
        #expect(throws: Never.self) { _ = try AlertManager(configuration: AlertConfiguration(flapCount: 1_000)) }
    }

    /// The begins of every key were kept for as long as the window lasts, however many they were.
    @Test(arguments: [1_001, Int.max, -1, .min]) func aMemoryOfFlapsWithoutBoundIsRefused(count: Int) {
        let error = #expect(throws: InvalidFields.self) {
            _ = try AlertManager(configuration: AlertConfiguration(flapCount: count))
        }
        #expect(error?.fields.map(\.name) == ["flapCount"])
    }
}
