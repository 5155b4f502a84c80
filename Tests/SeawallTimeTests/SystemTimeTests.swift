import SeawallTime
import Testing

/// The one place that touches the machine's clock; its only real waits are of a millisecond.
@Suite(.timeLimit(.minutes(10))) struct SystemTimeTests {
    private let time = SystemTime()

    @Test func nowNeverGoesBack() {
        var last = time.now
        for _ in 0..<20_000 {
            let next = time.now
            #expect(last <= next)
            last = next
        }
        #expect(last > .origin)
    }

    @Test func theCoarseReadingLagsAndNeverLeads() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var last = MonotonicInstant(nanoseconds: .min)
                    for _ in 0..<5_000 {
                        let before = time.now
                        let coarse = time.coarseNow
                        let after = time.now
                        #expect(coarse <= after)
                        // The slowest tick is 10 ms; the rest is room for the sleep's shift, read in two steps.
                        #expect(before.duration(to: coarse) > .milliseconds(-100))
                        #expect(last <= coarse)
                        last = coarse
                    }
                }
            }
        }
    }

    @Test func civilTimeIsOfThisCentury() {
        #expect(time.civilNow > CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000))
        #expect(time.civilNow.iso8601Text.hasPrefix("20"))
    }

    @Test func aSleepNeverEndsBeforeItsDeadline() async throws {
        for _ in 0..<5 {
            let deadline = time.now.advanced(by: .milliseconds(1))
            try await time.sleep(until: deadline)
            #expect(time.now >= deadline)
        }
    }

    @Test func aDeadlineThatHasComeIsNoSleep() async throws {
        try await time.sleep(until: time.now)
        try await time.sleep(until: MonotonicInstant(nanoseconds: .min))
        try await time.sleep(for: .seconds(Int64.min))
    }

    @Test(arguments: [MonotonicInstant.distantFuture, .origin])
    func aTaskCancelledBeforeNeverSleeps(deadline: MonotonicInstant) async {
        let spawner = TaskSpawner()
        spawner.cancelAll()
        await spawner.spawn {
            await #expect(throws: CancellationError.self) { try await time.sleep(until: deadline) }
        }.value
    }

    @Test func aSleepForEverEndsWithItsCancellation() async {
        let sleeping = ManualTime()
        let spawner = TaskSpawner()
        let task = spawner.spawn {
            async let wakes: Void? = try? sleeping.sleep(until: .distantFuture)
            await #expect(throws: CancellationError.self) { try await time.sleep(until: .distantFuture) }
            _ = await wakes
        }
        await sleeping.waitForSleepers()
        task.cancel()
        await task.value
        #expect(spawner.liveCount == 0)
    }
}
