import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// Rates over the last calls and the last seconds, of failures and of slow calls.
@Suite struct CircuitBreakerWindowTests {
    private let time = ManualTime()

    private func breaker(_ rates: CircuitBreakerConfiguration.Rates) throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: .rated(rates), time: time)
    }

    @Test func aWindowOfTimeForgetsWhatIsTenTenthsOld() throws {
        let breaker = try breaker(.init(window: .time(.seconds(10)), minimumCalls: 4))
        try breaker.make(3, .failure)
        time.advance(to: MonotonicInstant(nanoseconds: 9_999_999_999))
        #expect(breaker.status.callsInWindow == 3)
        time.advance(by: .nanoseconds(1))
        #expect(breaker.status.callsInWindow == 0)
        #expect(breaker.status.failureRate == nil)
        #expect(try breaker.make(3, .failure).isEmpty)
        #expect(try breaker.make(1, .failure).map(\.reason) == [.failureRate])
    }

    @Test func everySuccessCountsThoughNoneTakesTheLock() throws {
        let breaker = try breaker(.init(window: .time(.seconds(10)), minimumCalls: 1, failuresPerMille: 250))
        try breaker.make(7, .success)
        time.advance(by: .seconds(5))
        try breaker.make(5, .success)
        #expect(breaker.status.callsInWindow == 12)
        #expect(try breaker.make(3, .failure).isEmpty)
        // Four of sixteen are a quarter; once the first seven are forgotten, three of eight are more.
        #expect(breaker.status.failureRate == 200)
        time.advance(by: .seconds(5))
        #expect(breaker.status.failureRate == 375)
        #expect(breaker.state == .closed)
        // Nobody judged meanwhile: the rate rose for want of calls, and a success is no reason to open.
        #expect(try breaker.make(1, .success).isEmpty)
        let transitions = try breaker.make(1, .failure)
        #expect(transitions.map(\.failureRate) == [400])
        #expect(transitions.map(\.slowCallRate) == [nil])
    }

    @Test func successesPushOldCallsOutThoughNoneTakesTheLock() throws {
        let breaker = try breaker(.init(window: .calls(100), minimumCalls: 100, failuresPerMille: 30))
        try breaker.make(2, .failure)
        try breaker.make(98, .success)
        // Nobody has looked meanwhile: both failures are still there, and the next pushes out the first of them.
        #expect(breaker.status.failureRate == 20)
        #expect(try breaker.make(1, .failure).isEmpty)
        #expect(breaker.status.failureCount == 2)
        try breaker.make(250, .success)
        #expect(breaker.status.failureCount == 0)
        #expect(breaker.status.callsInWindow == 100)
        #expect(try breaker.make(2, .failure).isEmpty)
        #expect(try breaker.make(1, .failure).map(\.failureRate) == [30])
    }

    @Test(arguments: [CircuitBreakerConfiguration.Rates.Window.calls(10), .time(.seconds(10))])
    func aSuccessInAWindowEndsTheFailuresInARow(window: CircuitBreakerConfiguration.Rates.Window) throws {
        var configuration = CircuitBreakerConfiguration.rated(.init(window: window, failuresPerMille: 1_000))
        configuration.consecutiveFailures = 2
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        for _ in 0..<3 {
            #expect(try breaker.make(1, .failure).isEmpty)
            try breaker.make(1, .success)
        }
        #expect(try breaker.make(2, .failure).map(\.reason) == [.consecutiveFailures])
    }

    @Test(arguments: CircuitBreakerConfiguration.Rates.Clock.allCases)
    func aCallIsSlowFromItsLimitOn(clock: CircuitBreakerConfiguration.Rates.Clock) throws {
        let breaker = try breaker(
            .init(
                window: .calls(4), minimumCalls: 2, failuresPerMille: nil, slowCallsPerMille: 500,
                slowCallDuration: .seconds(2), clock: clock))
        let quick = try breaker.admitted()
        time.advance(by: .nanoseconds(1_999_999_999))
        #expect(breaker.record(.success, for: quick).isEmpty)
        #expect(breaker.status.slowCallRate == 0)
        let slow = try breaker.admitted()
        time.advance(by: .seconds(2))
        let transitions = breaker.record(.success, for: slow)
        #expect(transitions.map(\.reason) == [.slowCallRate])
        #expect(transitions.map(\.slowCallRate) == [500])
        #expect(transitions.map(\.failureCount) == [0])
    }

    @Test func aFailureMayBeSlowToo() throws {
        let breaker = try breaker(
            .init(window: .time(.seconds(60)), minimumCalls: 2, slowCallsPerMille: 1_000, slowCallDuration: .seconds(2))
        )
        let ticket = try breaker.admitted()
        time.advance(by: .seconds(3))
        #expect(breaker.record(.failure, for: ticket).isEmpty)
        #expect(breaker.status.failureRate == 1_000)
        #expect(breaker.status.slowCallRate == 1_000)
    }

    @Test func aSlowProbeIsAFailedOne() throws {
        let breaker = try breaker(
            .init(minimumCalls: 1, failuresPerMille: 500, slowCallsPerMille: 500, slowCallDuration: .seconds(2)))
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        let probe = try breaker.admitted()
        time.advance(by: .seconds(2))
        #expect(breaker.record(.success, for: probe).map(\.reason) == [.probeSlow])
        #expect(breaker.state == .open)
    }

    @Test func bothRulesMayBeThereAndTheFirstThatHoldsIsNamed() throws {
        var configuration = CircuitBreakerConfiguration.plain(failures: 3)
        configuration.rates = .init(window: .time(.seconds(60)), minimumCalls: 4)
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        try breaker.make(2, .failure)
        try breaker.make(1, .success)
        #expect(breaker.status.failureCount == 2)
        let transitions = try breaker.make(1, .failure)
        #expect(transitions.map(\.reason) == [.failureRate])
        #expect(transitions.map(\.failureRate) == [750])
    }

    @Test func windowsAtTheEndsOfTimeNeitherTrapNorWrap() {
        for span in [Duration.nanoseconds(1), .seconds(1), .seconds(Int64.max)] {
            for start in [Int64.min, -1, 0, Int64.max - 1, Int64.max] {
                var core = CircuitBreakerCore(
                    name: "core", configuration: .rated(.init(window: .time(span), minimumCalls: 3)),
                    now: MonotonicInstant(nanoseconds: start))
                for now in [start, Int64.min, Int64.max] {
                    let instant = MonotonicInstant(nanoseconds: now)
                    guard let ticket = core.admit(now: instant).ticket else { continue }
                    _ = core.record(.success, for: ticket, took: .max, now: instant)
                    #expect(core.history.tally.calls >= 1)
                }
            }
        }
    }
}
