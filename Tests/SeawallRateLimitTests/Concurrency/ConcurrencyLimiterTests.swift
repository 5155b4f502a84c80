import SeawallRateLimit
import SeawallTime
import Testing

@Suite struct ConcurrencyLimiterTests {
    private let executor = StepExecutor()
    private let log = Log()

    private final class Log: Sendable {
        private let stored = Lock<[String]>([])
        var lines: [String] { stored.withLock { $0 } }
        func note(_ line: String) { stored.withLock { $0.append(line) } }
    }

    private final class Crowd: Sendable {
        private let inside = Lock((now: 0, most: 0))
        var most: Int { inside.withLock { $0.most } }
        func enter() { inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { inside.withLock { $0.now -= 1 } }
    }

    @discardableResult
    private func call(_ name: String, _ limiter: ConcurrencyLimiter, run: Bool = true) -> Task<Void, Never> {
        let task = Task(executorPreference: executor) { [log] in
            do {
                try await limiter.acquire()
                log.note(name)
            } catch {
                log.note("\(name) cancelled")
            }
        }
        if run { executor.run() }
        return task
    }

    @Test func permitsGoFirstComeFirstServed() throws {
        let limiter = try ConcurrencyLimiter(limit: 2)
        for name in ["a", "b", "c", "d"] { call(name, limiter) }
        #expect(log.lines == ["a", "b"])
        #expect(limiter.waiting == 2)
        limiter.release()
        // The permit is the waiter's already, before its task has run.
        call("e", limiter, run: false)
        executor.run()
        #expect(log.lines == ["a", "b", "c"])
        limiter.release()
        limiter.release()
        executor.run()
        #expect(log.lines == ["a", "b", "c", "d", "e"])
        #expect(limiter.inUse == 2)
        for _ in 0..<5 { limiter.release() }
        #expect(limiter.inUse == 0)
    }

    @Test func whoIsCancelledLosesNoPermit() throws {
        let limiter = try ConcurrencyLimiter(limit: 1)
        call("a", limiter)
        let early = call("early", limiter, run: false)
        early.cancel()
        let waiting = call("waiting", limiter)
        call("next", limiter)
        waiting.cancel()
        executor.run()
        #expect(log.lines == ["a", "early cancelled", "waiting cancelled"])
        limiter.release()
        executor.run()
        #expect(log.lines.last == "next")
        limiter.release()
        #expect(limiter.inUse == 0)
        #expect(limiter.waiting == 0)
    }

    @Test func aPermitIsReleasedHoweverTheBodyEnds() async throws {
        struct Failure: Error {}
        let limiter = try ConcurrencyLimiter(limit: 1)
        #expect(try await limiter.withPermit { limiter.inUse } == 1)
        await #expect(throws: Failure.self) { try await limiter.withPermit { throw Failure() } }
        #expect(limiter.inUse == 0)
    }

    @Test func aLimitBelowOneIsRefused() {
        let error = #expect(throws: RateLimitError.self) { try ConcurrencyLimiter(limit: 0) }
        #expect(error?.details == ["limit is 0, expected 1 or more"])
    }

    @Test func underThreadsAndCancellationsTheLimitHoldsAndNoPermitIsLost() async throws {
        let limiter = try ConcurrencyLimiter(limit: 3)
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<2_000 {
                group.addTask {
                    let task = Task {
                        try? await limiter.withPermit {
                            crowd.enter()
                            await Task {}.value
                            crowd.leave()
                        }
                    }
                    if index % 3 == 0 { task.cancel() }
                    await task.value
                }
            }
        }
        #expect(crowd.most <= 3)
        #expect(limiter.inUse == 0)
        #expect(limiter.waiting == 0)
    }
}
