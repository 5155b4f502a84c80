import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

@Suite struct CircuitBreakerRunTests {
    private struct Trouble: Error, Equatable {}

    private let time = ManualTime()

    private func openBreaker() async throws -> CircuitBreaker {
        let breaker = try CircuitBreaker(name: "orders", configuration: .live, time: time)
        for _ in 0..<2 {
            await #expect(throws: Trouble()) { try await breaker.run { throw Trouble() } }
        }
        return breaker
    }

    @Test func aCallsValueComesBack() async throws {
        let breaker = try CircuitBreaker(name: "orders", time: time)
        #expect(try await breaker.run { 7 } == 7)
    }

    @Test func failuresComeBackUntouchedAndOpenIt() async throws {
        let breaker = try await openBreaker()
        #expect(breaker.state == .open)
        var calls = 0
        let rejection = await #expect(throws: CircuitBreaker.Rejection.self) {
            try await breaker.run { calls += 1 }
        }
        #expect(calls == 0)
        #expect(rejection?.until == breaker.nextTransition)
    }

    @Test func aSuccessfulProbeClosesItAndTheHookMayCallItAgain() async throws {
        let breaker = try await openBreaker()
        time.advance(by: .seconds(120))
        var heard: [CircuitBreaker.State] = []
        try await breaker.run(
            onTransition: {
                heard.append($0.to)
                _ = breaker.state
                if $0.to == .closed, let ticket = breaker.admit().ticket { breaker.record(.ignored, for: ticket) }
            },
            operation: {})
        #expect(heard == [.halfOpen, .closed])
    }

    @Test func cancellationIsNeutralWhateverTheCallerWouldSay() async throws {
        let breaker = try await openBreaker()
        time.advance(by: .seconds(120))
        await #expect(throws: CancellationError.self) {
            try await breaker.run { throw CancellationError() }
        }
        #expect(breaker.state == .halfOpen)
        #expect(breaker.status.probesInFlight == 0)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await breaker.run(classify: { _ in .failure }, operation: { throw Trouble() })
        }
        await #expect(throws: Trouble()) { try await cancelled.value }
        #expect(breaker.status.probesInFlight == 0)
        #expect(breaker.status.failureCount == 2)
    }

    @Test func theCallerSaysWhatAnErrorMeans() async throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .live, time: time)
        for _ in 0..<5 {
            await #expect(throws: Trouble()) {
                try await breaker.run(classify: { _ in .success }, operation: { throw Trouble() })
            }
        }
        #expect(breaker.state == .closed)
    }
}
