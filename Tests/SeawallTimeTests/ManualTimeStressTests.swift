import SeawallTime
import Testing

/// Manual time under real threads: a sleep lost hangs until the time limit, one that ends twice crashes.
@Suite(.timeLimit(.minutes(10))) struct ManualTimeStressTests {
    @Test func aSleepThatBeginsWhileTimeMovesPastItEnds() async {
        let time = ManualTime()
        let spawner = TaskSpawner()
        for second in 1...3_000 {
            let deadline = MonotonicInstant.origin.advanced(by: .seconds(second))
            let task = spawner.spawn { try? await time.sleep(until: deadline) }
            time.advance(to: deadline)
            await task.value
        }
        #expect(time.sleeperCount == 0)
        #expect(spawner.liveCount == 0)
    }

    @Test func aSleepCancelledWhileItBeginsAndTimeMovesEndsOnce() async {
        let time = ManualTime()
        let spawner = TaskSpawner()
        for second in 1...3_000 {
            let deadline = MonotonicInstant.origin.advanced(by: .seconds(second))
            let task = spawner.spawn { try? await time.sleep(until: deadline) }
            let canceller = spawner.spawn { task.cancel() }
            if second.isMultiple(of: 2) { time.advance(to: deadline) }
            await task.value
            await canceller.value
        }
        #expect(time.sleeperCount == 0)
        #expect(spawner.liveCount == 0)
    }

    @Test func manySleepersManyAdvancersAndManyCancellationsEndEachSleepOnce() async {
        let (workers, sleepsEach) = (200, 40)
        let time = ManualTime()
        let spawner = TaskSpawner()
        let ends = Lock((woken: 0, cancelled: 0, early: 0))
        await time.runAdvancing {
            await time.runAdvancing {
                let tasks = (0..<workers).map { worker in
                    spawner.spawn {
                        var generator = SeededGenerator(seed: UInt64(worker), stream: "stress")
                        for _ in 0..<sleepsEach {
                            let wait = generator.duration(in: .nanoseconds(1) ... .nanoseconds(1_000))
                            let deadline = time.now.advanced(by: wait)
                            do {
                                try await time.sleep(until: deadline)
                                let isEarly = time.now < deadline
                                ends.withLock { ends in
                                    ends.woken += 1
                                    ends.early += isEarly ? 1 : 0
                                }
                            } catch {
                                ends.withLock { $0.cancelled += 1 }
                            }
                        }
                    }
                }
                for task in tasks.enumerated() where task.offset.isMultiple(of: 3) {
                    spawner.spawn { task.element.cancel() }
                }
                for task in tasks { await task.value }
            }
        }
        let (woken, cancelled, early) = ends.withLock { $0 }
        #expect(woken + cancelled == workers * sleepsEach)
        #expect(woken >= (workers - workers / 3 - 1) * sleepsEach)
        #expect(early == 0)
        #expect(time.sleeperCount == 0)
    }

    @Test func aWaiterReturnsOnlyWhenItsCountHasBeenReached() async {
        let spawner = TaskSpawner()
        for _ in 0..<300 {
            let time = ManualTime()
            let waiter = spawner.spawn {
                await time.waitForSleepers(3)
                #expect(time.sleeperCount >= 3)
            }
            let impatient = spawner.spawn { await time.waitForSleepers(9) }
            let sleepers = (0..<3).map { _ in spawner.spawn { try? await time.sleep(for: .seconds(1)) } }
            impatient.cancel()
            await impatient.value
            await waiter.value
            time.advance(by: .seconds(1))
            for sleeper in sleepers { await sleeper.value }
        }
        #expect(spawner.liveCount == 0)
    }
}
