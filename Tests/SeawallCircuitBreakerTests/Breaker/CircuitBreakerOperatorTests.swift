import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What operators set: isolated, disabled, shadow, and what survives a restart.
@Suite struct CircuitBreakerOperatorTests {
    private let time = ManualTime()

    private func breaker(failures: Int = 1) throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: .plain(failures: failures), time: time)
    }

    @Test func aShadowDecidesAndReportsAndRefusesNothing() throws {
        let breaker = try breaker()
        breaker.shadow(reason: "first week")
        let transitions = try breaker.make(1, .failure)
        #expect(transitions.map(\.to) == [.open])
        #expect(transitions.map(\.isShadow) == [true])
        let refused = breaker.admit()
        #expect(refused.shadowRejection?.state == .open)
        #expect(refused.shadowRejection?.until == breaker.nextTransition)
        let ticket = try #require(refused.ticket)
        // Its result would not be there in a breaker that refuses, so it counts for nothing.
        #expect(breaker.record(.success, for: ticket).isEmpty)
        #expect(breaker.state == .open)
        #expect(breaker.status.shadowRefusals == 1)
        #expect(breaker.status.admittedPerMille == 1_000)
        #expect(breaker.status.shadowReason == "first week")
        time.advance(by: .seconds(10))
        let probe = breaker.admit()
        #expect(probe.ticket?.isProbe == true)
        #expect(probe.shadowRejection == nil)
        #expect(breaker.admit().shadowRejection?.state == .halfOpen)
    }

    @Test func releasingAShadowHoldsWhatItDecided() throws {
        let breaker = try breaker()
        breaker.shadow(reason: "first week")
        try breaker.make(1, .failure)
        #expect(breaker.release().isEmpty)
        #expect(breaker.admit().ticket == nil)
        #expect(breaker.status.isShadow == false)
    }

    @Test func releasingAnIsolationLetsProbesDecide() throws {
        let breaker = try breaker()
        breaker.isolate(reason: "maintenance")
        #expect(breaker.release().map(\.reason) == [.released])
        #expect(breaker.state == .halfOpen)
        #expect(try breaker.admitted().isProbe)
        #expect(breaker.admit().ticket == nil)
    }

    @Test func releasingADisabledBreakerClosesItWithNothingCounted() throws {
        let breaker = try breaker(failures: 2)
        try breaker.make(1, .failure)
        breaker.disable(reason: "experiment")
        #expect(breaker.release().map(\.to) == [.closed])
        #expect(try breaker.make(1, .failure).isEmpty)
        #expect(breaker.release().isEmpty)
    }

    @Test func anIsolationOutlastsAllThatTimeDoes() throws {
        let breaker = try breaker()
        try breaker.make(1, .failure)
        breaker.isolate(reason: "maintenance", until: time.now.advanced(by: .seconds(60)))
        time.advance(by: .seconds(59))
        #expect(breaker.poll().isEmpty)
        #expect(breaker.state == .isolated)
        #expect(breaker.admit().ticket == nil)
    }

    @Test func aShadowOfAnIsolatedBreakerBeginsClosed() throws {
        let breaker = try breaker()
        breaker.isolate(reason: "maintenance")
        #expect(breaker.shadow(reason: "try").map(\.to) == [.closed])
        #expect(breaker.isolate(reason: "again").map(\.isShadow) == [false])
        #expect(breaker.admit().ticket == nil)
    }

    @Test(arguments: CircuitBreaker.OperatorState.Kind.allCases)
    func whatAnOperatorSetSurvivesARestart(kind: CircuitBreaker.OperatorState.Kind) throws {
        let old = try breaker()
        switch kind {
        case .isolated: old.isolate(reason: "by hand", until: time.now.advanced(by: .seconds(60)))
        case .disabled: old.disable(reason: "by hand")
        case .shadow: old.shadow(reason: "by hand")
        }
        let data = try JSONEncoder().encode(old.operatorState)
        let state = try JSONDecoder().decode(CircuitBreaker.OperatorState?.self, from: data)
        #expect(state?.kind == kind)
        // Another process: its monotonic clock begins anew, the civil clock does not.
        let later = ManualTime(
            start: MonotonicInstant(nanoseconds: 5), civil: time.civilNow.advanced(by: .seconds(20)))
        let new = try CircuitBreaker(name: "orders", configuration: .plain(), time: later)
        new.restore(state)
        #expect(new.operatorState == state)
        if kind == .isolated {
            #expect(new.nextTransition == later.now.advanced(by: .seconds(40)))
            #expect(new.status.detail == "by hand")
        }
    }

    @Test func anIsolationThatEndedMeanwhileLeavesItToProbes() throws {
        let breaker = try breaker()
        let ended = CircuitBreaker.OperatorState(
            .isolated, reason: "maintenance", until: time.civilNow.advanced(by: .seconds(-1)))
        time.advance(by: .seconds(5))
        let transitions = breaker.restore(ended)
        #expect(transitions.map(\.to) == [.isolated, .halfOpen])
        // Half-open before it was isolated, an observer would have had to draw the second line over the first.
        #expect(transitions.map(\.at) == [time.now, time.now])
        #expect(transitions.first?.until == time.now)
        #expect(breaker.status.since == time.now)
        #expect(breaker.operatorState == nil)
    }

    @Test func anIsolationIsNotEndedBeforeItIsBegunOrChanged() throws {
        let past = time.now
        time.advance(by: .seconds(60))
        let fresh = try breaker()
        #expect(fresh.isolate(reason: "late", until: past).map(\.at) == [time.now, time.now])
        #expect(fresh.status.since == time.now)
        let standing = try breaker()
        let begun = time.now
        #expect(standing.isolate(reason: "maintenance").map(\.at) == [begun])
        time.advance(by: .seconds(30))
        let ended = standing.isolate(reason: "it is over", until: begun.advanced(by: .seconds(10)))
        #expect(ended.map(\.reason) == [.isolationOver])
        #expect(ended.map(\.at) == [time.now])
        #expect(standing.status.since == time.now)
    }

    private enum Hand: CaseIterable {
        case forceOpen, isolate, disable
    }

    /// Health that was earned is not lost because a hand, and not a failure, ended it.
    @Test(arguments: Hand.allCases)
    private func healthThatAHandEndedShrinksTheTimeOpen(hand: Hand) throws {
        let breaker = try CircuitBreaker(
            name: "orders",
            configuration: CircuitBreakerConfiguration(
                consecutiveFailures: 1, openDuration: .seconds(10), openDurationGrowth: 2,
                openDurationCap: .seconds(600), openDurationJitter: 0),
            time: time)
        try breaker.make(1, .failure)
        for seconds in [10, 20, 40] as [Int64] {
            #expect(breaker.nextTransition == time.now.advanced(by: .seconds(seconds)))
            time.advance(by: .seconds(seconds))
            try breaker.make(1, seconds < 40 ? .failure : .success)
        }
        #expect(breaker.state == .closed)
        // Two of the three steps are given back.
        time.advance(by: .seconds(29))
        switch hand {
        case .forceOpen:
            breaker.forceOpen(reason: "hint", until: time.now.advanced(by: .seconds(1)))
            time.advance(by: .seconds(1))
            try breaker.make(1, .success)
        case .isolate:
            breaker.isolate(reason: "by hand")
            breaker.release()
            try breaker.make(1, .success)
        case .disable:
            breaker.disable(reason: "by hand")
            breaker.release()
        }
        #expect(breaker.state == .closed)
        try breaker.make(1, .failure)
        #expect(breaker.nextTransition == time.now.advanced(by: .seconds(20)))
    }

    @Test func aBreakerThatItsConfigurationSwitchesOffBeginsDisabled() throws {
        var configuration = CircuitBreakerConfiguration.plain()
        configuration.isEnabled = false
        let breaker = try CircuitBreaker(name: "orders", configuration: configuration, time: time)
        #expect(try breaker.make(10, .failure).isEmpty)
        #expect(breaker.state == .disabled && breaker.admit().ticket != nil)
        #expect(breaker.status.detail == "switched off by its configuration")
        #expect(breaker.status.admittedPerMille == 1_000)
        // Kept and restored, it would outlast the configuration.
        #expect(breaker.operatorState == nil)
        #expect(breaker.disable(reason: "by hand").isEmpty)
        #expect(breaker.operatorState == .init(.disabled, reason: "by hand"))
        #expect(breaker.status.detail == "by hand")
        #expect(breaker.release().map(\.to) == [.closed])
        #expect(try breaker.make(1, .failure).map(\.to) == [.open])
    }

    @Test func endsBeyondAllRangesAreHeldAndNothingTraps() throws {
        for nanoseconds in [Int64.min, .max] {
            let breaker = try breaker()
            let end = CivilInstant(nanosecondsSinceEpoch: nanoseconds)
            breaker.restore(.init(.isolated, reason: "", until: end))
            #expect(breaker.state == (nanoseconds == .max ? .isolated : .halfOpen))
            breaker.restore(nil)
            breaker.forceOpen(reason: "hint", until: .distantFuture)
            #expect(breaker.admit().ticket == nil || nanoseconds == .min)
        }
    }

    /// A header that somebody misread must not hold a breaker open until a person comes.
    @Test func aHintWithoutEndIsCutShort() throws {
        let breaker = try breaker()
        let longest = time.now.advanced(by: CircuitBreaker.longestForcedOpen)
        #expect(breaker.forceOpen(reason: "hint", until: .distantFuture).map(\.until) == [longest])
        #expect(breaker.nextTransition == longest)
        time.advance(by: CircuitBreaker.longestForcedOpen)
        #expect(breaker.state == .halfOpen)
        var patient = CircuitBreakerConfiguration.plain()
        patient.openDurationCap = .seconds(1_000_000)
        let slow = try CircuitBreaker(name: "slow", configuration: patient, time: time)
        slow.forceOpen(reason: "hint", until: .distantFuture)
        #expect(slow.nextTransition == time.now.advanced(by: .seconds(1_000_000)))
    }

    @Test func nothingIsKeptOfABreakerThatNoOperatorTouched() throws {
        let breaker = try breaker()
        try breaker.make(1, .failure)
        #expect(breaker.operatorState == nil)
        #expect(breaker.restore(nil).isEmpty)
    }

    /// A breaker is put into service step by step: so many of the calls that it decides to refuse are refused.
    @Test(arguments: [(0, 0), (1, 1), (250, 250), (999, 999), (1_000, 1_000), (.min, 0), (.max, 1_000)])
    func aShadowRefusesTheShareThatItIsTold(perMille: Int, refused: Int) throws {
        let breaker = try breaker()
        breaker.shadow(reason: "second week", enforcing: perMille)
        // As long as it refuses any call, its moves are those of a breaker that refuses.
        #expect(try breaker.make(1, .failure).map(\.isShadow) == [refused == 0])
        var count = 0
        for _ in 0..<1_000 {
            let decision = breaker.admit()
            if case .rejected(let rejection) = decision.admission {
                #expect(rejection.until == breaker.nextTransition)
                count += 1
            } else {
                #expect(decision.shadowRejection != nil)
            }
        }
        #expect(count == refused)
        #expect(breaker.status.enforcedPerMille == refused)
        #expect(breaker.status.admittedPerMille == 1_000 - refused)
        #expect(breaker.status.shadowRefusals == 1_000 - refused)
        let kept = try #require(breaker.operatorState)
        #expect(kept.enforcedPerMille == (refused == 0 ? nil : refused))
        let next = try self.breaker()
        next.restore(try JSONDecoder().decode(CircuitBreaker.OperatorState.self, from: JSONEncoder().encode(kept)))
        #expect(next.status.enforcedPerMille == refused && next.status.isShadow)
        breaker.release()
        #expect(breaker.status.enforcedPerMille == 1_000)
        #expect(breaker.admit().ticket == nil)
    }

    @Test func whatAnEarlierVersionWroteOfAShadowIsRead() throws {
        let text = #"{"kind":"shadow","reason":"first week"}"#
        let state = try JSONDecoder().decode(CircuitBreaker.OperatorState.self, from: Data(text.utf8))
        #expect(state == .init(.shadow, reason: "first week"))
    }

    /// Whatever chance takes from times open, what a server named is never made shorter.
    @Test func noJitterShortensAServersHint() throws {
        for seed in 0..<50 as Range<UInt64> {
            let breaker = try CircuitBreaker(
                name: "orders",
                configuration: CircuitBreakerConfiguration(consecutiveFailures: 1, openDurationJitter: 1),
                environment: RuntimeEnvironment(time: time, random: SeededRandom(seed: seed, stream: "hint")))
            let hint = time.now.advanced(by: .seconds(30))
            if seed.isMultiple(of: 2) { try breaker.make(1, .failure) }
            let before = breaker.nextTransition ?? hint
            breaker.forceOpen(reason: "Retry-After", until: hint)
            #expect(breaker.nextTransition == max(hint, before))
            time.advance(to: hint.advanced(by: .nanoseconds(-1)))
            #expect(breaker.admit().ticket == nil)
        }
    }
}
