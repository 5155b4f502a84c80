import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The breaker against the naive one over random histories with late results, idle gaps and edges of time.
@Suite struct CircuitBreakerModelTests {
    private struct Tally {
        var halfOpens = 0
        var closes = 0
        var lateResults = 0
        var twiceSettled = 0
        var shadowed = 0
        var refusals: [CircuitBreaker.State: Int] = [:]
        var reasons: [CircuitBreaker.Transition.Reason: Int] = [:]
    }

    private struct Held {
        var ticket: CircuitBreaker.Ticket
        var pass: NaiveBreaker.Pass
        var admitted: Int64
        var isSettled = false
    }

    private func randomConfiguration(_ generator: inout SeededGenerator) -> CircuitBreakerConfiguration {
        let isOfTime = generator.chance(0.5)
        let size = 1 + Int(generator.below(generator.chance(0.2) ? 130 : 8))
        func limit() -> Int { 1 + Int(generator.below(1_000)) }
        let kind = generator.below(3)
        let rates = CircuitBreakerConfiguration.Rates(
            window: isOfTime ? .time(.nanoseconds(1 + Int64(generator.below(60)))) : .calls(size),
            minimumCalls: 1 + Int(generator.below(UInt64(isOfTime ? 6 : size))),
            failuresPerMille: kind == 0 ? nil : limit(), slowCallsPerMille: kind == 1 ? nil : limit(),
            slowCallDuration: .nanoseconds(1 + Int64(generator.below(8))))
        let rules = generator.below(3)
        let open = 1 + Int64(generator.below(20))
        return CircuitBreakerConfiguration(
            consecutiveFailures: rules == 0 ? nil : 1 + Int(generator.below(4)),
            rates: rules == 1 ? nil : rates,
            openDuration: .nanoseconds(open),
            openDurationGrowth: [1, 1.5, 2, 3.25][Int(generator.below(4))],
            openDurationCap: .nanoseconds(open + Int64(generator.below(100))),
            openDurationJitter: [0, 0.1, 0.5, 1][Int(generator.below(4))],
            probes: 1 + Int(generator.below(3)),
            successesToClose: 1 + Int(generator.below(3)),
            probeLease: .nanoseconds(1 + Int64(generator.below(20))),
            ramp: generator.chance(0.6)
                ? nil
                : .init(duration: .nanoseconds(1 + Int64(generator.below(40))), firstPerMille: limit()),
            isEnabled: !generator.chance(0.1))
    }

    private enum Kind: String, CaseIterable {
        case core, shell
    }

    @Test(arguments: ["core", "shell"])
    func everyAnswerAndTransitionIsTheNaiveOne(kind: String) throws {
        let kind = try #require(Kind(rawValue: kind))
        var tally = Tally()
        for seed in UInt64(0)..<500 {
            var generator = SeededGenerator(seed: seed, stream: "breaker model")
            let configuration = randomConfiguration(&generator)
            try configuration.validate()
            let steps = BreakerStep.random(250, goesBack: kind == .core, &generator)
            func differs(_ steps: [BreakerStep], _ tally: inout Tally) throws -> Bool {
                var numbers = SeededGenerator(seed: seed, stream: "breaker model chances")
                let random = ListedRandom(300, &numbers)
                let naive = NaiveBreaker(configuration, chances: random.chance)
                switch kind {
                case .core: return !playOut(steps, CoreUnderTest(configuration, random), naive, into: &tally)
                case .shell: return !playOut(steps, try ShellUnderTest(configuration, random), naive, into: &tally)
                }
            }
            if try differs(steps, &tally) {
                var ignored = Tally()
                let short = try shrunk(steps) { try differs($0, &ignored) }
                Issue.record("seed \(seed), \(configuration), \(short.count) steps: \(short)")
                return
            }
        }
        print("breaker model, \(kind): half-open \(tally.halfOpens) times, \(tally.lateResults) late results")
        // A case that was never reached is not proven.
        #expect(tally.halfOpens > 2_000)
        #expect(tally.closes > 400)
        #expect(tally.lateResults > 1_000)
        #expect(tally.twiceSettled > 100)
        #expect(tally.shadowed > 100)
        for state in [CircuitBreaker.State.closed, .open, .halfOpen, .isolated] {
            #expect(tally.refusals[state, default: 0] > 50, "\(state)")
        }
        let reasons: [CircuitBreaker.Transition.Reason] = [
            .consecutiveFailures, .failureRate, .slowCallRate, .openTimeOver, .probeFailed, .probeSlow, .probeLeaseOver,
            .probesSucceeded, .forced, .isolated, .isolationOver, .disabled, .released, .reset,
        ]
        for reason in reasons { #expect(tally.reasons[reason, default: 0] > 20, "\(reason)") }
    }

    @Test func aHistoryThatFailsIsMadeShort() throws {
        var generator = SeededGenerator(seed: 1, stream: "shrinking")
        let steps = BreakerStep.random(200, goesBack: false, &generator)
        func resets(_ steps: [BreakerStep]) -> Int { steps.count { if case .reset = $0 { true } else { false } } }
        try #require(resets(steps) > 2)
        #expect(shrunk(steps) { resets($0) > 1 }.count == 2)
    }

    /// Leaves out whatever can be left out, in ever smaller parts.
    private func shrunk(
        _ steps: [BreakerStep], while fails: ([BreakerStep]) throws -> Bool
    ) rethrows -> [BreakerStep] {
        var steps = steps
        var part = steps.count / 2
        while part > 0 {
            var start = 0
            while start < steps.count {
                var fewer = steps
                fewer.removeSubrange(start..<min(start + part, steps.count))
                if try fails(fewer) { steps = fewer } else { start += part }
            }
            part /= 2
        }
        return steps
    }

    private func playOut(
        _ steps: [BreakerStep], _ subject: some BreakerUnderTest, _ naive: NaiveBreaker, into tally: inout Tally
    ) -> Bool {
        var subject = subject
        var naive = naive
        var held: [Held] = []
        var now: Int64 = 0
        var told = Int64.min
        for step in steps {
            naive.moves = []
            switch step {
            case .wait(let time): now += time
            case .waitForEnd(let offset): now = max(now, (naive.end ?? now) + offset)
            case .goBack(let time): now -= time
            default: break
            }
            guard isTold(subject.status(now), by: naive, at: now) else { return false }
            var transitions: [CircuitBreaker.Transition] = []
            switch step {
            case .wait, .waitForEnd, .goBack:
                continue
            case .admit:
                let decision = subject.admit(now)
                transitions = decision.transitions
                naive.pass(to: now)
                switch (decision.admission, naive.admit()) {
                case (.admitted(let ticket), .pass(let pass)):
                    guard ticket.isProbe == (pass.probe != nil) else { return false }
                    guard (decision.shadowRejection != nil) == (pass.chapter == nil) else { return false }
                    if pass.chapter == nil { tally.shadowed += 1 }
                    held.append(Held(ticket: ticket, pass: pass, admitted: now))
                case (.rejected(let rejection), .refusal(let until)):
                    guard rejection.until?.nanoseconds == until, rejection.state == naive.current.state else {
                        return false
                    }
                    tally.refusals[rejection.state, default: 0] += 1
                default: return false
                }
            case .record(let fromLast, _) where fromLast >= held.count:
                continue
            case .record(let fromLast, let result):
                let index = held.count - 1 - fromLast
                let call = held[index]
                if call.isSettled { tally.twiceSettled += 1 }
                if call.pass.chapter != naive.chapters.count - 1 { tally.lateResults += 1 }
                held[index].isSettled = true
                transitions = subject.record(result, for: call.ticket, took: now - call.admitted, now)
                naive.pass(to: now)
                naive.record(result, for: call.pass, took: now - call.admitted)
            case .giveBack(let fromLast):
                guard fromLast < held.count else { continue }
                let call = held[held.count - 1 - fromLast]
                subject.giveBack(call.ticket, now)
                naive.giveBack(call.pass, at: now)
            case .poll, .forceOpen, .isolate, .shadow, .disable, .release, .reset:
                transitions = subject.apply(step, now)
                naive.pass(to: now)
                naive.apply(step, now)
            }
            let moves = transitions.map(\.move)
            guard moves == naive.moves else { return false }
            for move in moves {
                // Said of both: that they agree is no proof that the instants are in order.
                guard move.at >= told, move.until.map({ $0 >= move.at }) ?? true else { return false }
                told = move.at
                tally.reasons[move.reason, default: 0] += 1
                if move.to == .halfOpen { tally.halfOpens += 1 }
                if move.to == .closed { tally.closes += 1 }
            }
        }
        return true
    }

    private func isTold(_ status: CircuitBreaker.Status, by naive: NaiveBreaker, at now: Int64) -> Bool {
        var naive = naive
        naive.pass(to: now)
        let isClosed = naive.current.state == .closed
        return status.state == naive.current.state && status.until?.nanoseconds == naive.end
            && status.since.nanoseconds == naive.current.from && status.failureCount == naive.failures
            && status.failureRate == naive.rates.0 && status.slowCallRate == naive.rates.1
            && (!isClosed || status.callsInWindow == naive.window.count)
            && status.probesInFlight == naive.current.probes.filter { !$0.isSettled }.count
            && status.isShadow == naive.isShadow && status.admittedPerMille == naive.admittedPerMille
    }
}

extension NaiveBreaker {
    fileprivate mutating func apply(_ step: BreakerStep, _ now: Int64) {
        switch step {
        case .forceOpen(let after): forceOpen(until: after.map { now + $0 })
        case .isolate(let after): isolate(until: after.map { now + $0 })
        case .disable: disable()
        case .shadow(let share): shadow(enforcing: share)
        case .release: release()
        case .reset: reset()
        default: break
        }
    }
}

extension CircuitBreaker.Transition {
    fileprivate var move: NaiveBreaker.Move {
        NaiveBreaker.Move(
            from: from, to: to, at: at.nanoseconds, reason: reason, failures: failureCount, failureRate: failureRate,
            slowRate: slowCallRate, until: until?.nanoseconds, isShadow: isShadow)
    }
}
