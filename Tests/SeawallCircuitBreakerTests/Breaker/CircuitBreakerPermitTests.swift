import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The right to a call that hands itself back.
@Suite struct CircuitBreakerPermitTests {
    private let time = ManualTime()

    private func openBreaker() throws -> CircuitBreaker {
        let breaker = try CircuitBreaker(name: "orders", configuration: .plain(), time: time)
        try breaker.make(1, .failure)
        return breaker
    }

    @Test func aSettledPermitCountsLikeATicket() throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .plain(failures: 2), time: time)
        #expect(breaker.record(.failure, for: try breaker.permit()).isEmpty)
        #expect(breaker.record(.failure, for: try breaker.permit()).map(\.to) == [.open])
    }

    @Test func aDroppedPermitOfAProbeGivesItsPlaceBackAtOnce() throws {
        let breaker = try openBreaker()
        time.advance(by: .seconds(10))
        func dropped() throws {
            let permit = try breaker.permit()
            let isProbe = permit.isProbe
            #expect(isProbe)
            #expect(breaker.status.probesInFlight == 1)
        }
        try dropped()
        #expect(breaker.status.probesInFlight == 0)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.record(.success, for: try breaker.permit()).map(\.to) == [.closed])
    }

    @Test func aSettledProbeIsNotGivenBackToo() throws {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.successesToClose = 2
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        breaker.record(.success, for: try breaker.permit())
        let other = try breaker.admitted()
        #expect(breaker.status.probesInFlight == 1)
        #expect(breaker.record(.success, for: other).map(\.to) == [.closed])
    }

    @Test func aPermitDroppedAfterItsLeaseHidesNothing() throws {
        let breaker = try openBreaker()
        time.advance(by: .seconds(10))
        func dropped() throws {
            let permit = try breaker.permit()
            time.advance(by: .seconds(30))
            _ = permit.isProbe
        }
        try dropped()
        #expect(breaker.poll().map(\.reason) == [.probeLeaseOver])
    }

    @Test func aRefusalIsThrownWithItsTypeAndTellsWhen() throws {
        let breaker = try openBreaker()
        func refusal() -> CircuitBreaker.Rejection? {
            do {
                _ = try breaker.permit()
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal()?.until == breaker.nextTransition)
        #expect(refusal()?.state == .open)
        #expect(throws: CircuitBreaker.Rejection.self) { try breaker.ticket() }
    }

    @Test func askingTellsTheTransitionsOfTime() throws {
        let breaker = try openBreaker()
        time.advance(by: .seconds(10))
        var heard: [CircuitBreaker.State] = []
        _ = try breaker.ticket { heard.append($0.to) }
        #expect(heard == [.halfOpen])
    }
}
