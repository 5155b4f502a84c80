import SeawallAlerts
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallCircuitBreaker

@Suite struct BreakerAlertTests {
    private let time = ManualTime()
    private let manager: AlertManager

    init() throws { manager = try AlertManager(environment: RuntimeEnvironment(time: time)) }

    private func transition(
        _ from: CircuitBreaker.State, _ to: CircuitBreaker.State, ago: Duration = .zero
    ) -> CircuitBreaker.Transition {
        CircuitBreaker.Transition(
            name: "orders", from: from, to: to, at: time.now.advanced(by: .zero - ago), reason: .consecutiveFailures,
            failureCount: 5)
    }

    @Test func aTransitionKeepsItsStatesItsCountAndItsTime() throws {
        let civil = time.civilNow
        time.advance(by: .seconds(30))
        manager.report(transition(.closed, .open, ago: .seconds(30)))
        let alert = try #require(manager.breakerHistory().first)
        #expect(alert.oldState == .closed && alert.newState == .open)
        #expect(alert.failureCount == 5)
        #expect(alert.timestamp == civil)
        #expect(alert.metadata == ["reason": "consecutive_failures"])
        #expect(manager.history.map(\.causes) == [["consecutive_failures"]])
    }

    @Test func everyStateHasItsName() {
        let names = CircuitBreaker.State.allCases.map { CircuitBreakerAlert.State($0) }
        #expect(names == [.closed, .open, .halfOpen, .isolated, .disabled])
    }

    @Test func eachHookTakesItsOwnState() {
        let hooks = [manager.makeOpenHook(), manager.makeHalfOpenHook(), manager.makeCloseHook()]
        for states in [(.closed, .open), (.open, .halfOpen), (.halfOpen, .open), (.halfOpen, .closed)]
            as [(CircuitBreaker.State, CircuitBreaker.State)]
        {
            for hook in hooks { hook(transition(states.0, states.1)) }
        }
        #expect(manager.breakerHistory().map(\.newState) == [.open, .halfOpen, .open, .closed])
        #expect(manager.breakerHistory().map(\.oldState) == [.closed, .open, .halfOpen, .halfOpen])
        manager.makeTransitionHook()(transition(.closed, .isolated))
        #expect(manager.breakerHistory().last?.newState == .isolated)
    }

    fileprivate static let plain = CircuitBreakerConfiguration(
        consecutiveFailures: 1, openDuration: .seconds(10), openDurationGrowth: 1, openDurationJitter: 0)

    /// A breaker that tells the manager, by one hook for all or by the three of the states.
    private func breaker(
        byStates: Bool = false, _ configuration: CircuitBreakerConfiguration = plain
    ) throws -> (CircuitBreaker, () -> Void) {
        let (open, half, close) = (manager.makeOpenHook(), manager.makeHalfOpenHook(), manager.makeCloseHook())
        let all = manager.makeTransitionHook()
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        // At once and in order, as the hooks of a listener come a little later.
        breaker.onTransition { transition in
            guard byStates else { return all(transition) }
            for hook in [open, half, close] { hook(transition) }
        }
        return (breaker, { if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) } })
    }

    /// A shadow that opened paged as if calls were refused.
    @Test func aShadowNeverAlarms() async throws {
        let (breaker, fail) = try breaker()
        breaker.shadow(reason: "first week")
        fail()
        time.advance(by: .seconds(10))
        if let ticket = breaker.admit().ticket { breaker.record(.success, for: ticket) }
        let alerts = manager.breakerHistory()
        #expect(alerts.map(\.newState) == [.open, .halfOpen, .closed])
        #expect(alerts.map(\.severity) == [.warning, .info, .info])
        #expect(alerts.allSatisfy { $0.message.hasSuffix("(in shadow: nothing is refused)") })
        #expect(alerts.allSatisfy { $0.metadata["is_shadow"] == "true" })
        #expect(manager.history.map(\.severity) == [.warning, .warning])
        #expect(manager.openEpisodes.isEmpty)
    }

    @Test func whatRefusesIsNotCalledAShadow() throws {
        let (breaker, fail) = try breaker()
        breaker.shadow(reason: "second week", enforcing: 100)
        fail()
        #expect(manager.breakerHistory().map(\.severity) == [.critical])
        #expect(manager.breakerHistory().allSatisfy { $0.metadata["is_shadow"] == nil })
    }

    /// An alert that nothing ends is looked at for ever, and then no alert is.
    @Test(arguments: [false, true]) func everyWayOutOfOpenEndsTheEpisode(byStates: Bool) throws {
        let ways: [(String, (CircuitBreaker) -> Void)] = [
            ("disabled", { $0.disable(reason: "by hand") }),
            ("reset", { $0.reset() }),
            (
                "isolated and released",
                {
                    $0.isolate(reason: "by hand")
                    $0.release()
                    if let ticket = $0.admit().ticket { $0.record(.success, for: ticket) }
                }
            ),
            (
                "isolated and disabled",
                {
                    $0.isolate(reason: "by hand")
                    $0.disable(reason: "by hand")
                }
            ),
            (
                "isolated and in shadow",
                {
                    $0.isolate(reason: "by hand")
                    $0.shadow(reason: "by hand")
                }
            ),
        ]
        for (name, leave) in ways {
            let (breaker, fail) = try breaker(byStates: byStates)
            fail()
            #expect(manager.openEpisodes.map(\.code) == ["breaker_open"], "\(name)")
            leave(breaker)
            #expect(manager.openEpisodes.isEmpty, "\(name)")
            // Far enough apart to be no flapping.
            time.advance(by: .seconds(3_600))
        }
        #expect(manager.history.count { $0.event == .end } == ways.count)
    }

    @Test func whatIsTakenOutOfItsSetEndsItsEpisode() async throws {
        let set = try CircuitBreakerSet(configuration: Self.plain, environment: RuntimeEnvironment(time: time))
        let (told, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let report = manager.makeTransitionHook()
        set.listen(
            .init(onTransition: {
                report($0)
                teller.yield($0.to)
            }))
        if let ticket = set["orders"].admit().ticket { set["orders"].record(.failure, for: ticket) }
        set.remove("orders")
        for await state in told where state == .closed { break }
        #expect(manager.breakerHistory().map(\.message).last == "Circuit breaker 'orders' was taken out of use")
        #expect(manager.history.map(\.event) == [.begin, .end])
        #expect(manager.openEpisodes.isEmpty)
    }

    /// All of them were due to repeated failures, once.
    @Test func aMessageSaysWhyAndItsMetadataHowMuchAndUntilWhen() throws {
        var rated = Self.plain
        rated.consecutiveFailures = nil
        rated.rates = .init(
            window: .calls(4), minimumCalls: 2, slowCallsPerMille: 1_000, slowCallDuration: .seconds(1))
        let (failing, fail) = try breaker(rated)
        let end = time.civilNow.advanced(by: .seconds(10)).iso8601Text
        if let ticket = failing.admit().ticket { failing.record(.success, for: ticket) }
        fail()
        var alert = try #require(manager.breakerHistory().last)
        #expect(alert.message == "Circuit breaker 'orders' opened: of 1000 calls 500 failed")
        #expect(
            alert.metadata == [
                "reason": "failure_rate", "until": end, "failures_per_mille": "500", "slow_calls_per_mille": "0",
            ])
        let (slow, _) = try breaker(rated)
        let tickets = [slow.admit().ticket, slow.admit().ticket].compactMap(\.self)
        time.advance(by: .seconds(1))
        for ticket in tickets { slow.record(.success, for: ticket) }
        alert = try #require(manager.breakerHistory().last)
        #expect(alert.message == "Circuit breaker 'orders' opened: of 1000 calls 1000 were slow")
        time.advance(by: .seconds(10))
        let probe = try #require(slow.admit().ticket)
        time.advance(by: .seconds(1))
        slow.record(.success, for: probe)
        #expect(last == "Circuit breaker 'orders' opened again: a probe succeeded, but slowly")
        time.advance(by: .seconds(10))
        _ = slow.admit()
        time.advance(by: .seconds(30))
        slow.poll()
        #expect(last == "Circuit breaker 'orders' opened again: a probe had no result in time")
        slow.reset()
        slow.forceOpen(reason: "Retry-After")
        #expect(last == "Circuit breaker 'orders' was opened by hand or by a server's word: Retry-After")
        slow.isolate(reason: "maintenance")
        #expect(last == "Circuit breaker 'orders' was isolated by an operator: maintenance")
        #expect(manager.breakerHistory().last?.metadata["detail"] == "maintenance")
        slow.release()
        #expect(last == "Circuit breaker 'orders' was released by an operator and is testing recovery")
        slow.disable(reason: "")
        #expect(last == "Circuit breaker 'orders' was disabled by an operator")
        slow.release()
        #expect(last == "Circuit breaker 'orders' was released by an operator")
    }

    private var last: String? { manager.breakerHistory().last?.message }
}
