import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The windows under real threads: no call is lost and none is counted twice, whichever way its result went.
@Suite struct WindowStressTests {
    private static let threads = 4
    private static let calls = 20_000

    /// Long enough that no call of the test ever leaves it.
    private static func configuration(_ window: CircuitBreakerConfiguration.Rates.Window) -> CircuitBreakerConfiguration
    {
        .rated(.init(window: window, minimumCalls: 100_000, slowCallsPerMille: 1_000, slowCallDuration: .seconds(60)))
    }

    @Test(arguments: [CircuitBreakerConfiguration.Rates.Window.time(.seconds(10)), .calls(100_000)])
    func everyCallIsCountedOnce(window: CircuitBreakerConfiguration.Rates.Window) async throws {
        let time = ManualTime()
        let breaker = try CircuitBreaker(name: "stress", configuration: Self.configuration(window), time: time)
        let failures = await withTaskGroup(of: Int.self) { group in
            for thread in 0..<Self.threads {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(thread), stream: "window")
                    var failures = 0
                    for call in 0..<Self.calls {
                        guard let ticket = breaker.admit().ticket else { continue }
                        // Rare failures take the lock and empty the stripes while others count in them.
                        let fails = generator.chance(0.02)
                        if fails { failures += 1 }
                        breaker.record(fails ? .failure : .success, for: ticket)
                        // A new slice now and then, and somebody who looks.
                        if thread == 0, call % 4_000 == 3_999 { time.advance(by: .seconds(1)) }
                        if call % 1_000 == 0 { _ = breaker.status }
                    }
                    return failures
                }
            }
            return await group.reduce(0, +)
        }
        let status = breaker.status
        #expect(status.callsInWindow == Self.threads * Self.calls)
        #expect(status.failureCount == failures)
        #expect(breaker.state == .closed)
    }

    /// A reset begins an era; no success of the one before may be counted in it.
    @Test func noCallOfAnEarlierEraIsCounted() async throws {
        let breaker = try CircuitBreaker(
            name: "stress", configuration: Self.configuration(.time(.seconds(10))), time: ManualTime())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.threads - 1 {
                group.addTask {
                    for _ in 0..<Self.calls {
                        if let ticket = breaker.admit().ticket { breaker.record(.success, for: ticket) }
                    }
                }
            }
            group.addTask { for _ in 0..<2_000 { breaker.reset() } }
        }
        let before = breaker.status.callsInWindow
        let old = try breaker.admitted()
        breaker.reset()
        #expect(breaker.status.callsInWindow == 0)
        breaker.record(.success, for: old)
        #expect(breaker.status.callsInWindow == 0)
        #expect(before <= (Self.threads - 1) * Self.calls)
    }

    @Test func theStripesLoseNothingWhileTheyAreEmptied() async {
        let stripes = SuccessStripes(processors: 2)
        stripes.begin(era: 1)
        let (counted, drained) = await Self.sums(count: { stripes.count(era: 1) }, drain: { stripes.drain() })
        #expect(counted == Self.threads * Self.calls)
        #expect(drained == counted)
    }

    /// That the stress above finds a stripe that is read and emptied in two steps.
    @Test func stripesThatAreEmptiedInTwoStepsAreFound() async {
        var isFound = false
        // Which thread runs when is the machine's to say: one round nearly always is enough.
        for _ in 0..<50 where !isFound {
            let torn = Lock(0)
            let (counted, drained) = await Self.sums(
                count: {
                    torn.withLock { $0 += 1 }
                    return true
                },
                drain: {
                    let seen = torn.withLock { $0 }
                    torn.withLock { $0 = 0 }
                    return seen
                })
            isFound = counted != drained
        }
        #expect(isFound)
    }

    /// How many were counted by some threads, and taken out by another one meanwhile and afterwards.
    private static func sums(
        count: @escaping @Sendable () -> Bool, drain: @escaping @Sendable () -> Int
    ) async -> (counted: Int, drained: Int) {
        await withTaskGroup(of: (counted: Int, drained: Int).self) { group in
            for _ in 0..<threads {
                group.addTask { ((0..<calls).count { _ in count() }, 0) }
            }
            group.addTask { (0, (0..<calls).reduce(0) { sum, _ in sum + drain() }) }
            var sums = (counted: 0, drained: 0)
            for await part in group {
                sums.counted += part.counted
                sums.drained += part.drained
            }
            sums.drained += drain()
            return sums
        }
    }
}
