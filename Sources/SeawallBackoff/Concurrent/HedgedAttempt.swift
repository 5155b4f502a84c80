internal import SeawallTime

/// Runs one attempt and, where it takes long, hedges beside it; the losers are cancelled and waited for.
struct HedgedAttempt<Value: Sendable> {
    let hedging: Hedging
    let delay: Duration
    let runner: AttemptRunner<Value>

    private struct Call: Sendable {
        var number: Int
        var begunAt: MonotonicInstant
    }

    private enum Event: Sendable {
        case value(Value, Call)
        case failed(any Error, Call)
        case hedgeIsDue
        case timerCancelled
    }

    func run(_ run: inout RetryRun, classify: (any Error) -> RetryDecision) async -> AttemptEnd<Value> {
        await withTaskGroup(of: Event.self) { group in
            var round = HedgeRound(maximumHedges: hedging.maximumHedges)
            var calls: [Call] = []
            let first = run.attempt.number
            begin(run, &calls, &group)
            while let event = await group.next() {
                switch event {
                case .value(let value, let call):
                    group.cancelAll()
                    // Only first calls are measured, as long as they ran: were the quick hedges counted and the calls they
                    // cut off not, the quantile would fall until everything is hedged at once.
                    let isFirst = call.number == first
                    run.succeeded(begunAt: isFirst ? call.begunAt : nil)
                    if !isFirst, let loser = calls.first(where: { $0.number == first }) {
                        run.cutOff(begunAt: loser.begunAt)
                    }
                    return .value(value)
                case .failed(let error, let call):
                    calls.removeAll { $0.number == call.number }
                    if call.number == first, error is AttemptTimedOut { run.cutOff(begunAt: call.begunAt) }
                    if isCancellation(error) {
                        group.cancelAll()
                        return .cancelled(error)
                    }
                    let decision = run.note(error, classify(error), number: call.number)
                    switch round.failed(decision) {
                    case .wait:
                        continue
                    case .stop:
                        group.cancelAll()
                        return .noted(error, decision)
                    case .over(let strictest):
                        group.cancelAll()
                        return .noted(error, strictest)
                    }
                case .hedgeIsDue:
                    // A budget that is empty, or a deadline that is near, keeps the hedge back and harms no running call.
                    guard round.mayHedge, run.beginHedge() else { continue }
                    round.hedged()
                    begin(run, &calls, &group)
                case .timerCancelled:
                    continue
                }
            }
            return .cancelled(CancellationError())
        }
    }

    /// Starts the call that the run has begun, and the timer of the hedge after it.
    private func begin(_ run: RetryRun, _ calls: inout [Call], _ group: inout TaskGroup<Event>) {
        let attempt = run.attempt
        let call = Call(number: attempt.number, begunAt: run.begunAt)
        calls.append(call)
        group.addTask { [runner] in
            do {
                return .value(try await runner.run(attempt, begunAt: call.begunAt), call)
            } catch {
                return .failed(error, call)
            }
        }
        let due = call.begunAt.advanced(by: delay)
        group.addTask { [time = runner.environment.time] in
            do {
                try await time.sleep(until: due)
                return .hedgeIsDue
            } catch {
                return .timerCancelled
            }
        }
    }
}
