import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct AdaptedTimeTests {
    private let civil = CivilInstant(millisecondsSinceEpoch: 1_678_406_400_000)
    private let executor = StepExecutor()

    @Test func countsFromTheMomentOfAdaptation() {
        let clock = ManualTime(start: MonotonicInstant(nanoseconds: 77))
        let time: any TimeSource = AdaptedTime(clock, civil: civil)
        #expect(time.now == .origin)
        #expect(time.civilNow == civil)
        clock.advance(by: .seconds(5))
        #expect(time.now == .origin.advanced(by: .seconds(5)))
        #expect(time.coarseNow == time.now)
        #expect(time.civilNow == civil.advanced(by: .seconds(5)))
    }

    @Test func sleepsOnTheClockUntilTheDeadline() {
        let clock = ManualTime(start: MonotonicInstant(nanoseconds: 77))
        let time = AdaptedTime(clock, civil: civil)
        let spawner = TaskSpawner(executor: executor)
        let journal = Journal<MonotonicInstant>()
        spawner.spawn {
            try? await time.sleep(for: .seconds(2))
            journal.append(time.now)
        }
        executor.runUntilIdle()
        #expect(clock.pendingDeadlines == [MonotonicInstant(nanoseconds: 2_000_000_077)])
        clock.advance(by: .seconds(2))
        executor.runUntilIdle()
        #expect(journal.entries == [.origin.advanced(by: .seconds(2))])
    }

    @Test func sleepsAgainWhereTheClockWakesEarly() {
        let clock = ManualTime()
        let time = AdaptedTime(HastyClock(base: clock), civil: civil)
        let spawner = TaskSpawner(executor: executor)
        let deadline = MonotonicInstant.origin.advanced(by: .seconds(8))
        let journal = Journal<MonotonicInstant>()
        spawner.spawn {
            try? await time.sleep(until: deadline)
            journal.append(time.now)
        }
        executor.runUntilIdle()
        var wakes = 0
        while clock.advanceToNextDeadline() {
            wakes += 1
            executor.runUntilIdle()
        }
        #expect(wakes > 3)
        #expect(journal.entries == [deadline])
    }

    @Test func passesACancellationOn() {
        let clock = ManualTime()
        let time = AdaptedTime(clock, civil: civil)
        let spawner = TaskSpawner(executor: executor)
        let journal = Journal<Bool>()
        for _ in 0..<2 {
            spawner.spawn {
                do { try await time.sleep(until: .distantFuture) } catch { journal.append(error is CancellationError) }
            }
            executor.runUntilIdle()
            spawner.cancelAll()
        }
        executor.runUntilIdle()
        #expect(journal.entries == [true, true])
        #expect(clock.sleeperCount == 0)
    }

    @Test func adaptsTheSystemsClockWithoutOverflow() async throws {
        let time = AdaptedTime(ContinuousClock(), civil: civil)
        let (first, second) = (time.now, time.now)
        #expect(first >= .origin && first <= second)
        try await time.sleep(until: .origin)
        let sleeping = ManualTime()
        let task = TaskSpawner().spawn {
            async let wakes: Void? = try? sleeping.sleep(until: .distantFuture)
            await #expect(throws: CancellationError.self) { try await time.sleep(until: .distantFuture) }
            _ = await wakes
        }
        await sleeping.waitForSleepers()
        task.cancel()
        await task.value
    }
}

/// A clock whose sleeps end halfway.
private struct HastyClock: Clock {
    let base: ManualTime

    var now: MonotonicInstant { base.now }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: MonotonicInstant, tolerance: Duration?) async throws {
        let half = now.duration(to: deadline) / 2
        try await base.sleep(until: now.advanced(by: half))
    }
}
