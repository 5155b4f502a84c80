import SeawallAlerts
import SeawallTime
import Testing

@Suite(.timeLimit(.minutes(10))) struct BreakerEpisodeTests {
    private typealias State = CircuitBreakerAlert.State

    private let time = ManualTime()
    private let manager: AlertManager
    private let sink = RecordingSink("all")

    init() throws {
        manager = try AlertManager(
            configuration: AlertConfiguration(historyLimit: 6), environment: RuntimeEnvironment(time: time))
        try manager.register(sink)
    }

    private func go(_ states: [State], name: String = "orders") {
        for (from, to) in zip(states, states.dropFirst()) {
            manager.report(
                CircuitBreakerAlert(
                    breakerName: name, from: from, to: to, timestamp: time.civilNow, failureCount: 5,
                    metadata: ["reason": "failure_rate"]))
            time.advance(by: .seconds(1))
        }
    }

    @Test func theHistoryKeepsEveryTransitionAndSinksHearOneEpisode() async {
        go([.closed, .open, .halfOpen, .open, .halfOpen, .closed])
        await manager.waitUntilDelivered()
        #expect(manager.breakerHistory().map(\.newState) == [.open, .halfOpen, .open, .halfOpen, .closed])
        #expect(manager.breakerHistory().map(\.severity) == [.critical, .warning, .critical, .warning, .info])
        #expect(sink.heard.map(\.event) == [.begin, .end])
        #expect(sink.heard.map(\.code) == ["breaker_open", "breaker_open"])
        #expect(sink.heard.map(\.severity) == [.critical, .critical])
        #expect(sink.heard.map(\.causes) == [["failure_rate"], ["failure_rate"]])
        #expect(sink.heard.last?.duration == .seconds(4))
        #expect(sink.heard.last?.suppressed == 1)
    }

    @Test func breakersAreToldApart() async {
        go([.closed, .open], name: "a")
        go([.closed, .open, .halfOpen, .closed], name: "b")
        await manager.waitUntilDelivered()
        #expect(sink.heard.map(\.scope) == ["breaker:a", "breaker:b", "breaker:b"])
        #expect(manager.openEpisodes.map(\.scope) == ["breaker:a"])
    }

    @Test func anOperatorsStatesBeginAndEndEpisodes() async {
        go([.closed, .isolated, .closed])
        go([.closed, .open, .disabled])
        await manager.waitUntilDelivered()
        #expect(sink.heard.map(\.event) == [.begin, .end, .begin, .end])
        #expect(sink.heard.map(\.code) == ["breaker_isolated", "breaker_isolated", "breaker_open", "breaker_open"])
    }

    /// All of it came back for a limit of 0, once.
    @Test func theHistoryIsBoundedAndSoIsWhatIsAskedFor() {
        for _ in 0..<3 { go([.closed, .open, .halfOpen, .closed]) }
        #expect(manager.breakerHistory().count == 6)
        #expect(manager.breakerHistory(limit: 2).map(\.newState) == [.halfOpen, .closed])
        #expect(manager.breakerHistory(limit: 0).isEmpty)
        #expect(manager.breakerHistory(limit: .min).isEmpty)
        #expect(manager.history.count == 6)
        #expect(manager.history(limit: 1).map(\.event) == [.end])
        #expect(manager.history(limit: -1).isEmpty)
    }

    @Test func whatIsOnlyRecordedIsToldToNobody() async {
        manager.record(
            CircuitBreakerAlert(breakerName: "a", from: .closed, to: .open, timestamp: time.civilNow))
        await manager.waitUntilDelivered()
        #expect(manager.breakerHistory().count == 1)
        #expect(sink.heard.isEmpty && manager.openEpisodes.isEmpty)
    }

    @Test func aBreakerThatComesAndGoesIsToldAsFlapping() async {
        for _ in 0..<8 { go([.closed, .open, .halfOpen, .closed]) }
        await manager.waitUntilDelivered()
        // Four whole episodes, and the fifth begin says what it is; its end waits for calm.
        #expect(sink.heard.map(\.event) == [.begin, .end, .begin, .end, .begin, .end, .begin, .end, .begin])
        #expect(sink.heard.map(\.isFlapping) == Array(repeating: false, count: 8) + [true])
        #expect(manager.openEpisodes.map(\.suppressed) == [3])
        await time.waitForSleepers()
        time.advance(by: .seconds(300))
        await sink.waitForArrivals(10)
        #expect(sink.heard.last?.event == .end)
        #expect(sink.heard.last?.isFlapping == true)
        #expect(sink.heard.last?.duration == .seconds(11))
        #expect(manager.openEpisodes.isEmpty)
    }
}
