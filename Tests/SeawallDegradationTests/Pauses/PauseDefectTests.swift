import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

/// What a pause of one record for each scope gets wrong, each as a test of its own.
@Suite struct PauseDefectTests {
    private let time = ManualTime()
    private let pauses: PauseController

    init() { pauses = PauseController(environment: RuntimeEnvironment(time: time)) }

    @Test func aLenientGlobalPauseDoesNotHideAStrictPauseOfTheSymbol() throws {
        try pauses.pauseAll(for: .seconds(300), level: .reduceOnly, reason: "lenient")
        try pauses.pause(symbol: "BTC-USD", for: .seconds(300), level: .cancelOnly, reason: "strict")
        #expect(pauses.permission(for: OrderOrigin(symbol: "BTC-USD")) == .cancelOnly)
        #expect(pauses.permission(for: OrderOrigin(symbol: "ETH-USD")) == .reduceOnly)
    }

    @Test func aLongLenientPauseDoesNotWipeAShortStrictOne() throws {
        pauses.raise("strict", level: .cancelOnly, for: .seconds(60), code: .apiHealth, message: "short")
        pauses.raise("lenient", level: .reduceOnly, for: .seconds(600), code: .staleData, message: "long")
        #expect(pauses.permission() == .cancelOnly)
        time.advance(by: .seconds(60))
        #expect(pauses.permission() == .reduceOnly, "the end of the strict one shows the lenient one again")
        time.advance(by: .seconds(540))
        #expect(pauses.permission() == .open)
    }

    @Test func aShortStrictPauseThatComesSecondIsNotThrownAway() throws {
        pauses.raise("lenient", level: .reduceOnly, for: .seconds(600), code: .staleData, message: "long")
        pauses.raise("strict", level: .cancelOnly, for: .seconds(60), code: .apiHealth, message: "short")
        #expect(pauses.permission() == .cancelOnly)
    }

    @Test func pausingAgainMoreGentlyDoesNotLoosen() throws {
        try pauses.pauseAll(for: .seconds(60), level: .cancelOnly, reason: "strict")
        let changes = try pauses.pauseAll(for: .seconds(600), level: .reduceOnly, reason: "lenient")
        #expect(changes.map(\.event) == [.extended])
        #expect(pauses.permission() == .cancelOnly)
        try pauses.pauseAll(for: .seconds(1), reason: "shorter")
        time.advance(by: .seconds(599))
        #expect(pauses.permission() == .cancelOnly)
    }

    @Test func aStepOfTheCivilClockNeitherEndsNorProlongsAPause() throws {
        try pauses.pauseAll(for: .seconds(300), reason: "x")
        time.stepCivil(by: .seconds(86_400))
        #expect(pauses.permission() == .reduceOnly)
        time.stepCivil(by: .seconds(-7 * 86_400))
        time.advance(by: .seconds(300))
        #expect(pauses.permission() == .open)
    }

    @Test func theStatusNamesEveryCauseAndWhatWouldReleaseIt() throws {
        try pauses.pauseAll(for: .seconds(300), reason: "maintenance")
        pauses.kill(.symbol("BTC-USD"), reason: "runaway")
        pauses.raise("guard", level: .cancelOnly, release: .whenCleared, code: .apiHealth, message: "12 of 20 failed")
        time.advance(by: .seconds(100))
        let status = pauses.status
        #expect(status.global == .cancelOnly)
        #expect(status.causes.map(\.cause.message) == ["12 of 20 failed", "runaway", "maintenance"])
        #expect(status.causes.map(\.remaining) == [nil, nil, .seconds(200)])
        #expect(status.causes[0].cause.release == .whenCleared)
        #expect(status.causes[1].cause.release == .byHand)
        #expect(status.description.contains("ends only when released by hand"))
    }

    @Test func reduceOnlyIsNoLatchWithoutAnOwner() throws {
        pauses.raise("drift", level: .reduceOnly, release: .whenCleared, code: .drift, message: "x")
        try pauses.pauseAll(for: .seconds(1), reason: "y")
        time.advance(by: .seconds(1))
        #expect(pauses.permission() == .reduceOnly)
        pauses.clear("drift")
        #expect(pauses.permission() == .open)
    }
}
