import SeawallAlerts
import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct DeliveryTests {
    @Test func waitingReturnsAtOnceWhereNothingIsOutstanding() async throws {
        let manager = try AlertManager()
        await manager.waitUntilDelivered()
        manager.begin("a", code: "c", severity: .info, message: "")
        await manager.waitUntilDelivered()
        #expect(manager.history.count == 1)
    }

    @Test func waitingEndsWhenTheSinkIsRemoved() async throws {
        let manager = try AlertManager()
        let sink = RecordingSink("stalled", isHeld: true)
        try manager.register(sink)
        manager.begin("a", code: "c", severity: .info, message: "")
        manager.begin("b", code: "c", severity: .info, message: "")
        await sink.waitForArrivals(1)
        let waiting = TaskSpawner(executor: InlineExecutor()).spawn { await manager.waitUntilDelivered() }
        manager.unregister("stalled")
        await waiting.value
        sink.release()
        #expect(sink.heard.count == 1)
    }

    @Test func waitingEndsWhenTheTaskIsCancelled() async throws {
        let manager = try AlertManager()
        let sink = RecordingSink("stalled", isHeld: true)
        try manager.register(sink)
        manager.begin("a", code: "c", severity: .info, message: "")
        await sink.waitForArrivals(1)
        let waiting = TaskSpawner(executor: InlineExecutor()).spawn { await manager.waitUntilDelivered() }
        waiting.cancel()
        await waiting.value
        #expect(manager.sinks.map(\.waiting) == [1])
        sink.release()
        await manager.waitUntilDelivered()
        #expect(manager.sinks.map(\.waiting) == [0])
    }

    @Test func aTaskThatIsCancelledAlreadyDoesNotWait() async throws {
        let manager = try AlertManager()
        let sink = RecordingSink("stalled", isHeld: true)
        try manager.register(sink)
        manager.begin("a", code: "c", severity: .info, message: "")
        await sink.waitForArrivals(1)
        let waiting = TaskSpawner().spawn {
            withUnsafeCurrentTask { $0?.cancel() }
            await manager.waitUntilDelivered()
        }
        await waiting.value
        sink.release()
        await manager.waitUntilDelivered()
        #expect(manager.sinks.map(\.delivered) == [1])
    }

    @Test func aWaiterWaitsOnlyForWhatWasThereBefore() async throws {
        let manager = try AlertManager(configuration: AlertConfiguration(episodePrefix: "alert-"))
        let sink = RecordingSink("log", isHeld: true) { $0.episode == "alert-2" }
        try manager.register(sink)
        manager.begin("a", code: "c", severity: .info, message: "")
        await sink.waitForArrivals(1)
        let ended = Lock(false)
        let waiting = TaskSpawner(executor: InlineExecutor()).spawn {
            await manager.waitUntilDelivered()
            ended.withLock { $0 = true }
        }
        #expect(ended.withLock { $0 } == false)
        manager.begin("b", code: "c", severity: .info, message: "")
        await sink.waitUntilHeld()
        sink.release(onlyThisOne: true)
        await waiting.value
        await sink.waitForArrivals(2)
        await sink.waitUntilHeld()
        #expect(manager.sinks.map(\.delivered) == [1])
        sink.release()
        await manager.waitUntilDelivered()
        #expect(manager.sinks.map(\.failed) == [1])
    }

    @Test func aClosedSpawnerStillEndsWhatWaits() async throws {
        let spawner = TaskSpawner()
        spawner.cancelAll()
        let manager = try AlertManager(environment: RuntimeEnvironment(spawner: spawner))
        let sink = RecordingSink("log")
        try manager.register(sink)
        manager.begin("a", code: "c", severity: .info, message: "")
        await manager.waitUntilDelivered()
        #expect(sink.heard.count == 1)
    }

    @Test func underThreadsEachSinkHearsTheHistoryInItsOrder() async throws {
        let manager = try AlertManager(
            configuration: AlertConfiguration(flapCount: 0, historyLimit: 10_000, queueLimit: 10_000))
        let sinks = (0..<3).map { RecordingSink("\($0)") }
        for sink in sinks { try manager.register(sink) }
        let spawner = TaskSpawner()
        let callers = (0..<4).map { caller in
            spawner.spawn {
                for round in 0..<300 {
                    let key = "\((round + caller) % 5)"
                    manager.begin(key, code: "c", severity: .info, message: "")
                    if round % 3 == caller % 3 { manager.end(key) }
                }
            }
        }
        for task in callers { await task.value }
        await manager.waitUntilDelivered()
        let history = manager.history
        #expect(history.count > 100)
        for sink in sinks { #expect(sink.heard == history) }
        for alerts in Dictionary(grouping: history, by: \.episode).values {
            #expect(alerts.map(\.event).starts(with: [.begin]))
            #expect(alerts.count <= 2)
        }
        #expect(manager.sinks.allSatisfy { $0.waiting == 0 && $0.dropped == 0 && $0.delivered == history.count })
    }

    @Test func theSameReportsGiveTheSameAlerts() throws {
        func history() throws -> [Alert] {
            let time = ManualTime()
            let manager = try AlertManager(
                configuration: AlertConfiguration(remindsByItself: false),
                environment: RuntimeEnvironment(time: time))
            for key in ["b", "a", "c"] { manager.begin(key, code: key, severity: .error, message: "") }
            time.advance(by: .seconds(300))
            manager.remindIfDue()
            manager.end("a")
            return manager.history + manager.openEpisodes
        }
        #expect(try history() == history())
        #expect(try history().map(\.code) == ["b", "a", "c", "b", "a", "c", "a", "b", "c"])
    }
}
