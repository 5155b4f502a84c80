import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// What went wrong in other breakers, each named for what would go wrong here.
@Suite(.timeLimit(.minutes(10))) struct LessonsOfOthersTests {
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
        func look() {
            for _ in 0..<10 {
                #expect(breaker.state == .halfOpen)
                #expect(breaker.status.probesInFlight == 0)
                #expect(breaker.operatorState == nil)
            }
        }
        // Nor is the transition taken away from whoever is to be told of it.
        look()
        #expect(breaker.nextTransition == time.now)
        #expect(breaker.poll().map(\.to) == [.halfOpen])
        look()
        #expect(breaker.nextTransition == nil)
        #expect(try breaker.admitted().isProbe)
        #expect(breaker.admit().ticket == nil)
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
        // Another task's call goes through while the first waits for it.
        let (stream, other) = AsyncStream<Int>.makeStream()
        async let slow = breaker.run { await stream.first { _ in true } }
        try await breaker.run { _ = other.yield(8) }
        #expect(try await slow == 8)
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
    @Test func aStatusIsOfOneInstant() async throws {
        let (breaker, time) = (try breaker(), time)
        let open = Duration.seconds(10)
        let seen = await Crew.results(4) { index in
            var (looks, torn) = (0, [CircuitBreaker.Status]())
            for round in 0..<2_000 {
                if round.isMultiple(of: 10) { Crew.stepAside() }
                guard index > 0 else {
                    // What fits open, half-open and closed together never fits two of them.
                    if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
                    time.advance(by: open)
                    if let ticket = breaker.admit().ticket {
                        time.advance(by: .seconds(1))
                        breaker.record(.success, for: ticket)
                    }
                    continue
                }
                let status = breaker.status
                looks += 1
                let fits =
                    switch status.state {
                    case .closed:
                        status.until == nil && status.failureCount == 0 && status.admittedPerMille == 1_000
                            && status.probesInFlight == 0
                    case .open:
                        status.until == status.since.advanced(by: open) && status.failureCount == 1
                            && status.admittedPerMille == 0 && status.probesInFlight == 0
                    case .halfOpen:
                        (status.until == nil) == (status.probesInFlight == 0) && status.failureCount == 1
                            && status.admittedPerMille == 0
                    case .isolated, .disabled: false
                    }
                if !fits { torn.append(status) }
            }
            return (looks, torn)
        }
        #expect(seen.map(\.0).reduce(0, +) == 6_000)
        #expect(seen.flatMap(\.1) == [])
    }

    // The same where time goes on between one look at the clock and the next
    @Test func aStatusReadsTheClockOnce() throws {
        let stepping = SteppingTime()
        let breaker = try CircuitBreaker(name: "orders", configuration: .plain(), time: stepping)
        try breaker.make(1, .failure)
        stepping.step(by: .seconds(10))
        let open = breaker.status
        #expect(open.state == .open && open.until == open.since.advanced(by: .seconds(10)))
        let halfOpen = breaker.status
        #expect(halfOpen.state == .halfOpen && halfOpen.until == nil)
        #expect(halfOpen.since == open.until)
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

    // resilience4j 1432: more calls than probes at the instant at which the time open is over
    @Test func allWhoAskAtTheVeryEndShareThePlacesThereAre() async throws {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.probes = 3
        for _ in 0..<20 {
            let breaker = try breaker(configuration)
            try breaker.make(1, .failure)
            time.advance(by: .seconds(10))
            let probes = await Crew.results(4) { _ in
                (0..<8).map { _ in breaker.admit() }.count { $0.ticket?.isProbe == true }
            }
            #expect(probes.reduce(0, +) == 3)
        }
    }

    // gobreaker 91: all that is in flight when the first failure lands comes back, and none of it may move it any more
    @Test func aFloodInFlightTripsItOnceAndLetsNobodyMoreIn() throws {
        let breaker = try breaker(.plain(failures: 5))
        let flood = try (0..<30_000).map { _ in try breaker.admitted() }
        let trip = flood.prefix(5).flatMap { breaker.record(.failure, for: $0) }
        #expect(trip.map(\.to) == [.open])
        let end = try #require(breaker.nextTransition)
        // What lands afterwards neither opens it again, nor lengthens it, nor closes it, nor is a probe.
        for (index, ticket) in flood.dropFirst(5).enumerated() {
            if index == 10_000 { time.advance(to: end) }
            let result: CircuitBreaker.CallResult = index.isMultiple(of: 2) ? .success : .failure
            let transitions = breaker.record(result, for: ticket)
            #expect(transitions.map(\.to) == (index == 10_000 ? [.halfOpen] : []))
        }
        #expect(breaker.state == .halfOpen && breaker.status.probesInFlight == 0)
        #expect(breaker.status.failureCount == 5)
    }

    // cep21 159: a success that was under way when it opened closed it at once
    @Test func aSuccessOfEarlierClosesNeitherAnOpenNorAHalfOpenBreaker() throws {
        let breaker = try breaker()
        let early = try (0..<3).map { _ in try breaker.admitted() }
        try breaker.make(1, .failure)
        #expect(breaker.record(.success, for: early[0]).isEmpty)
        #expect(breaker.state == .open)
        time.advance(by: .seconds(10))
        #expect(breaker.record(.success, for: early[1]).map(\.to) == [.halfOpen])
        #expect(breaker.record(.success, for: early[2]).isEmpty)
        #expect(breaker.state == .halfOpen)
    }

    // cep21 159: 57 of 100 is not 57 % where shares are fractions
    @Test func everyShareTripsAtExactlyItsCall() throws {
        for percent in 1...100 {
            let breaker = try breaker(
                .rated(.init(window: .calls(100), minimumCalls: 100, failuresPerMille: percent * 10)))
            try breaker.make(100 - percent, .success)
            #expect(try breaker.make(percent - 1, .failure).isEmpty, "\(percent)")
            #expect(try breaker.make(1, .failure).map(\.reason) == [.failureRate], "\(percent)")
        }
    }

    // cep21 159: a manager that is asked again from its own notice
    @Test func aListenerMayAskTheSetAgain() async throws {
        let set = try CircuitBreakerSet(configuration: .plain(), environment: RuntimeEnvironment(time: time))
        let (heard, teller) = AsyncStream<Int>.makeStream()
        set.listen(
            .init(onOpen: { [weak set] in
                set?.remove($0.name)
                teller.yield(set?.statuses.count ?? 0)
            }))
        try set["orders"].make(1, .failure)
        var counts = heard.makeAsyncIterator()
        #expect(await counts.next() == 1)
    }

    // dotnet/extensions 7001: a timer that fires early
    @Test func aTimerThatFiresEarlyLetsNobodyInBeforeTheInstant() async throws {
        let early = EarlyTime(time)
        let (heard, teller) = AsyncStream<CircuitBreaker.Transition>.makeStream()
        let breaker = try CircuitBreaker(
            name: "orders", configuration: .plain(), hooks: .init(onHalfOpen: { teller.yield($0) }), time: early)
        try breaker.make(1, .failure)
        let end = try #require(breaker.nextTransition)
        // It is woken 11 ms too soon, sees that, and sleeps for the rest.
        await early.waitForWakes(1)
        #expect(breaker.state == .open && breaker.admit().ticket == nil)
        time.advance(to: end)
        early.punctual()
        var transitions = heard.makeAsyncIterator()
        #expect(await transitions.next()?.at == end)
    }

    // jac 8064, safe-client-gateway 3442: callers who come while the probe is away
    @Test func aHalfOpenRefusalNamesTheInstantByWhichTheProbeIsDecided() throws {
        let breaker = try halfOpen()
        let probe = try breaker.admitted()
        guard case .rejected(let rejection) = breaker.admit().admission else {
            Issue.record("a second probe was admitted")
            return
        }
        #expect(rejection.state == .halfOpen)
        let decided = time.now.advanced(by: .seconds(30))
        #expect(rejection.until == decided)
        time.advance(to: decided.advanced(by: .nanoseconds(-1)))
        #expect(breaker.admit().ticket == nil)
        time.advance(to: decided)
        // The probe hung: it is open again, and the next refusal names the instant at which one may come exactly.
        guard case .rejected(let next) = breaker.admit().admission else {
            Issue.record("admitted although the probe hung")
            return
        }
        #expect(next.state == .open && next.until == decided.advanced(by: .seconds(10)))
        #expect(breaker.record(.success, for: probe).isEmpty)
        time.advance(by: .seconds(10))
        #expect(try breaker.admitted().isProbe)
    }

    // A half-open state that nobody asks: there is no evidence, so it neither closes nor opens, and refuses nobody
    @Test func withoutTrafficHalfOpenWaitsForTheFirstCallAndAdmitsIt() throws {
        let breaker = try halfOpen()
        #expect(breaker.poll().map(\.to) == [.halfOpen])
        #expect(breaker.nextTransition == nil)
        time.advance(by: .seconds(1_000_000))
        #expect(breaker.poll().isEmpty && breaker.state == .halfOpen)
        #expect(breaker.record(.success, for: try breaker.admitted()).map(\.to) == [.closed])
    }

    // A ticket of a probe that somebody lost: the place comes back by the lease, and only once
    @Test func aLostTicketOfAProbeComesBackByItsLease() throws {
        let breaker = try halfOpen()
        do { _ = try breaker.ticket() } catch { Issue.record("\(error)") }
        #expect(breaker.admit().ticket == nil)
        time.advance(by: .seconds(30))
        #expect(breaker.poll().map(\.reason) == [.probeLeaseOver])
        time.advance(by: .seconds(10))
        #expect(breaker.record(.success, for: try breaker.admitted()).map(\.to) == [.closed])
    }
}

/// A time that stands still until it is told how far it goes with every look at it, after that look.
private final class SteppingTime: TimeSource {
    private let state = Lock((now: MonotonicInstant.origin, step: Duration.zero))

    func step(by step: Duration) { state.withLock { $0.step = step } }

    var now: MonotonicInstant {
        state.withLock { state in
            defer { state.now = state.now.advanced(by: state.step) }
            return state.now
        }
    }

    var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: now.nanoseconds) }

    func sleep(until deadline: MonotonicInstant) async throws { throw CancellationError() }
}

/// A time whose sleeps end 11 ms early, until it is told to be punctual; each sleep of less is as long as it should be.
private final class EarlyTime: TimeSource {
    private let time: ManualTime
    private let wakes: AsyncStream<Void>
    private let teller: AsyncStream<Void>.Continuation
    private let isPunctual = Lock(false)

    init(_ time: ManualTime) {
        self.time = time
        (wakes, teller) = AsyncStream.makeStream()
    }

    var now: MonotonicInstant { time.now }
    var civilNow: CivilInstant { time.civilNow }

    func punctual() { isPunctual.withLock { $0 = true } }

    func waitForWakes(_ count: Int) async {
        var seen = 0
        for await _ in wakes {
            seen += 1
            if seen == count { return }
        }
    }

    func sleep(until deadline: MonotonicInstant) async throws {
        let early = deadline.advanced(by: .milliseconds(-11))
        if isPunctual.withLock({ $0 }) || time.now >= early { return try await time.sleep(until: deadline) }
        time.advance(to: early)
        teller.yield()
    }
}
