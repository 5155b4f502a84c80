import SeawallTime
import Testing

@testable import SeawallBackoff

/// The core of a hedged attempt, through every order of events at small scope.
@Suite struct HedgeRoundTests {
    private enum Event: CaseIterable {
        case hedge, transient, throttled, ambiguous, pause, stop
    }

    private static let pauseEnd = MonotonicInstant(nanoseconds: 5)

    @Test func everySequenceOfSixEventsEndsOnceAndTellsTheStrictest() {
        var overs = 0
        for number in 0..<46_656 {
            var rest = number
            var events: [Event] = []
            for _ in 0..<6 {
                events.append(Event.allCases[rest % 6])
                rest /= 6
            }
            overs += play(events)
        }
        #expect(overs > 10_000)
    }

    /// Plays events until the round is over, against a list of what has happened; 1 where it ended with a decision.
    private func play(_ events: [Event]) -> Int {
        var round = HedgeRound(maximumHedges: 3)
        var running = 1
        var hedges = 0
        var failures: [Event] = []
        for event in events {
            if event == .hedge {
                let mayHedge = hedges < 3 && !failures.contains(.pause)
                #expect(round.mayHedge == mayHedge)
                guard mayHedge else { continue }
                round.hedged()
                running += 1
                hedges += 1
                continue
            }
            failures.append(event)
            running -= 1
            let verdict = round.failed(decision(event))
            if event == .stop {
                #expect(verdict == .stop)
                return 0
            }
            if running > 0 {
                #expect(verdict == .wait)
                continue
            }
            let wasThrottled = failures.contains(.throttled) || failures.contains(.pause)
            let graveness: FailureClass =
                failures.contains(.ambiguous) ? .ambiguous : wasThrottled ? .throttled : .transient
            let expected =
                failures.contains(.pause)
                ? RetryDecision.retryAfter(until: Self.pauseEnd, as: graveness) : .retry(as: graveness)
            #expect(verdict == .over(expected))
            return 1
        }
        return 0
    }

    private func decision(_ event: Event) -> RetryDecision {
        switch event {
        case .hedge, .transient: .retry
        case .throttled: .retry(as: .throttled)
        case .ambiguous: .retryIfIdempotent
        case .pause: .retryAfter(until: Self.pauseEnd)
        case .stop: .stop
        }
    }
}
