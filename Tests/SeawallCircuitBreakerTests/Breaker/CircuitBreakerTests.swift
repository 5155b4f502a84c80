import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

@Suite struct CircuitBreakerTests {
    private let time = ManualTime()

    /// The general configuration with nothing left to chance.
    private static let plain = CircuitBreakerConfiguration(openDurationJitter: 0)

    private func breaker(_ configuration: CircuitBreakerConfiguration = plain) throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: configuration, time: time)
    }

    private func ticket(_ breaker: CircuitBreaker) throws -> CircuitBreaker.Ticket {
        let ticket = breaker.admit().ticket
        return try #require(ticket)
    }

    @discardableResult
    private func fail(_ breaker: CircuitBreaker, _ times: Int) throws -> [CircuitBreaker.Transition] {
        try (0..<times).flatMap { _ in breaker.record(.failure, for: try ticket(breaker)) }
    }

    @Test func fiveFailuresOpenItForAMinute() throws {
        let breaker = try breaker()
        #expect(try fail(breaker, 4).isEmpty)
        #expect(breaker.status.failureCount == 4)
        let transitions = try fail(breaker, 1)
        let until = time.now.advanced(by: .seconds(60))
        #expect(
            transitions == [
                CircuitBreaker.Transition(
                    name: "orders", from: .closed, to: .open, at: time.now, reason: .consecutiveFailures,
                    failureCount: 5, until: until, detail: nil)
            ])
        #expect(breaker.nextTransition == until)
        let rejection = CircuitBreaker.Rejection(name: "orders", state: .open, until: until, detail: nil)
        #expect(breaker.admit().admission == .rejected(rejection))
        #expect(rejection.description == "circuit breaker \"orders\" is open until 60.000000000s")
    }

    @Test func itRefusesUntilExactlyTheInstantItNamedAndThenAdmits() throws {
        let breaker = try breaker(.exchange)
        try fail(breaker, 5)
        guard case .rejected(let rejection) = breaker.admit().admission, let until = rejection.until else {
            Issue.record("admitted while open")
            return
        }
        time.advance(to: MonotonicInstant(nanoseconds: until.nanoseconds - 1))
        #expect(breaker.admit().ticket == nil)
        time.advance(by: .nanoseconds(1))
        let decision = breaker.admit()
        #expect(decision.ticket?.isProbe == true)
        #expect(decision.transitions.map(\.to) == [.halfOpen])
        #expect(decision.transitions.map(\.at) == [until])
    }

    @Test func aSuccessClearsTheFailuresInARow() throws {
        let breaker = try breaker()
        for _ in 0..<20 {
            #expect(try fail(breaker, 4).isEmpty)
            breaker.record(.success, for: try ticket(breaker))
        }
        #expect(breaker.state == .closed)
        #expect(breaker.status.failureCount == 0)
    }

    @Test func ignoredResultsNeitherCountNorClear() throws {
        let breaker = try breaker()
        try fail(breaker, 4)
        for _ in 0..<10 { breaker.record(.ignored, for: try ticket(breaker)) }
        #expect(breaker.status.failureCount == 4)
        #expect(try fail(breaker, 1).count == 1)
    }

    @Test func theStateTellsTheTruthWithoutTrafficAndTakesNothingAway() throws {
        let breaker = try breaker()
        try fail(breaker, 5)
        let end = try #require(breaker.nextTransition)
        time.advance(by: .seconds(3_600))
        #expect(breaker.state == .halfOpen)
        #expect(breaker.status.since == end)
        // The transition itself still goes, once, to the first call that can carry it.
        #expect(breaker.poll().map(\.at) == [end])
        #expect(breaker.poll().isEmpty)
        #expect(breaker.nextTransition == nil)
    }

    @Test func aFailureThatArrivesWhileOpenDoesNotMoveTheEnd() throws {
        let breaker = try breaker()
        let straggler = try ticket(breaker)
        try fail(breaker, 5)
        let end = breaker.nextTransition
        time.advance(by: .seconds(59))
        #expect(breaker.record(.failure, for: straggler).isEmpty)
        #expect(breaker.nextTransition == end)
    }

    @Test func aLateSuccessDoesNotCloseAHalfOpenBreaker() throws {
        let breaker = try breaker()
        let straggler = try ticket(breaker)
        try fail(breaker, 5)
        time.advance(by: .seconds(60))
        let probe = try ticket(breaker)
        #expect(breaker.record(.success, for: straggler).isEmpty)
        #expect(breaker.record(.ignored, for: straggler).isEmpty)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.record(.success, for: probe).map(\.to) == [.closed])
    }

    @Test func anIgnoredProbeGivesBackItsOwnPermitAndNoMore() throws {
        let breaker = try breaker()
        try fail(breaker, 5)
        time.advance(by: .seconds(60))
        let first = try ticket(breaker)
        #expect(breaker.admit().ticket == nil)
        breaker.record(.ignored, for: first)
        let second = try ticket(breaker)
        // The first ticket once more must not free the second one's permit.
        breaker.record(.ignored, for: first)
        #expect(breaker.record(.success, for: first).isEmpty)
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.record(.success, for: second).map(\.to) == [.closed])
    }

    @Test func aProbeThatHangsCountsAsFailedWhenItsLeaseEnds() throws {
        let breaker = try breaker()
        try fail(breaker, 5)
        time.advance(by: .seconds(60))
        let hung = try ticket(breaker)
        let leaseEnd = time.now.advanced(by: .seconds(30))
        #expect(breaker.nextTransition == leaseEnd)
        time.advance(by: .seconds(30))
        #expect(breaker.state == .open)
        // Two minutes open from the end of the lease, seen only long afterwards.
        time.advance(by: .seconds(500))
        let transitions = breaker.poll()
        #expect(transitions.map(\.reason) == [.probeLeaseOver, .openTimeOver])
        #expect(transitions.map(\.at) == [leaseEnd, leaseEnd.advanced(by: .seconds(120))])
        #expect(transitions.map(\.failureCount) == [6, 6])
        #expect(breaker.record(.success, for: hung).isEmpty)
        #expect(breaker.state == .halfOpen)
    }

    @Test func anExchangeNeedsTwoSuccesses() throws {
        let breaker = try breaker(.exchange)
        try fail(breaker, 5)
        time.advance(by: .seconds(30))
        #expect(breaker.record(.success, for: try ticket(breaker)).isEmpty)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.record(.success, for: try ticket(breaker)).map(\.to) == [.closed])
    }

    @Test func theTimeOpenDoublesToItsCapAndShrinksOnlyWithLastingHealth() throws {
        let breaker = try breaker()
        var lengths: [Duration] = []
        func note(_ transitions: [CircuitBreaker.Transition]) {
            for transition in transitions where transition.to == .open {
                if let until = transition.until { lengths.append(transition.at.duration(to: until)) }
            }
        }
        note(try fail(breaker, 5))
        for _ in 0..<5 {
            if let end = breaker.nextTransition { time.advance(to: end) }
            note(breaker.record(.failure, for: try ticket(breaker)))
        }
        #expect(lengths == [60, 120, 240, 480, 600, 600].map { .seconds($0) })
        // A short recovery shrinks nothing.
        if let end = breaker.nextTransition { time.advance(to: end) }
        breaker.record(.success, for: try ticket(breaker))
        time.advance(by: .seconds(59))
        note(try fail(breaker, 5))
        #expect(lengths.last == .seconds(600))
        // An hour of health gives back all of it.
        if let end = breaker.nextTransition { time.advance(to: end) }
        breaker.record(.success, for: try ticket(breaker))
        time.advance(by: .seconds(3_600))
        note(try fail(breaker, 5))
        #expect(lengths.last == .seconds(60))
    }

    @Test func presetsKeepTheTimeOpenFixed() throws {
        let presets: [(CircuitBreakerConfiguration, Int, Int64, Int)] = [
            (.exchange, 5, 30, 2), (.dex, 10, 60, 3), (.socialAPI, 3, 120, 1), (.backtest, 5, 60, 1),
            (.portfolio, 3, 30, 1), (.risk, 3, 60, 1), (.live, 2, 120, 1),
        ]
        for (preset, failures, seconds, successes) in presets {
            #expect(preset.consecutiveFailures == failures)
            #expect(preset.openDuration == .seconds(seconds))
            #expect(preset.successesToClose == successes)
            #expect(preset.probes == 1)
            #expect(preset.openDuration(afterSteps: 1_000) == .seconds(seconds))
            _ = try breaker(preset)
        }
    }

    @Test func aRateIsExactAndForgetsOldCalls() throws {
        let rates = CircuitBreakerConfiguration.Rates(minimumCalls: 100, failuresPerMille: 570)
        let breaker = try breaker(CircuitBreakerConfiguration(consecutiveFailures: nil, rates: rates))
        // Failures that have left the window are forgotten, and ten thousand good calls must not blind it.
        #expect(try fail(breaker, 50).isEmpty)
        for _ in 0..<10_000 { breaker.record(.success, for: try ticket(breaker)) }
        #expect(try fail(breaker, 56).isEmpty)
        #expect(breaker.state == .closed)
        let transitions = try fail(breaker, 1)
        #expect(transitions.map(\.reason) == [.failureRate])
        #expect(transitions.map(\.failureCount) == [57])
    }

    @Test func aRateMeansNothingBeforeItsMinimumOfCalls() throws {
        let rates = CircuitBreakerConfiguration.Rates(window: .calls(20), minimumCalls: 10)
        let breaker = try breaker(CircuitBreakerConfiguration(consecutiveFailures: nil, rates: rates))
        #expect(try fail(breaker, 9).isEmpty)
        // A success completes the sample, but is no reason to open.
        #expect(breaker.record(.success, for: try ticket(breaker)).isEmpty)
        let transitions = try fail(breaker, 1)
        #expect(transitions.map(\.reason) == [.failureRate])
        #expect(transitions.map(\.failureRate) == [909])
    }

    @Test func aServersHintOpensItAndNeverShortensTheTimeOpen() throws {
        let breaker = try breaker()
        let hint = time.now.advanced(by: .seconds(300))
        #expect(breaker.forceOpen(reason: "Retry-After", until: hint).map(\.detail) == ["Retry-After"])
        #expect(breaker.nextTransition == hint)
        #expect(breaker.forceOpen(reason: "Retry-After", until: time.now.advanced(by: .seconds(1))).isEmpty)
        #expect(breaker.nextTransition == hint)
        let later = time.now.advanced(by: .seconds(400))
        #expect(breaker.forceOpen(reason: "Retry-After", until: later).isEmpty)
        #expect(breaker.nextTransition == later)
    }

    @Test func aHintInThePastOpensNothing() throws {
        let breaker = try breaker()
        #expect(breaker.forceOpen(reason: "Retry-After", until: time.now).isEmpty)
        #expect(breaker.state == .closed)
    }

    @Test func isolationHoldsUntilResetAndOutranksHints() throws {
        let breaker = try breaker()
        #expect(breaker.isolate(reason: "maintenance").map(\.to) == [.isolated])
        time.advance(by: .seconds(86_400))
        guard case .rejected(let rejection) = breaker.admit().admission else {
            Issue.record("admitted while isolated")
            return
        }
        #expect(rejection.until == nil)
        #expect(
            rejection.description == "circuit breaker \"orders\" is isolated until it is released by hand: maintenance")
        #expect(breaker.forceOpen(reason: "hint", until: time.now.advanced(by: .seconds(1))).isEmpty)
        #expect(breaker.reset().map(\.reason) == [.reset])
        #expect(breaker.admit().ticket?.isProbe == false)
    }

    @Test func anIsolationThatEndsLetsProbesDecide() throws {
        let breaker = try breaker()
        breaker.isolate(reason: "maintenance", until: time.now.advanced(by: .seconds(10)))
        time.advance(by: .seconds(10))
        let decision = breaker.admit()
        #expect(decision.transitions.map(\.reason) == [.isolationOver])
        #expect(decision.ticket?.isProbe == true)
    }

    @Test func disabledLetsAllPassAndCountsNothing() throws {
        let breaker = try breaker()
        breaker.disable(reason: "experiment")
        #expect(try fail(breaker, 100).isEmpty)
        #expect(breaker.state == .disabled)
        breaker.reset()
        #expect(breaker.status.failureCount == 0)
    }

    @Test func aResetForgetsCallsUnderWay() throws {
        let breaker = try breaker()
        let underWay = try (0..<5).map { _ in try ticket(breaker) }
        #expect(breaker.reset().isEmpty)
        for ticket in underWay { #expect(breaker.record(.failure, for: ticket).isEmpty) }
        #expect(breaker.status.failureCount == 0)
    }

    @Test func aClockThatGoesBackChangesNothing() {
        var core = CircuitBreakerCore(name: "core", configuration: .live, now: MonotonicInstant(nanoseconds: 1_000))
        for instant in [Int64(1_000), -5] {
            let ticket = core.admit(now: MonotonicInstant(nanoseconds: instant)).ticket
            if let ticket { _ = core.record(.failure, for: ticket, now: MonotonicInstant(nanoseconds: .min)) }
        }
        #expect(core.phase == .open(until: MonotonicInstant(nanoseconds: 120_000_001_000)))
    }

    @Test func timesAtTheEndOfTheRangeSaturate() {
        var configuration = CircuitBreakerConfiguration(consecutiveFailures: 1, openDuration: .seconds(Int64.max))
        configuration.openDurationCap = .seconds(Int64.max)
        configuration.openDurationGrowth = .greatestFiniteMagnitude
        #expect(configuration.invalid.fields.isEmpty)
        var core = CircuitBreakerCore(name: "core", configuration: configuration, now: .origin)
        if let ticket = core.admit(now: .origin).ticket { _ = core.record(.failure, for: ticket, now: .origin) }
        #expect(core.phase == .open(until: .distantFuture))
        #expect(core.admit(now: .distantFuture).ticket?.isProbe == true)
        #expect(core.advance(to: .distantFuture).isEmpty == false)
    }
}
