import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct TaskSpawnerTests {
    @TaskLocal private static var label = "none"

    private let journal = Journal<String>()

    @Test func countsATaskFromItsStartToItsEnd() {
        let executor = StepExecutor()
        let spawner = TaskSpawner(executor: executor)
        #expect(spawner.liveCount == 0)
        spawner.spawn {}
        spawner.spawn {}
        #expect(spawner.liveCount == 2)
        executor.step()
        #expect(spawner.liveCount == 1)
        executor.runUntilIdle()
        #expect(spawner.liveCount == 0)
    }

    @Test func itSaysWhereItsTasksWereStarted() {
        let executor = StepExecutor()
        let spawner = TaskSpawner(executor: executor)
        let line = #line + 1
        spawner.spawn {}
        spawner.spawn(file: "Bot/Quoter.swift", line: 7) {}
        #expect(spawner.liveOrigins == ["SeawallTimeTests/TaskSpawnerTests.swift:\(line)", "Bot/Quoter.swift:7"])
        executor.step()
        #expect(spawner.liveOrigins == ["Bot/Quoter.swift:7"])
        executor.runUntilIdle()
        #expect(spawner.liveOrigins.isEmpty)
    }

    @Test func aTaskThatEndsBeforeItIsListedLeavesNothing() {
        let spawner = TaskSpawner(executor: InlineExecutor())
        spawner.spawn { [journal] in journal.append("ran, \(spawner.liveCount) live") }
        #expect(journal.entries == ["ran, 1 live"])
        #expect(spawner.liveCount == 0)
    }

    @Test func cancelAllEndsRunningTasksInTheOrderOfTheirStart() {
        let executor = StepExecutor()
        let spawner = TaskSpawner(executor: executor)
        let time = ManualTime()
        for index in 0..<20 {
            spawner.spawn { [journal] in
                do { try await time.sleep(until: .distantFuture) } catch { journal.append("\(index)") }
            }
        }
        executor.runUntilIdle()
        #expect(time.sleeperCount == 20)
        spawner.cancelAll()
        #expect(time.sleeperCount == 0)
        executor.runUntilIdle()
        #expect(journal.entries == (0..<20).map { "\($0)" })
        #expect(spawner.liveCount == 0)
        spawner.cancelAll()
    }

    @Test func aTaskAfterCancelAllIsCancelledBeforeItsFirstStep() {
        let spawner = TaskSpawner(executor: InlineExecutor())
        spawner.spawn { [journal] in journal.append("\(Task.isCancelled)") }
        spawner.cancelAll()
        spawner.spawn { [journal] in journal.append("\(Task.isCancelled)") }
        #expect(journal.entries == ["false", "true"])
        #expect(spawner.liveCount == 0)
    }

    @Test func cancelAllReachesATaskThatIsJustStarting() {
        let executor = StepExecutor()
        let meddler = MeddlingExecutor(base: executor)
        let spawner = TaskSpawner(executor: meddler)
        meddler.onEnqueue.withLock { $0 = { spawner.cancelAll() } }
        let task = spawner.spawn { [journal] in journal.append("\(Task.isCancelled)") }
        meddler.onEnqueue.withLock { $0 = nil }
        #expect(task.isCancelled)
        executor.runUntilIdle()
        #expect(journal.entries == ["true"])
        #expect(spawner.liveCount == 0)
    }

    @Test func carriesTaskLocalValues() async {
        let spawner = TaskSpawner()
        let task = Self.$label.withValue("outer") {
            spawner.spawn { [journal] in journal.append(Self.label) }
        }
        await task.value
        #expect(journal.entries == ["outer"])
    }

    @Test func keepsItsTasksAndTheirChildrenOnTheExecutor() {
        let executor = StepExecutor()
        let spawner = TaskSpawner(executor: executor)
        spawner.spawn { [journal] in
            async let child = "child"
            journal.append(await child)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { journal.append("member") }
            }
            spawner.spawn { journal.append("grandchild") }
        }
        executor.runUntilIdle()
        #expect(journal.entries == ["child", "member", "grandchild"])
        #expect(spawner.liveCount == 0)
    }

    @Test func countsRightUnderRealThreads() async {
        let spawner = TaskSpawner()
        let tally = Lock(0)
        let tasks = (0..<2_000).map { _ in spawner.spawn { tally.withLock { $0 += 1 } } }
        for task in tasks { await task.value }
        #expect(tally.withLock { $0 } == 2_000)
        #expect(spawner.liveCount == 0)
    }
}

/// Does something of the test's at the moment at which a task is handed over.
private final class MeddlingExecutor: TaskExecutor {
    let base: StepExecutor
    let onEnqueue = Lock<(@Sendable () -> Void)?>(nil)

    init(base: StepExecutor) { self.base = base }

    func enqueue(_ job: consuming ExecutorJob) {
        base.enqueue(job)
        let action = onEnqueue.withLock { $0 }
        action?()
    }
}
