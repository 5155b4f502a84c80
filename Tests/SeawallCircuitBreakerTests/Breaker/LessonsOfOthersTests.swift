import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// What went wrong in other breakers, each named for what would go wrong here.
@Suite struct LessonsOfOthersTests {
    private struct Trouble: Error {}

    private let time = ManualTime()

    private func breaker(_ configuration: CircuitBreakerConfiguration = .plain()) throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: configuration, time: time)
    }

    private func halfOpen(_ configuration: CircuitBreakerConfiguration = .plain()) throws -> CircuitBreaker {
        let breaker = try breaker(configuration)
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        return breaker
    }

    // Polly 219
    @Test func lateFailuresTellNoSecondOpening() throws {
        let breaker = try breaker(.plain(failures: 2))
        let tickets = try (0..<10).map { _ in try breaker.admitted() }
        let transitions = tickets.flatMap { breaker.record(.failure, for: $0) }
        #expect(transitions.map(\.to) == [.open])
    }

    // Polly 1979: a probe that ends with an error nobody foresaw
    @Test func aProbeThatThrowsNeitherWedgesNorCloses() async throws {
        let breaker = try halfOpen()
        await #expect(throws: Trouble.self) { try await breaker.run { throw Trouble() } }
        #expect(breaker.state == .open)
        time.advance(by: .seconds(10))
        #expect(try breaker.admitted().isProbe)
    }

    // resilience4j 544, kubeflow 222, monix 1080
    @Test func ignoredProbesGiveTheLastPlaceBackForEver() throws {
        let breaker = try halfOpen()
        for _ in 0..<1_000 {
            #expect(breaker.record(.ignored, for: try breaker.admitted()).isEmpty)
        }
        #expect(breaker.state == .halfOpen)
        #expect(breaker.record(.success, for: try breaker.admitted()).map(\.to) == [.closed])
    }

    // resilience4j 903, 935, 1389: 999 of 1,000 probes recorded, and stuck
    @Test func aProbeThatIsNeverSettledDoesNotWedgeTheRest() throws {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.probes = 1_000
        configuration.successesToClose = 1_000
        let breaker = try halfOpen(configuration)
        let tickets = try (0..<1_000).map { _ in try breaker.admitted() }
        for ticket in tickets.dropLast() { #expect(breaker.record(.success, for: ticket).isEmpty) }
        time.advance(by: .seconds(30))
        #expect(breaker.poll().map(\.reason) == [.probeLeaseOver])
    }

    // resilience4j 858
    @Test func lookingTakesNoPlace() throws {
        let breaker = try halfOpen()
        for _ in 0..<10 {
            #expect(breaker.state == .halfOpen)
            #expect(breaker.status.probesInFlight == 0)
            #expect(breaker.nextTransition != .origin)
        }
        #expect(try breaker.admitted().isProbe)
    }

    // failsafe 391, and resilience4j alike
    @Test func aCallOfTheClosedEraFreesNoProbesPlace() throws {
        let breaker = try breaker(.plain(failures: 1))
        let early = try breaker.admitted()
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        _ = try breaker.admitted()
        breaker.record(.ignored, for: early)
        breaker.giveBack(early)
        #expect(breaker.admit().ticket == nil)
    }

    // A probe settled twice
    @Test func aProbeSettledTwiceFreesOnePlace() throws {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.probes = 2
        configuration.successesToClose = 3
        let breaker = try halfOpen(configuration)
        let first = try breaker.admitted()
        _ = try breaker.admitted()
        for _ in 0..<5 { breaker.record(.success, for: first) }
        #expect(breaker.status.probesInFlight == 1)
        #expect(breaker.state == .halfOpen)
        _ = try breaker.admitted()
        #expect(breaker.admit().ticket == nil)
    }

    // resilience4j 2038: a stack that overflows while an open breaker looks at its time
    @Test func aCenturyOfSilenceIsOneStepOrTwo() throws {
        let breaker = try halfOpen()
        _ = try breaker.admitted()
        time.advance(by: .seconds(3_000_000_000))
        #expect(breaker.poll().map(\.to) == [.open, .halfOpen])
    }

    // cep21 159: a forced open that still lets probes through
    @Test func anIsolatedBreakerLetsNoProbeThrough() throws {
        let breaker = try halfOpen()
        let probe = try breaker.admitted()
        breaker.isolate(reason: "by hand")
        #expect(breaker.record(.success, for: probe).isEmpty)
        time.advance(by: .seconds(3_600))
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.state == .isolated)
    }

    // cep21 159: the first results after an idle gap are lost
    @Test func theFirstCallsAfterASilenceCount() throws {
        let rates = CircuitBreakerConfiguration.Rates(window: .time(.seconds(10)), minimumCalls: 3)
        for silence in [Duration.seconds(9), .seconds(10), .seconds(11), .seconds(100), .seconds(1_000_000)] {
            let breaker = try breaker(.rated(rates))
            try breaker.make(5, .success)
            time.advance(by: silence)
            try breaker.make(2, .success)
            #expect(breaker.status.callsInWindow == (silence < .seconds(10) ? 7 : 2))
            #expect(try breaker.make(2, .failure).count == (silence < .seconds(10) ? 0 : 1))
        }
    }

    // gobreaker, solace-broker-mcp 296: an interval that drops every call slower than itself
    @Test func callsSlowerThanTheWindowStillCount() throws {
        let rates = CircuitBreakerConfiguration.Rates(window: .time(.seconds(1)), minimumCalls: 3)
        let breaker = try breaker(.rated(rates))
        let tickets = try (0..<3).map { _ in try breaker.admitted() }
        time.advance(by: .seconds(30))
        #expect(tickets.flatMap { breaker.record(.failure, for: $0) }.map(\.reason) == [.failureRate])
    }

    // pybreaker: the guarded call runs under the breaker's own lock
    @Test func aSlowCallHoldsUpNoOther() async throws {
        let breaker = try breaker()
        let inner = try await breaker.run { try await breaker.run { try await breaker.run { 7 } } }
        #expect(inner == 7)
    }

    // resilience4j 1335: a field that is not reset goes negative
    @Test func everyCountBeginsAnewWithTheEra() throws {
        let rates = CircuitBreakerConfiguration.Rates(
            window: .calls(4), minimumCalls: 2, slowCallsPerMille: 1_000, slowCallDuration: .seconds(1))
        let breaker = try breaker(.rated(rates))
        for _ in 0..<3 {
            let tickets = try (0..<2).map { _ in try breaker.admitted() }
            time.advance(by: .seconds(1))
            #expect(tickets.flatMap { breaker.record(.failure, for: $0) }.count == 1)
            time.advance(by: .seconds(10))
            try breaker.make(1, .success)
            #expect(breaker.status.callsInWindow == 0)
            #expect(breaker.status.failureRate == nil)
            try breaker.make(1, .success)
            #expect(breaker.status.failureRate == 0)
            #expect(breaker.status.slowCallRate == 0)
        }
    }

    // Wall clocks: juju/ratelimit 22, pybreaker 107
    @Test func aSteppedCivilClockMovesNothing() throws {
        let breaker = try breaker()
        try breaker.make(1, .failure)
        let end = breaker.nextTransition
        time.stepCivil(by: .seconds(-86_400))
        #expect(breaker.admit().ticket == nil)
        time.stepCivil(by: .seconds(864_000))
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.nextTransition == end)
    }

    // Polly 2163, Dekaf 3068, actor-ts 771: growth that overflows into no delay at all
    @Test func aThousandTripsNeverShortenTheTimeOpen() throws {
        let breaker = try breaker(CircuitBreakerConfiguration(openDurationGrowth: 1e300, openDurationJitter: 0))
        try breaker.make(5, .failure)
        for _ in 0..<2_000 {
            let end = try #require(breaker.nextTransition)
            time.advance(to: end)
            let transitions = breaker.record(.failure, for: try breaker.admitted())
            #expect(transitions.first.flatMap { $0.until.map($0.at.duration) } == .seconds(600))
        }
    }

    // Kevlar, virtrigaud 70: another breaker's refusal is no failure of what this one guards
    @Test func anInnerBreakersRefusalIsNoFailureOfTheOuter() async throws {
        let inner = try breaker()
        inner.isolate(reason: "by hand")
        let outer = try CircuitBreaker(name: "outer", configuration: .plain(), time: time)
        await #expect(throws: CircuitBreaker.Rejection.self) {
            try await outer.run { try await inner.run { 1 } }
        }
        #expect(outer.state == .closed)
        #expect(outer.status.failureCount == 0)
    }

    // tower-resilience: two states shown at once; a torn status
    @Test func aStatusIsOfOneInstant() throws {
        let breaker = try halfOpen()
        let status = breaker.status
        #expect(status.state == .halfOpen)
        #expect(status.until == nil)
        #expect(status.admittedPerMille == 0)
        #expect(status.since == time.now)
    }

    // Clients that trip together and try again together: tenacity 703, cmux 12223
    @Test func chanceSpreadsTheTimesOpenAndNeverLiftsThemOverTheCap() throws {
        var lengths: Set<Duration> = []
        for seed in UInt64(0)..<100 {
            let breaker = try CircuitBreaker(
                name: "orders", configuration: CircuitBreakerConfiguration(openDuration: .seconds(600)),
                environment: RuntimeEnvironment(time: time, random: SeededRandom(seed: seed, stream: "jitter")))
            try breaker.make(5, .failure)
            let end = try #require(breaker.nextTransition)
            lengths.insert(time.now.duration(to: end))
        }
        #expect(lengths.count > 95)
        #expect(lengths.allSatisfy { $0 > .seconds(540) && $0 <= .seconds(600) })
    }
}
