import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallBackoff

/// The race between an attempt, its timeout and its caller: decided once, heard once, counted right.
@Suite(.timeLimit(.minutes(10))) struct AttemptRaceStressTests {
    private typealias Race = AttemptRace<Int>

    private enum Step: CaseIterable {
        case wait, answer, timeout, cancel
    }

    /// Every order in which the four can come, one after the other.
    @Test func whoeverComesFirstDecides() async {
        for order in Self.orders(of: Step.allCases) {
            let (abandoned, quiet) = (AbandonedAttempts(), QuietExecutor(ManualTime()))
            let race = Race(abandoned: abandoned)
            var waiter: Task<Race.End, Never>?
            for step in order {
                switch step {
                case .wait: waiter = Task(executorPreference: quiet) { await race.wait() }
                case .answer: race.attemptEnded(.value(1))
                case .timeout: race.leave(.timedOut)
                case .cancel: race.leave(.cancelled)
                }
                quiet.drain()
            }
            let first = order.first { $0 != .wait }
            let heard = await waiter?.value
            #expect(heard.map(Self.step) == first, "\(order)")
            #expect(abandoned.total == (first == .answer ? 0 : 1), "\(order)")
            #expect(abandoned.running == 0, "\(order)")
        }
    }

    /// The same on real threads, where they come at once.
    @Test func everyRaceIsDecidedOnceAndWhatIsLeftBehindIsCounted() async {
        let rounds = 6_000
        let abandoned = AbandonedAttempts()
        let races = (0..<rounds).map { _ in Race(abandoned: abandoned) }
        let rendezvous = Rendezvous(2)
        let waiters = await Crew.results(2) { index -> [Task<Race.End, Never>] in
            // The waiter runs on the thread that begins it, at the moment at which the other decides.
            let executor = QuietExecutor(ManualTime())
            var waiters: [Task<Race.End, Never>] = []
            for (round, race) in races.enumerated() {
                if index == 1 { waiters.append(Task(executorPreference: executor) { await race.wait() }) }
                rendezvous.meet(round: round)
                if index == 1 {
                    if round % 4 == 0 { waiters.last?.cancel() }
                    executor.drain()
                    if round % 5 == 0 { race.leave(.timedOut) }
                } else {
                    // A little earlier or later each time, over all that the waiter does.
                    for _ in 0..<round % 60 { _ = abandoned.total }
                    if round % 3 == 0 { race.leave(.timedOut) }
                    race.attemptEnded(round % 2 == 0 ? .value(round) : .failed(CancellationError()))
                }
            }
            rendezvous.meet(round: rounds)
            // Those that had to wait have been told by now.
            executor.drain()
            return waiters
        }
        var left = 0
        for (round, waiter) in waiters.flatMap(\.self).enumerated() {
            switch await waiter.value {
            case .value(let value): #expect(value == round && round % 2 == 0)
            case .failed: #expect(round % 2 == 1)
            case .timedOut: left += 1
            case .cancelled:
                #expect(round % 4 == 0)
                left += 1
            }
        }
        // Whoever left an attempt that had not ended counted it, once, and it counted itself out.
        #expect(abandoned.total == left)
        #expect(abandoned.running == 0)
    }

    private static func step(of end: Race.End) -> Step {
        switch end {
        case .value, .failed: .answer
        case .timedOut: .timeout
        case .cancelled: .cancel
        }
    }

    private static func orders(of steps: [Step]) -> [[Step]] {
        guard steps.count > 1 else { return [steps] }
        return steps.indices.flatMap { index in
            var rest = steps
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }
}
