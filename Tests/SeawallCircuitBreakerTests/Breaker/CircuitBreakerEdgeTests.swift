import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// Clocks that lag and go back, ends of all ranges, and counts that run over: at the face, as users meet them.
@Suite struct CircuitBreakerEdgeTests {
    private typealias Rates = CircuitBreakerConfiguration.Rates

    private func breaker(
        _ configuration: CircuitBreakerConfiguration = .plain(), _ time: any TimeSource
    ) throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: configuration, time: time)
    }

    private static let second: Int64 = 1_000_000_000

    /// A time that goes back finds the breaker where it was, and what was said of its end holds.
    @Test func aClockThatGoesBackMovesNoState() throws {
        let time = LooseTime(100 * Self.second)
        let breaker = try breaker(.plain(), time)
        let ticket = try breaker.admitted()
        time.set(50 * Self.second)
        #expect(breaker.record(.failure, for: ticket).map(\.at) == [MonotonicInstant(nanoseconds: 100 * Self.second)])
        let end = MonotonicInstant(nanoseconds: 110 * Self.second)
        for now in [0, 50, 109] as [Int64] {
            time.set(now * Self.second)
            guard case .rejected(let rejection) = breaker.admit().admission else {
                Issue.record("admitted at \(now)")
                continue
            }
            #expect(rejection.until == end)
            #expect(breaker.poll().isEmpty)
        }
        time.set(end)
        let probe = try breaker.admitted()
        time.set(0)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.nextTransition == end.advanced(by: .seconds(30)))
        #expect(breaker.record(.success, for: probe).map(\.to) == [.closed])
        #expect(breaker.status.since == end)
    }

    @Test(arguments: CircuitBreakerConfiguration.Rates.Clock.allCases)
    func aCallThatEndsBeforeItBeganIsNotSlow(clock: CircuitBreakerConfiguration.Rates.Clock) throws {
        let time = LooseTime(100 * Self.second)
        let breaker = try breaker(
            .rated(
                Rates(
                    window: .time(.seconds(60)), minimumCalls: 1, slowCallsPerMille: 1, slowCallDuration: .seconds(1),
                    clock: clock)), time)
        let ticket = try breaker.admitted()
        time.set(0)
        #expect(breaker.record(.success, for: ticket).isEmpty)
        #expect(breaker.status.callsInWindow == 1)
        #expect(breaker.status.slowCallRate == 0)
    }

    /// Each call is counted once, however far the coarse clock is behind, and forgotten in its time.
    @Test(arguments: [0, 1, 4, 999]) func aCoarseClockThatLagsLosesNoCall(milliseconds: Int64) throws {
        let lag = Duration.milliseconds(milliseconds)
        let time = LooseTime(0)
        let breaker = try breaker(
            .rated(
                Rates(window: .time(.seconds(10)), minimumCalls: 1_000, slowCallsPerMille: 1_000, clock: .coarse)), time
        )
        var calls = 0
        // Through the edges of slices, where the two clocks do not agree on which it is.
        for tick in 0..<40 as Range<Int64> {
            time.set(tick * 101_000_000, lag: lag)
            try breaker.make(2, .success)
            try breaker.make(1, .failure)
            calls += 3
            #expect(breaker.status.callsInWindow == calls)
            #expect(breaker.status.failureCount == calls / 3)
        }
        time.set(15 * Self.second, lag: lag)
        #expect(breaker.status.callsInWindow == 0)
    }

    /// How long a call took is known to a tick, and when a probe may come exactly.
    @Test func aCoarseClockErrsByNoMoreThanItsTick() throws {
        let tick = Duration.milliseconds(4)
        let configuration = CircuitBreakerConfiguration.rated(
            Rates(
                window: .calls(1), minimumCalls: 1, slowCallsPerMille: 1, slowCallDuration: .seconds(5), clock: .coarse)
        )
        for (atStart, atEnd) in [(Duration.zero, tick), (tick, .zero), (.zero, .zero), (tick, tick)] {
            for (took, isSlow) in [(Duration.seconds(5) + tick, true), (.seconds(5) - tick - .nanoseconds(1), false)] {
                let time = LooseTime(0)
                let breaker = try breaker(configuration, time)
                time.set(Self.second, lag: atStart)
                let ticket = try breaker.admitted()
                let end = time.now.advanced(by: took)
                time.set(end, lag: atEnd)
                let transitions = breaker.record(.success, for: ticket)
                #expect(transitions.map(\.reason) == (isSlow ? [.slowCallRate] : []), "\(atStart) \(atEnd) \(took)")
                guard isSlow else { continue }
                time.set(end.advanced(by: .seconds(10) - .nanoseconds(1)), lag: tick)
                #expect(breaker.admit().ticket == nil)
                time.set(end.advanced(by: .seconds(10)), lag: tick)
                #expect(try breaker.admitted().isProbe)
            }
        }
    }

    private static let configurations: [CircuitBreakerConfiguration] = [
        .general,
        .rated(Rates(window: .calls(2), minimumCalls: 1)),
        .rated(Rates(window: .time(.nanoseconds(1)), minimumCalls: 1, slowCallsPerMille: 1)),
        .rated(Rates(window: .time(.nanoseconds(Int64.max)), minimumCalls: 1, slowCallsPerMille: 1, clock: .coarse)),
        CircuitBreakerConfiguration(
            consecutiveFailures: .max, rates: Rates(minimumCalls: 1), openDuration: .nanoseconds(Int64.max),
            openDurationGrowth: .greatestFiniteMagnitude, openDurationCap: .nanoseconds(Int64.max),
            openDurationJitter: 1,
            probes: 1_000, successesToClose: 1_000_000, probeLease: .nanoseconds(Int64.max),
            ramp: .init(duration: .nanoseconds(Int64.max))),
        CircuitBreakerConfiguration(
            consecutiveFailures: 1, openDuration: .nanoseconds(1), openDurationCap: .nanoseconds(1),
            probeLease: .nanoseconds(1), ramp: .init(duration: .nanoseconds(1))),
    ]

    /// Every event at every edge of time: nothing traps and nothing turns for ever.
    @Test(arguments: [Int64.min, Int64.min + 1, -1, 0, 1, Int64.max - 1, Int64.max]) func noEdgeOfTimeTraps(
        edge: Int64
    ) throws {
        for configuration in Self.configurations {
            for next in [Int64.min, -1, 0, .max - 1, .max] {
                let time = LooseTime(edge)
                let breaker = try breaker(configuration, time)
                let early = try breaker.admitted()
                for result in [CircuitBreaker.CallResult.success, .failure, .ignored] {
                    for _ in 0..<6 {
                        if let ticket = breaker.admit().ticket { breaker.record(result, for: ticket) }
                    }
                    time.set(next, lag: .nanoseconds(Int64.max))
                    #expect(breaker.status.probesInFlight >= 0 && breaker.status.callsInWindow >= 0)
                    breaker.poll()
                }
                for end in [nil, Int64.min, .max] as [Int64?] {
                    let instant = end.map { MonotonicInstant(nanoseconds: $0) }
                    breaker.forceOpen(reason: "edge", until: instant)
                    breaker.isolate(reason: "edge", until: instant)
                    _ = breaker.operatorState
                    breaker.release()
                    _ = try? breaker.permit()
                }
                breaker.record(.failure, for: early)
                breaker.reset()
                #expect(breaker.state == .closed)
            }
        }
    }

    /// Refused until exactly the instant that it named, then admitted: wherever time begins.
    @Test(arguments: [Int64.min, -1, 0, Int64.max / 2]) func aRefusalNamesItsEndAtEveryEdge(start: Int64) throws {
        let time = LooseTime(start)
        let breaker = try breaker(.plain(), time)
        try breaker.make(1, .failure)
        let end = try #require(breaker.nextTransition)
        #expect(time.now.duration(to: end) == .seconds(10))
        time.set(end.advanced(by: .nanoseconds(-1)))
        #expect(breaker.admit().ticket == nil)
        time.set(end)
        #expect(try breaker.admitted().isProbe)
    }

    /// After as many transitions as its word can number, results still count in their era and in no other.
    @Test func theNumbersOfErasRunOverAndNothingIsMixedUp() throws {
        let time = LooseTime(0)
        let breaker = try breaker(.plain(failures: 2), time)
        breaker.desk.withLock { $0.core.era = HotWord.lastEra - 3 }
        breaker.reset()
        var eras: Set<UInt64> = []
        for _ in 0..<8 {
            let late = try breaker.admitted()
            try breaker.make(2, .failure)
            #expect(breaker.state == .open)
            eras.insert(late.era)
            time.set(time.now.advanced(by: .seconds(10)))
            try breaker.make(1, .success)
            #expect(breaker.state == .closed)
            breaker.record(.failure, for: late)
            #expect(breaker.status.failureCount == 0)
            // By the shortest way, which reads the published word alone.
            try breaker.make(1, .failure)
            try breaker.make(1, .success)
            #expect(breaker.status.failureCount == 0)
        }
        #expect(eras.count == 8 && !eras.contains(0))
    }

    @Test func countsStayAtTheirEnd() throws {
        let breaker = try breaker(.plain(), LooseTime(0))
        breaker.shadow(reason: "test")
        try breaker.make(1, .failure)
        breaker.desk.withLock { $0.core.shadowRefusals = .max }
        #expect(breaker.admit().shadowRejection != nil)
        #expect(breaker.status.shadowRefusals == .max)
    }
}
