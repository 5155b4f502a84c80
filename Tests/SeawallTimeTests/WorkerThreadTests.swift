import SeawallTime
import Testing

@Suite struct WorkerThreadTests {
    @Test func jobsAreDoneOneAfterTheOtherInTheirOrder() {
        let worker = WorkerThread()
        let done = Lock([Int]())
        for number in 0..<200 { worker.run { done.withLock { $0.append(number) } } }
        #expect(worker.run(waitingAtMost: .seconds(60)) {})
        #expect(done.withLock { $0 } == Array(0..<200))
    }

    @Test func whoWaitsGoesOnWhenItTakesTooLong() {
        let worker = WorkerThread()
        let door = Lock(())
        let hasEnded = Lock(false)
        door.withLock { _ in
            #expect(
                !worker.run(waitingAtMost: .milliseconds(5)) {
                    door.withLock { _ in }
                    hasEnded.withLock { $0 = true }
                })
        }
        #expect(worker.run(waitingAtMost: .seconds(60)) {})
        #expect(hasEnded.withLock { $0 })
    }

    @Test func whatWasGivenToItIsDoneThoughNobodyHoldsItAnyMore() {
        let last = WorkerThread()
        let count = Lock(0)
        for _ in 0..<20 {
            let worker = WorkerThread()
            worker.run { count.withLock { $0 += 1 } }
            #expect(worker.run(waitingAtMost: .seconds(60)) { count.withLock { $0 += 1 } })
        }
        #expect(last.run(waitingAtMost: .seconds(60)) {})
        #expect(count.withLock { $0 } == 40)
    }
}
