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
}
