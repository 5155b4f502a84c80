import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct ManualTimeTests {
    private let executor = StepExecutor()
    private let spawner: TaskSpawner
    private let time = ManualTime()
    private let journal = Journal<String>()

    init() { spawner = TaskSpawner(executor: executor) }

    private func at(_ seconds: Int64) -> MonotonicInstant { .origin.advanced(by: .seconds(seconds)) }

    /// Starts a task that sleeps and writes down how its sleep ended, and when.
    @discardableResult
    private func sleeper(_ name: String, until deadline: MonotonicInstant) -> Task<Void, Never> {
        spawner.spawn { [time, journal] in
            do {
                try await time.sleep(until: deadline)
                journal.append("\(name) woke at \(time.now)")
            } catch is CancellationError {
                journal.append("\(name) was cancelled")
            } catch {
                journal.append("\(name) threw \(error)")
            }
        }
    }

    @Test func wakesInOrderOfDeadlineAndThenOfRegistration() {
        for (name, second) in [("a", 3), ("b", 1), ("c", 2), ("d", 1), ("e", 9)] {
            sleeper(name, until: at(Int64(second)))
        }
        executor.runUntilIdle()
        #expect(time.pendingDeadlines == [at(1), at(1), at(2), at(3), at(9)])
        #expect(time.nextDeadline == at(1))
        time.advance(by: .seconds(5))
        #expect(time.sleeperCount == 1)
        executor.runUntilIdle()
        #expect(journal.entries.map { String($0.prefix(1)) } == ["b", "d", "c", "a"])
        time.advance(to: at(9))
        executor.runUntilIdle()
        #expect(journal.entries.last == "e woke at 9.000000000s")
        #expect(time.nextDeadline == nil)
    }

    @Test func goesFromDeadlineToDeadline() {
        sleeper("a", until: at(2))
        sleeper("b", until: at(2))
        sleeper("c", until: at(4))
        executor.runUntilIdle()
        #expect(time.advanceToNextDeadline())
        #expect(time.now == at(2))
        executor.runUntilIdle()
        #expect(journal.entries == ["a woke at 2.000000000s", "b woke at 2.000000000s"])
        #expect(time.advanceToNextDeadline())
        #expect(time.now == at(4))
        #expect(!time.advanceToNextDeadline())
        #expect(time.now == at(4))
        executor.runUntilIdle()
    }

    @Test func neverGoesBackAndSaturates() {
        time.advance(to: at(5))
        time.advance(to: at(3))
        time.advance(by: .seconds(-1))
        time.advance(by: .zero)
        #expect(time.now == at(5))
        time.advance(by: .seconds(Int64.max))
        #expect(time.now == .distantFuture)
        time.advance(by: .seconds(1))
        #expect(time.now == .distantFuture)
    }

    @Test func aDeadlineThatHasComeIsNoSleep() async throws {
        try await time.sleep(until: time.now)
        try await time.sleep(until: MonotonicInstant(nanoseconds: .min))
        try await time.sleep(for: .zero)
        try await time.sleep(for: .seconds(-1))
        #expect(time.sleeperCount == 0)
    }

    @Test func isHalfOpenAtTheDeadline() {
        sleeper("a", until: at(1))
        executor.runUntilIdle()
        time.advance(to: MonotonicInstant(nanoseconds: 999_999_999))
        #expect(time.sleeperCount == 1)
        time.advance(by: .nanoseconds(1))
        #expect(time.sleeperCount == 0)
        executor.runUntilIdle()
    }

    @Test(arguments: 0..<6) func aCancellationAtEveryPointEndsTheSleepOnce(point: Int) {
        let task = sleeper("a", until: at(1))
        let neighbour = sleeper("b", until: at(1))
        if point == 0 { task.cancel() }
        executor.step()
        if point == 1 { task.cancel() }
        executor.step()
        if point == 2 { task.cancel() }
        #expect(time.sleeperCount == (point <= 2 ? 1 : 2))
        time.advance(by: .seconds(1))
        if point == 3 { task.cancel() }
        executor.step()
        if point == 4 { task.cancel() }
        executor.runUntilIdle()
        if point == 5 { task.cancel() }
        #expect(journal.entries.count == 2)
        #expect(journal.entries.contains(point <= 2 ? "a was cancelled" : "a woke at 1.000000000s"))
        #expect(journal.entries.contains("b woke at 1.000000000s"))
        #expect(time.sleeperCount == 0)
        #expect(spawner.liveCount == 0)
        neighbour.cancel()
    }

    @Test func aTaskCancelledBeforeNeverSleeps() {
        spawner.cancelAll()
        sleeper("a", until: at(1))
        sleeper("b", until: at(0))
        executor.runUntilIdle()
        #expect(journal.entries == ["a was cancelled", "b was cancelled"])
        #expect(time.sleeperCount == 0)
    }

    @Test func waitsForAsManySleepersAsAsked() {
        for count in [-1, 0, 1, 2, 3] {
            spawner.spawn { [time, journal] in
                await time.waitForSleepers(count)
                journal.append("saw \(count) of \(time.sleeperCount)")
            }
        }
        executor.runUntilIdle()
        #expect(journal.entries == ["saw -1 of 0", "saw 0 of 0"])
        sleeper("a", until: at(1))
        executor.runUntilIdle()
        #expect(journal.entries.dropFirst(2) == ["saw 1 of 1"])
        sleeper("b", until: at(1))
        sleeper("c", until: at(1))
        executor.runUntilIdle()
        #expect(journal.entries.dropFirst(3) == ["saw 2 of 3", "saw 3 of 3"])
        spawner.cancelAll()
        executor.runUntilIdle()
    }

    @Test func aWaiterHearsOfASleeperThatHasGoneBeforeItRuns() {
        spawner.spawn { [time, journal] in
            await time.waitForSleepers()
            journal.append("saw one")
        }
        executor.runUntilIdle()
        sleeper("a", until: at(1))
        executor.step()
        // The sleeper leaves before the waiter has run.
        time.advance(by: .seconds(1))
        #expect(time.sleeperCount == 0)
        executor.runUntilIdle()
        #expect(journal.entries.contains("saw one"))
    }

    @Test func aSleeperThatAdvanceHasWokenCountsNoMore() {
        sleeper("a", until: at(1))
        executor.runUntilIdle()
        time.advance(by: .seconds(1))
        spawner.spawn { [time, journal] in
            await time.waitForSleepers()
            journal.append("saw the next")
        }
        executor.runUntilIdle()
        #expect(!journal.entries.contains("saw the next"))
        sleeper("b", until: at(2))
        executor.runUntilIdle()
        #expect(journal.entries.contains("saw the next"))
        spawner.cancelAll()
        executor.runUntilIdle()
    }

    @Test func cancellingOneWaiterLeavesTheOthers() {
        let waiters = (0..<3).map { index in
            spawner.spawn { [time, journal] in
                await time.waitForSleepers()
                journal.append("waiter \(index)")
            }
        }
        executor.runUntilIdle()
        waiters[1].cancel()
        executor.runUntilIdle()
        #expect(journal.entries == ["waiter 1"])
        sleeper("a", until: at(1))
        executor.runUntilIdle()
        #expect(journal.entries == ["waiter 1", "waiter 0", "waiter 2"])
        let late = spawner.spawn { [time] in await time.waitForSleepers(9) }
        late.cancel()
        executor.runUntilIdle()
        #expect(spawner.liveCount == 1)
        spawner.cancelAll()
        executor.runUntilIdle()
        #expect(spawner.liveCount == 0)
    }

    @Test func civilTimeRunsAlongAndCanBeStepped() {
        let start = CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000)
        #expect(time.civilNow == start)
        time.advance(by: .seconds(90))
        #expect(time.civilNow == start.advanced(by: .seconds(90)))
        time.stepCivil(by: .seconds(-3_600))
        #expect(time.civilNow == start.advanced(by: .seconds(-3_510)))
        #expect(time.now == at(90))
        let other = ManualTime(start: at(7), civil: CivilInstant(millisecondsSinceEpoch: 0))
        #expect(other.civilNow.nanosecondsSinceEpoch == 0)
        #expect(other.now == at(7) && other.coarseNow == at(7))
        other.stepCivil(by: .seconds(Int64.max))
        #expect(other.civilNow.nanosecondsSinceEpoch == .max)
    }

    @Test func isAClockForCodeThatTakesOne() {
        let clock: any Clock<Duration> = time
        spawner.spawn { [journal] in
            do {
                try await clock.sleep(for: .seconds(2))
                journal.append("woke")
            } catch { journal.append("threw") }
        }
        executor.runUntilIdle()
        #expect(time.nextDeadline == at(2))
        time.advance(by: .seconds(2))
        executor.runUntilIdle()
        #expect(journal.entries == ["woke"])
        #expect(clock.minimumResolution == .nanoseconds(1))
    }

    @Test func runsThroughTheSleepsOfAnOperation() async throws {
        let (time, start) = (ManualTime(), MonotonicInstant.origin)
        let answer = try await time.runAdvancing {
            for second in 1...50 { try await time.sleep(for: .seconds(second)) }
            return time.now
        }
        #expect(answer == start.advanced(by: .seconds(1_275)))
        #expect(time.now == answer)
        await #expect(throws: CancellationError.self) {
            try await time.runAdvancing {
                try await time.sleep(for: .seconds(1))
                throw CancellationError()
            }
        }
        #expect(time.sleeperCount == 0)
    }
}
