import SeawallAlerts
import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct AcknowledgementTests {
    private let time = ManualTime()

    private func manager() throws -> (AlertManager, RecordingSink) {
        let manager = try AlertManager(
            configuration: AlertConfiguration(
                reminderAfter: .seconds(10), longestReminderWait: .seconds(1_000), remindsByItself: false,
                acknowledgeFrom: .critical), environment: RuntimeEnvironment(time: time))
        let sink = RecordingSink("pager")
        try manager.register(sink)
        return (manager, sink)
    }

    private func remindersUntil(_ end: Int64, _ manager: AlertManager) -> [Int64] {
        var told: [Int64] = []
        let start = time.now
        for second in 1...end {
            time.advance(by: .seconds(1))
            if !manager.remindIfDue().isEmpty { told.append(second) }
        }
        #expect(start.duration(to: time.now) == .seconds(end))
        return told
    }

    @Test func untilSomebodyAnswersItDoesNotGetSeldomer() throws {
        let (manager, _) = try manager()
        let alert = manager.begin("k", code: "c", severity: .critical, message: "")
        #expect(alert?.asksAcknowledgement == true)
        #expect(remindersUntil(45, manager) == [10, 20, 30, 40])
    }

    @Test func whatIsAcknowledgedIsQuietUntilItRises() async throws {
        let (manager, sink) = try manager()
        let episode = try #require(manager.begin("k", code: "c", severity: .critical, message: "")?.episode)
        #expect(manager.acknowledge(episode: episode, by: "ann"))
        #expect(remindersUntil(100, manager).isEmpty)
        #expect(manager.nextReminder == nil)
        manager.begin("k", code: "c", severity: .critical, message: "")
        let end = manager.end("k")
        #expect(end?.acknowledgedBy == "ann")
        #expect(end?.asksAcknowledgement == false)
        #expect(end?.suppressed == 1)
        await manager.waitUntilDelivered()
        #expect(sink.heard.map(\.event) == [.begin, .end])
        #expect(!manager.acknowledge(episode: episode, by: "ann"))
    }

    @Test func aRiseAsksAnew() throws {
        let (manager, _) = try manager()
        let episode = try #require(manager.begin("k", code: "c", severity: .warning, message: "")?.episode)
        #expect(manager.openEpisodes.map(\.asksAcknowledgement) == [false])
        #expect(manager.acknowledge(episode: episode, by: "ann"))
        let rise = manager.begin("k", code: "c", severity: .critical, message: "")
        #expect(rise?.asksAcknowledgement == true)
        #expect(rise?.acknowledgedBy == nil)
        #expect(remindersUntil(30, manager) == [10, 20, 30])
    }

    @Test func nobodyIsAskedUnlessTold() throws {
        let manager = try AlertManager(environment: RuntimeEnvironment(time: time))
        let begin = manager.begin("k", code: "c", severity: .critical, message: "")
        #expect(begin?.asksAcknowledgement == false)
        #expect(!manager.acknowledge(episode: (begin?.episode ?? "") + "0", by: "ann"))
    }
}
