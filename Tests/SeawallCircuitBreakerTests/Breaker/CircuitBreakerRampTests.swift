import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The way back of calls after the breaker has closed.
@Suite struct CircuitBreakerRampTests {
    private let time = ManualTime()

    private func closedAgain(_ ramp: CircuitBreakerConfiguration.Ramp) throws -> CircuitBreaker {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.ramp = ramp
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        try breaker.make(1, .success)
        #expect(breaker.state == .closed)
        return breaker
    }

    private func admitted(_ breaker: CircuitBreaker, of count: Int) -> Int {
        (0..<count).count { _ in breaker.admit().ticket != nil }
    }

    @Test func aTenthPassesFirstThenHalfThenAll() throws {
        let breaker = try closedAgain(.init(duration: .seconds(100)))
        #expect(breaker.status.admittedPerMille == 100)
        // The first call finds a whole one, and each tenth after it.
        #expect(admitted(breaker, of: 100) == 11)
        time.advance(by: .seconds(50))
        #expect(breaker.status.admittedPerMille == 550)
        #expect(admitted(breaker, of: 1_000) == 550)
        time.advance(by: .seconds(50))
        #expect(admitted(breaker, of: 1_000) == 1_000)
        #expect(breaker.status.admittedPerMille == 1_000)
    }

    @Test func aRefusalOnTheRampNamesItsEnd() throws {
        let breaker = try closedAgain(.init(duration: .seconds(100), firstPerMille: 1))
        _ = try breaker.admitted()
        guard case .rejected(let rejection) = breaker.admit().admission else {
            Issue.record("admitted")
            return
        }
        #expect(rejection.state == .closed)
        #expect(rejection.until == time.now.advanced(by: .seconds(100)))
        #expect(
            rejection.description
                == "circuit breaker \"orders\" is closed and lets only some calls pass until 110.000000000s")
        time.advance(by: .nanoseconds(99_999_999_999))
        #expect(breaker.status.admittedPerMille == 999)
        time.advance(by: .nanoseconds(1))
        #expect(admitted(breaker, of: 10) == 10)
    }

    @Test func aFailureOnTheRampOpensAsEver() throws {
        let breaker = try closedAgain(.init(duration: .seconds(100)))
        #expect(try breaker.make(1, .failure).map(\.to) == [.open])
    }

    @Test func anOperatorNeedsNoRamp() throws {
        let breaker = try closedAgain(.init(duration: .seconds(100)))
        breaker.reset()
        #expect(admitted(breaker, of: 100) == 100)
    }
}
