import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The core against the naive breaker over random histories with late results, idle gaps and edges of time.
@Suite struct CircuitBreakerModelTests {
    private struct Tally {
        var halfOpens = 0
        var leaseEnds = 0
        var closes = 0
        var lateResults = 0
        var twiceSettled = 0
        var refusals: [CircuitBreaker.State: Int] = [:]
        var reasons: [CircuitBreaker.Transition.Reason: Int] = [:]
    }

    private struct Held {
        var ticket: CircuitBreaker.Ticket
        var pass: NaiveBreaker.Pass
        var isSettled = false
    }

    private func randomConfiguration(_ generator: inout SeededGenerator) -> CircuitBreakerConfiguration {
        let window = 1 + Int(generator.below(generator.chance(0.2) ? 130 : 8))
        let rate = CircuitBreakerConfiguration.FailureRate(
            perMille: 1 + Int(generator.below(1_000)), window: window,
            minimumCalls: 1 + Int(generator.below(UInt64(window))))
        let kind = generator.below(3)
        let open = 1 + Int64(generator.below(20))
        return CircuitBreakerConfiguration(
            consecutiveFailures: kind == 0 ? nil : 1 + Int(generator.below(4)),
            failureRate: kind == 1 ? nil : rate,
            openDuration: .nanoseconds(open),
            openDurationGrowth: [1, 1.5, 2, 3.25][Int(generator.below(4))],
            openDurationCap: .nanoseconds(open + Int64(generator.below(100))),
            probes: 1 + Int(generator.below(3)),
            successesToClose: 1 + Int(generator.below(3)),
            probeLease: .nanoseconds(1 + Int64(generator.below(20))))
    }

    @Test func everyAnswerAndTransitionIsTheNaiveOne() throws {
        var tally = Tally()
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed, stream: "breaker model")
            let configuration = randomConfiguration(&generator)
            try configuration.validate()
            let isRightSoFar = playOut(&generator, configuration, into: &tally)
            #expect(isRightSoFar, "seed \(seed), \(configuration)")
            if !isRightSoFar { return }
        }
        // A case that was never reached is not proven.
        #expect(tally.halfOpens > 1_000)
        #expect(tally.closes > 200)
        #expect(tally.leaseEnds > 200)
        #expect(tally.lateResults > 1_000)
        #expect(tally.twiceSettled > 100)
        for state in [CircuitBreaker.State.open, .halfOpen, .isolated] {
            #expect(tally.refusals[state, default: 0] > 100, "\(state)")
        }
        let reasons: [CircuitBreaker.Transition.Reason] = [
            .consecutiveFailures, .failureRate, .openTimeOver, .probeFailed, .probeLeaseOver, .probesSucceeded,
            .forced, .isolated, .isolationOver, .disabled, .reset,
        ]
        for reason in reasons { #expect(tally.reasons[reason, default: 0] > 20, "\(reason)") }
    }

    private func nextInstant(_ generator: inout SeededGenerator, _ now: Int64, end: Int64?) -> Int64 {
        switch generator.below(12) {
        case 0...5: return now
        case 6: return max(now, end ?? now)
        case 7: return max(now, (end ?? now) - 1)
        case 8: return now + Int64(generator.below(1_000))
        default: return now + Int64(generator.below(6))
        }
    }

    private func playOut(
        _ generator: inout SeededGenerator, _ configuration: CircuitBreakerConfiguration, into tally: inout Tally
    ) -> Bool {
        var core = CircuitBreakerCore(name: "model", configuration: configuration, now: .origin)
        var naive = NaiveBreaker(configuration)
        var held: [Held] = []
        var now: Int64 = 0
        for _ in 0..<250 {
            now = nextInstant(&generator, now, end: naive.end)
            let instant = MonotonicInstant(nanoseconds: now)
            naive.moves = []
            let before = core
            let peeked = core.status(now: instant)
            guard core == before else { return false }
            naive.pass(to: now)
            guard peeked.state == naive.current.state, peeked.until?.nanoseconds == naive.end,
                peeked.since.nanoseconds == naive.current.from, peeked.failureCount == naive.failures
            else { return false }
            var transitions: [CircuitBreaker.Transition] = []
            switch generator.below(100) {
            case 45..<92 where held.isEmpty:
                transitions = core.advance(to: instant)
            case 0..<45:
                let decision = core.admit(now: instant)
                transitions = decision.transitions
                switch (decision.admission, naive.admit()) {
                case (.admitted(let ticket), .pass(let pass)):
                    guard ticket.isProbe == (pass.probe != nil) else { return false }
                    held.append(Held(ticket: ticket, pass: pass))
                case (.rejected(let rejection), .refusal(let until)):
                    guard rejection.until?.nanoseconds == until, rejection.state == naive.current.state else {
                        return false
                    }
                    tally.refusals[rejection.state, default: 0] += 1
                default: return false
                }
            case 45..<92:
                // Mostly a recent call, now and then one from long ago, or one that has been settled already.
                let reach = generator.chance(0.8) ? UInt64(min(held.count, 4)) : UInt64(held.count)
                let index = held.count - 1 - Int(generator.below(reach))
                let result: CircuitBreaker.CallResult =
                    generator.chance(0.15) ? .ignored : generator.chance(0.5) ? .failure : .success
                let call = held[index]
                if call.isSettled { tally.twiceSettled += 1 }
                if call.pass.chapter < naive.chapters.count - 1 { tally.lateResults += 1 }
                held[index].isSettled = true
                transitions = core.record(result, for: call.ticket, now: instant)
                naive.record(result, for: call.pass)
            case 92, 93:
                transitions = core.advance(to: instant)
            case 94, 95:
                let until: Int64? = generator.chance(0.3) ? nil : now - 3 + Int64(generator.below(30))
                transitions = core.forceOpen(
                    until: until.map(MonotonicInstant.init(nanoseconds:)), detail: nil, now: instant)
                naive.forceOpen(until: until)
            case 96:
                let until: Int64? = generator.chance(0.2) ? nil : now - 3 + Int64(generator.below(30))
                transitions = core.isolate(
                    until: until.map(MonotonicInstant.init(nanoseconds:)), detail: "model", now: instant)
                naive.isolate(until: until)
            case 97:
                transitions = core.disable(detail: nil, now: instant)
                naive.disable()
            default:
                transitions = core.reset(now: instant)
                naive.reset()
            }
            let moves = transitions.map {
                NaiveBreaker.Move(
                    from: $0.from, to: $0.to, at: $0.at.nanoseconds, reason: $0.reason, failures: $0.failureCount,
                    until: $0.until?.nanoseconds)
            }
            guard moves == naive.moves, core.state == naive.current.state else { return false }
            for move in moves {
                tally.reasons[move.reason, default: 0] += 1
                if move.to == .halfOpen { tally.halfOpens += 1 }
                if move.to == .closed { tally.closes += 1 }
                if move.reason == .probeLeaseOver { tally.leaseEnds += 1 }
            }
        }
        return true
    }
}
