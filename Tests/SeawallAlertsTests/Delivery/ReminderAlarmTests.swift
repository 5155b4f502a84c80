import SeawallTime
import Testing

@testable import SeawallAlerts

/// Reminders that come by themselves.
@Suite(.timeLimit(.minutes(10))) struct ReminderAlarmTests {
    private let time = ManualTime()
    // What a call makes ready has run when the call returns.
    private let spawner = TaskSpawner(executor: InlineExecutor())
    private let sink = RecordingSink("all")

    private func manager(_ change: (inout AlertConfiguration) -> Void = { _ in }) throws -> AlertManager {
        var configuration = AlertConfiguration(
            episodePrefix: "alert-", reminderAfter: .seconds(10), longestReminderWait: .seconds(40))
        change(&configuration)
        let manager = try AlertManager(
            configuration: configuration, environment: RuntimeEnvironment(time: time, spawner: spawner))
        try manager.register(sink)
        return manager
    }

    private func due(_ second: Int64) -> [MonotonicInstant] { [MonotonicInstant(nanoseconds: second * 1_000_000_000)] }

    @Test func remindersComeByThemselvesAtExactInstants() async throws {
        let manager = try manager()
        manager.begin("k", code: "c", severity: .warning, message: "")
        for (count, second) in zip(2..., [10, 30, 70, 110] as [Int64]) {
            await time.waitForSleepers()
            #expect(time.pendingDeadlines == due(second))
            time.advance(to: MonotonicInstant(nanoseconds: second * 1_000_000_000 - 1))
            #expect(manager.history.count == count - 1)
            time.advance(by: .nanoseconds(1))
            await sink.waitForArrivals(count)
        }
        #expect(sink.heard.map { $0.at.nanoseconds / 1_000_000_000 } == [0, 10, 30, 70, 110])
    }

    @Test func nothingWaitsWhereNothingIsOpen() async throws {
        let manager = try manager()
        #expect(time.sleeperCount == 0)
        manager.begin("k", code: "c", severity: .warning, message: "")
        await time.waitForSleepers()
        manager.end("k")
        #expect(time.sleeperCount == 0)
        #expect(spawner.liveCount == 0)
    }

    @Test func whoIsDueFirstIsWaitedFor() async throws {
        let manager = try manager()
        manager.begin("a", code: "c", severity: .warning, message: "")
        await time.waitForSleepers()
        time.advance(by: .seconds(10))
        await sink.waitForArrivals(2)
        // The next of a is due at 30, the first of b at 20.
        manager.begin("b", code: "c", severity: .warning, message: "")
        time.advance(to: MonotonicInstant(nanoseconds: 20_000_000_000))
        await sink.waitForArrivals(4)
        #expect(sink.heard.map(\.episode) == ["alert-1", "alert-1", "alert-2", "alert-2"])
    }

    @Test func aManagerThatIsGoneWaitsForNothing() async throws {
        do {
            let manager = try manager()
            manager.begin("k", code: "c", severity: .warning, message: "")
            await time.waitForSleepers()
            await manager.waitUntilDelivered()
        }
        #expect(time.sleeperCount == 0)
    }

    @Test func whereItMayNotNothingComesByItself() async throws {
        let manager = try manager { $0.remindsByItself = false }
        manager.begin("k", code: "c", severity: .warning, message: "")
        await manager.waitUntilDelivered()
        #expect(time.sleeperCount == 0)
        time.advance(by: .seconds(1_000))
        #expect(manager.history.count == 1)
    }

    /// Exhaustive at small scope: whatever order things come in, at most one task is wanted, and never too late.
    @Test func theAlarmNeverWakesTooLate() {
        let choices: [Int64?] = [nil, 1, 2, 3]
        let task = TaskSpawner().spawn {}
        for code in 0..<1_024 {
            var alarm = ReminderAlarm()
            var running: (due: Int64, number: UInt64)?
            var rest = code
            for _ in 0..<5 {
                let due = choices[rest % 4]
                rest /= 4
                switch alarm.follow(due.map { MonotonicInstant(nanoseconds: $0) }) {
                case .none: break
                case .stop: running = nil
                case .start(let at, let number, _):
                    running = (at.nanoseconds, number)
                    let unwanted = alarm.keep(task, number: number)
                    #expect(unwanted == nil)
                }
                #expect((running == nil) == (due == nil))
                if let due, let running { #expect(running.due <= due) }
            }
            if let running {
                let stale = alarm.wake(number: running.number &+ 1)
                let mine = alarm.wake(number: running.number)
                #expect(!stale && mine)
            }
        }
    }
}
