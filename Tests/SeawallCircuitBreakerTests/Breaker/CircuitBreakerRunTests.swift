import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

@Suite(.timeLimit(.minutes(10))) struct CircuitBreakerRunTests {
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

    @Test func aValueCanBeAFailure() async throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .live, time: time)
        let judge: (Int) -> CircuitBreaker.CallResult = { $0 >= 500 ? .failure : $0 == 429 ? .ignored : .success }
        for status in [500, 429, 503] {
            // What comes back is the value, whatever the breaker makes of it.
            #expect(try await breaker.run(judge: judge) { status } == status)
        }
        #expect(breaker.state == .open)
        #expect(breaker.status.failureCount == 2)
        time.advance(by: .seconds(120))
        #expect(try await breaker.run(judge: judge) { 429 } == 429)
        #expect(breaker.state == .halfOpen && breaker.status.probesInFlight == 0)
        #expect(try await breaker.run(judge: judge) { 200 } == 200)
        #expect(breaker.state == .closed)
    }

    @Test func aTypedCallComesBackWithItsOwnError() async throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .live, time: time)
        #expect(try await breaker.run(throwing: Trouble.self) { () async throws(Trouble) in 7 } == 7)
        for _ in 0..<2 {
            do throws(CircuitBreaker.CallError<Trouble>) {
                try await breaker.run(throwing: Trouble.self) { () async throws(Trouble) in throw Trouble() }
                Issue.record("it throws")
            } catch {
                guard case .failed(let trouble) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(trouble == Trouble())
            }
        }
        var calls = 0
        do throws(CircuitBreaker.CallError<Trouble>) {
            try await breaker.run(throwing: Trouble.self) { () async throws(Trouble) in calls += 1 }
            Issue.record("it is refused")
        } catch {
            guard case .rejected(let rejection) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(rejection.name == "orders" && rejection.state == .open)
            #expect(rejection.until == breaker.nextTransition && rejection.notBefore == rejection.until)
        }
        #expect(calls == 0)
    }

    @Test func aTypedCallIsClassifiedAndJudgedLikeAnyOther() async throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .live, time: time)
        for _ in 0..<3 {
            await #expect(throws: CircuitBreaker.CallError<Trouble>.self) {
                try await breaker.run(throwing: Trouble.self, classify: { _ in .ignored }) {
                    () async throws(Trouble) in throw Trouble()
                }
            }
        }
        #expect(breaker.state == .closed && breaker.status.failureCount == 0)
        for status in [500, 500] {
            _ = try await breaker.run(throwing: Trouble.self, judge: { $0 == 500 ? .failure : .success }) {
                () async throws(Trouble) in status
            }
        }
        #expect(breaker.state == .open)
    }

    @Test func aTypedCallThatIsCancelledIsNeutral() async throws {
        let breaker = try await openBreaker()
        time.advance(by: .seconds(120))
        await #expect(throws: CircuitBreaker.CallError<CancellationError>.self) {
            try await breaker.run(throwing: CancellationError.self) {
                () async throws(CancellationError) in throw CancellationError()
            }
        }
        #expect(breaker.state == .halfOpen && breaker.status.probesInFlight == 0)
    }

    private struct Refused: CallRefusal, Equatable {
        var notBefore: MonotonicInstant? { nil }
    }

    /// A limiter inside that lets nobody go would have tripped it.
    @Test func aCallThatWasRefusedBeforeItWasMadeSaysNothing() async throws {
        let breaker = try CircuitBreaker(name: "orders", configuration: .plain(), time: time)
        let inner = try await openBreaker()
        await #expect(throws: Refused()) { try await breaker.run { throw Refused() } }
        await #expect(throws: CircuitBreaker.CallError<Refused>.self) {
            try await breaker.run(throwing: Refused.self) { () async throws(Refused) in throw Refused() }
        }
        // By the typed form of the inner breaker too, whichever form is around it.
        typealias Inner = CircuitBreaker.CallError<Trouble>
        await #expect(throws: Inner.self) {
            try await breaker.run {
                try await inner.run(throwing: Trouble.self) { () async throws(Trouble) in }
            }
        }
        await #expect(throws: CircuitBreaker.CallError<Inner>.self) {
            try await breaker.run(throwing: Inner.self) { () async throws(Inner) in
                try await inner.run(throwing: Trouble.self) { () async throws(Trouble) in }
            }
        }
        #expect(breaker.state == .closed)
        #expect(breaker.status.failureCount == 0)
        await #expect(throws: Inner.self) {
            try await breaker.run { throw Inner.failed(Trouble()) }
        }
        #expect(breaker.state == .open)
    }
}
