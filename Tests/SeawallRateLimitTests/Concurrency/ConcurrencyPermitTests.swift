import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Permits that know their call: how they come back, and what is learnt from them.
@Suite struct ConcurrencyPermitTests {
    private struct Failure: Error {}
    private struct Overload: Error {}

    private let time = ManualTime()
    private let executor = StepExecutor()

    private func learning(
        _ configuration: AdaptiveConcurrency = AdaptiveConcurrency(samples: 5), lanes: [Lane] = [],
        maximumWaiters: Int = 1_000
    ) throws -> ConcurrencyLimiter {
        try ConcurrencyLimiter(
            adaptive: configuration, lanes: lanes, maximumWaiters: maximumWaiters,
            environment: RuntimeEnvironment(time: time, random: SeededRandom(seed: 1, stream: "test")))
    }

    /// Ends the first probe: the venue takes one second.
    private func probe(_ limiter: ConcurrencyLimiter) throws {
        for _ in 0..<5 {
            let permit = try #require(limiter.tryAcquirePermit())
            time.advance(by: .seconds(1))
            permit.finish(.succeeded)
        }
    }

    @Test func theFirstWordOfAPermitCountsAndNoneIsLost() throws {
        let limiter = try ConcurrencyLimiter(limit: 1)
        var permit = limiter.tryAcquirePermit()
        #expect(limiter.tryAcquirePermit() == nil)
        #expect(!limiter.tryAcquire())
        // It is not anybody's.
        limiter.release()
        #expect(limiter.inUse == 1)
        permit?.finish(.succeeded)
        permit?.finish(.succeeded)
        #expect(limiter.inUse == 0)
        #expect(limiter.tryAcquire())
        permit = nil
        #expect(limiter.inUse == 1)
        limiter.release()
        limiter.release()
        #expect(limiter.inUse == 0)
        permit = limiter.tryAcquirePermit()
        #expect(limiter.inUse == 1)
        // Let go of without a word.
        permit = nil
        #expect(limiter.inUse == 0)
        #expect(limiter.status.lanes.map(\.granted) == [3])
        #expect(limiter.status.lanes.map(\.refused) == [2])
    }

    @Test func whatIsLearntStandsInTheStatus() throws {
        let limiter = try learning()
        #expect(limiter.status.learning == .init(isProbing: true, learnt: 20, epoch: 1))
        #expect(limiter.limit == 3)
        try probe(limiter)
        #expect(limiter.limit == 20)
        #expect(
            limiter.status.learning
                == .init(
                    isProbing: false, learnt: 20, referenceLatency: .seconds(1), lastLatency: .seconds(1), epoch: 2))
        limiter.tryAcquirePermit()?.finish(.dropped)
        #expect(limiter.status.learning?.learnt == 14)
        #expect(try ConcurrencyLimiter(limit: 1).status.learning == nil)
    }

    @Test func aBodySaysByItsErrorWhatIsLearnt() async throws {
        let limiter = try learning()
        try probe(limiter)
        let epoch = limiter.status.learning?.epoch
        await #expect(throws: Failure.self) { try await limiter.withPermit { throw Failure() } }
        await #expect(throws: CancellationError.self) {
            try await limiter.withPermit(outcome: { _ in .dropped }) { throw CancellationError() }
        }
        #expect(limiter.status.learning?.epoch == epoch)
        await #expect(throws: Overload.self) {
            try await limiter.withPermit(outcome: { $0 is Overload ? .dropped : .ignored }) { throw Overload() }
        }
        #expect(limiter.limit == 14)
        let answer = try await limiter.withPermit {
            time.advance(by: .seconds(3))
            return 42
        }
        #expect(answer == 42)
        #expect(limiter.status.learning?.lastLatency == .seconds(3))
        #expect(limiter.inUse == 0)
    }

    @Test func aBodyThatWasCancelledAndReturnsIsNoSample() async throws {
        let limiter = try learning()
        let task = Task(executorPreference: executor) { [time] in
            try await limiter.withPermit {
                withUnsafeCurrentTask { $0?.cancel() }
                time.advance(by: .seconds(1))
            }
        }
        executor.run()
        try await task.value
        #expect(limiter.status.learning?.lastLatency == nil)
        #expect(limiter.inUse == 0)
    }

    /// The wait for a permit, and then for a thread, is not the venue's.
    @Test func aCallBeginsWhenItsTaskRuns() async throws {
        let limiter = try learning(AdaptiveConcurrency(minimum: 1, probeLimit: 1, samples: 5))
        let first = try #require(limiter.tryAcquirePermit())
        let task = Task(executorPreference: executor) { [time] in
            try await limiter.withPermit { time.advance(by: .seconds(1)) }
        }
        executor.run()
        time.advance(by: .seconds(10))
        first.finish(.ignored)
        time.advance(by: .seconds(10))
        executor.run()
        try await task.value
        #expect(limiter.status.learning?.lastLatency == .seconds(1))
    }

    @Test func theQueueIsBoundedAndShedsTheLowestLaneFirst() async throws {
        let limiter = try ConcurrencyLimiter(limit: 1, lanes: ["high", "low"], maximumWaiters: 1)
        let held = try #require(limiter.tryAcquirePermit())
        let low = Task(executorPreference: executor) { try await limiter.acquirePermit(lane: "low") }
        executor.run()
        let refused = await #expect(throws: RateLimitError.self) { try await limiter.acquirePermit(lane: "low") }
        #expect(refused?.code == .queueFull)
        let high = Task(executorPreference: executor) { try await limiter.acquirePermit(lane: "high") }
        executor.run()
        let shed = await #expect(throws: RateLimitError.self) { try await low.value }
        #expect(shed?.code == .shed)
        held.finish(.succeeded)
        executor.run()
        try await high.value.finish(.succeeded)
        #expect(limiter.inUse == 0)
        #expect(limiter.status.lanes.map(\.refused) == [0, 2])
        let none = try ConcurrencyLimiter(limit: 1, maximumWaiters: 0)
        #expect(none.tryAcquire())
        let full = await #expect(throws: RateLimitError.self) { try await none.acquire() }
        #expect(full?.code == .queueFull)
    }

    /// A task is cancelled after so many of its steps, and the permit comes before or after that.
    @Test func cancelledAtAnyPointItLosesAndMintsNothing() async throws {
        for cancelsAt in 0..<4 {
            for frees in [true, false] {
                let limiter = try ConcurrencyLimiter(limit: 1)
                let held = try #require(limiter.tryAcquirePermit())
                let task = Task(executorPreference: executor) { try await limiter.acquirePermit() }
                // Before it has a place in line.
                if cancelsAt == 0 { task.cancel() }
                executor.run()
                // In line.
                if cancelsAt == 1 { task.cancel() }
                if frees { held.finish(.succeeded) }
                // With the permit, before its task has run.
                if cancelsAt == 2 { task.cancel() }
                executor.run()
                if cancelsAt == 3 { task.cancel() }
                if !frees { held.finish(.succeeded) }
                executor.run()
                switch await task.result {
                case .success(let permit):
                    #expect(frees && cancelsAt >= 2)
                    #expect(limiter.inUse == 1)
                    permit.finish(.ignored)
                case .failure(let error):
                    #expect(error is CancellationError)
                    #expect(!frees || cancelsAt < 2)
                }
                #expect(limiter.inUse == 0)
                #expect(limiter.waiting == 0)
            }
        }
    }

    @Test func badValuesAreListedInOneError() throws {
        let bad = AdaptiveConcurrency(
            initial: 0, minimum: 4, maximum: 8, probeLimit: 9, samples: 4, tolerancePerMille: 9,
            smoothingPerMille: 1_001, cutPerMille: 1_000, probeInterval: .zero)
        let error = #expect(throws: RateLimitError.self) {
            try ConcurrencyLimiter(adaptive: bad, lanes: ["a", "a"], maximumWaiters: -1)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(
            error?.details == [
                "initial is 0, expected 4 to 8 (minimum to maximum)",
                "probeLimit is 9, expected 4 to 8 (minimum to maximum)",
                "samples is 4, expected 5 to 1000",
                "tolerancePerMille is 9, expected 10 to 10000",
                "smoothingPerMille is 1001, expected 10 to 1000",
                "cutPerMille is 1000, expected 100 to 990",
                "probeInterval is 0.0 seconds, expected 1 s to 1 day",
                "lanes[1] is a again, expected each once",
                "maximumWaiters is -1, expected 0 to 1000000",
            ])
        let learnt = try learning()
        #expect(throws: RateLimitError.self) { try learnt.setLimit(2) }
        let over = #expect(throws: RateLimitError.self) { try learnt.setLimit(201) }
        #expect(over?.details == ["limit is 201, expected 3 to 200"])
        try learnt.setLimit(7)
        #expect(learnt.status.learning?.learnt == 7)
    }
}
