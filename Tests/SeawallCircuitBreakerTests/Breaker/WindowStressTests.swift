import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The windows under real threads: no call is lost and none is counted twice, whichever way its result went.
@Suite(.timeLimit(.minutes(10))) struct WindowStressTests {
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
        let failures = await Crew.results(Self.threads) { thread in
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
        let status = breaker.status
        #expect(status.callsInWindow == Self.threads * Self.calls)
        #expect(status.failureCount == failures.reduce(0, +))
        #expect(breaker.state == .closed)
    }

    /// A reset begins an era, and no success of the one before is counted in it, however late it comes.
    @Test func noCallOfAnEarlierEraIsCounted() async throws {
        let breaker = try CircuitBreaker(
            name: "stress", configuration: Self.configuration(.time(.seconds(10))), time: ManualTime())
        let rounds = 2_000
        let looks = Lock(0)
        let late = await Crew.results(Self.threads) { thread in
            guard thread > 0 else {
                return (0..<rounds).reduce(0) { late, _ in
                    breaker.reset()
                    Crew.stepAside()
                    let seen = breaker.status.callsInWindow
                    looks.withLock { $0 += 1 }
                    Crew.stepAside()
                    return late + seen
                }
            }
            // Each call is settled after the first look that follows its beginning, so that no look sees it in its own era.
            var look = 0
            while look < rounds {
                let held = (0..<20).compactMap { _ in breaker.admit().ticket }
                let begun = looks.withLock { $0 }
                repeat {
                    Crew.stepAside()
                    look = looks.withLock { $0 }
                } while look == begun && look < rounds
                for ticket in held { breaker.record(.success, for: ticket) }
            }
            return 0
        }
        #expect(late.reduce(0, +) == 0)
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
        let torn = Lock(0)
        let (counted, drained) = await Self.sums(
            count: {
                torn.withLock { $0 += 1 }
                return true
            },
            drain: {
                let seen = torn.withLock { $0 }
                // Wide enough a gap for every machine.
                Crew.stepAside()
                torn.withLock { $0 = 0 }
                return seen
            })
        #expect(drained < counted)
    }

    /// How many were counted by some threads, and taken out by another one meanwhile and afterwards.
    private static func sums(
        count: @escaping @Sendable () -> Bool, drain: @escaping @Sendable () -> Int
    ) async -> (counted: Int, drained: Int) {
        let done = Lock(0)
        let sums = await Crew.results(threads + 1) { thread in
            if thread < threads {
                let counted = (0..<calls).count { call in
                    // Nobody does all his calls in one slice of the machine's time.
                    if call % 100 == 0 { Crew.stepAside() }
                    return count()
                }
                done.withLock { $0 += 1 }
                return (counted, 0)
            }
            var drained = 0
            while done.withLock({ $0 }) < threads { drained += drain() }
            return (0, drained + drain())
        }
        return (sums.reduce(0) { $0 + $1.0 }, sums.reduce(0) { $0 + $1.1 })
    }
}
