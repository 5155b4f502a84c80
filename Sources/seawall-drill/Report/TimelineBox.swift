import Seawall
import SeawallChaos

/// Collects the timeline of a run while it goes.
final class TimelineBox: Sendable {
    private let state = Lock(Timeline())

    func observe(_ record: RunRecord) { state.withLock { $0.observe(record) } }

    /// What was collected so far.
    var timeline: Timeline { state.withLock { $0 } }
}
