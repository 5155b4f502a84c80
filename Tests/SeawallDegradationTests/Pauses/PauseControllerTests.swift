import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@Suite struct PauseControllerTests {
    private let time = ManualTime()
    private let pauses: PauseController

    init() { pauses = PauseController(environment: RuntimeEnvironment(time: time)) }

    @Test func aPauseUntilTIsOverAtT() throws {
        try pauses.pauseAll(for: .seconds(10), reason: "maintenance")
        time.advance(by: .nanoseconds(9_999_999_999))
        #expect(pauses.permission() == .reduceOnly)
        time.advance(by: .nanoseconds(1))
        #expect(pauses.permission() == .open)
        #expect(pauses.status.isOpen)
        let changes = pauses.poll()
        #expect(changes.map(\.event) == [.expired])
        #expect(changes.first?.at == MonotonicInstant(nanoseconds: 10_000_000_000))
        #expect(pauses.poll().isEmpty)
    }

    @Test func whoeverComesNextHearsOfAnExpiryWithTheInstantAtWhichItBecameTrue() throws {
        try pauses.pause(symbol: "A", for: .seconds(1), reason: "x")
        time.advance(by: .seconds(5))
        let changes = try pauses.pauseAll(reason: "y")
        #expect(changes.map(\.event) == [.expired, .raised])
        #expect(changes.map(\.at.nanoseconds) == [1_000_000_000, 5_000_000_000])
        #expect(changes.map(\.sequence) == [2, 3])
    }

    @Test func theVersionMovesWithTimeThoughNobodyAsked() throws {
        try pauses.pauseAll(for: .seconds(1), reason: "x")
        let version = pauses.version
        #expect(pauses.version == version)
        time.advance(by: .seconds(1))
        #expect(pauses.version == version + 1)
        pauses.poll()
        #expect(pauses.version == version + 1)
    }

    @Test(arguments: [Duration.zero, .nanoseconds(-1), .seconds(-300), .seconds(Int64.min)])
    func aDurationThatIsNoneIsRefusedAndNothingIsPaused(duration: Duration) {
        let error = #expect(throws: PauseError.self) {
            try pauses.pauseAll(for: duration, level: .frozen, reason: "x")
        }
        #expect(error?.code == .invalidPause)
        #expect(error?.message.contains("duration is \(duration)") == true)
        #expect(error?.message.contains("level is frozen") == true)
        #expect(pauses.version == 0)
    }

    @Test func anEndlessDurationSaturatesAndHolds() throws {
        try pauses.pauseAll(for: .seconds(Int64.max), reason: "x")
        time.advance(by: .seconds(1_000_000_000))
        #expect(pauses.permission() == .reduceOnly)
    }

    @Test(arguments: [Permission.open, .frozen])
    func noOperatorCanPauseToThis(level: Permission) {
        #expect(throws: PauseError.self) { try pauses.pause(.symbol("A"), level: level, reason: "x") }
        #expect(pauses.status.isOpen)
    }

    @Test func resumingAnOperatorsPauseLeavesTheKillSwitchAndEveryOtherCause() throws {
        pauses.kill(reason: "runaway")
        pauses.raise("guard", level: .reduceOnly, release: .whenCleared, code: .apiHealth, message: "errors")
        try pauses.pauseAll(level: .cancelOnly, reason: "lunch")
        pauses.resumeAll()
        #expect(pauses.permission() == .cancelOnly)
        pauses.clear(.killSwitch)
        #expect(pauses.permission() == .cancelOnly, "a kill ends by hand alone")
        pauses.releaseKill()
        #expect(pauses.permission() == .reduceOnly)
        pauses.clear("guard")
        #expect(pauses.permission() == .open)
    }

    @Test func aPauseByHandNeverBecomesATimedOne() throws {
        try pauses.pauseAll(reason: "until I say so")
        try pauses.pauseAll(for: .seconds(1), reason: "short")
        time.advance(by: .seconds(100))
        #expect(pauses.permission() == .reduceOnly)
        #expect(pauses.nextExpiry == nil)
    }

    @Test func aPauseOfOneStrategyOrAccountBindsNoOther() throws {
        try pauses.pause(strategy: "trend", reason: "x")
        try pauses.pause(.account("sub"), level: .cancelOnly, reason: "y")
        #expect(pauses.permission(for: OrderOrigin(symbol: "A", strategy: "trend")) == .reduceOnly)
        #expect(pauses.permission(for: OrderOrigin(symbol: "A", strategy: "range")) == .open)
        #expect(pauses.permission(for: OrderOrigin(symbol: "A", strategy: "trend", account: "sub")) == .cancelOnly)
        pauses.resume(strategy: "trend")
        pauses.resume(.account("sub"))
        #expect(pauses.status.isOpen)
    }
}
