internal import Seawall

/// Judges a run by its record alone.
///
/// It shares no function with the library that it judges: what is allowed is worked out again here, from the venue's
/// truth and the requests that were handed over.
public final class Judge: Sendable {
    private struct State: Sendable {
        var checks: [any PromiseCheck]
        var counts = RunCounts()
    }

    private let state: Lock<State>

    /// Makes a judge of every promise that a single run can show.
    public convenience init() {
        self.init(checks: [
            OneOrderPerIntent(), ReduceOnlyHolds(), NothingIntoABan(), WindowsHold(), CancelsGetThrough(),
            LatchIsDurable(), TripActsOnce(), NothingUnproven(), HalfOpenEnds(), OneAlertPerEpisode(), Progress(),
        ])
    }

    /// Makes a judge of chosen promises.
    public init(checks: [any PromiseCheck]) {
        state = Lock(State(checks: checks))
    }

    /// Takes the next record.
    public func observe(_ record: RunRecord) {
        state.withLock { state in
            state.counts.observe(record)
            for index in state.checks.indices { state.checks[index].observe(record) }
        }
    }

    /// What the run says of each promise so far.
    public var findings: [Promise: Finding] {
        state.withLock { state in
            Dictionary(state.checks.map { ($0.promise, $0.finding) }) { first, _ in first }
        }
    }

    /// What happened in the run, counted.
    public var counts: RunCounts { state.withLock { $0.counts } }
}
