import SeawallTime

/// Time that goes where it is told, back too, with a coarse reading of its own.
final class LooseTime: TimeSource {
    private let readings: Lock<(now: MonotonicInstant, coarse: MonotonicInstant)>

    init(_ nanoseconds: Int64 = 0) {
        let instant = MonotonicInstant(nanoseconds: nanoseconds)
        readings = Lock((instant, instant))
    }

    var now: MonotonicInstant { readings.withLock { $0.now } }
    var coarseNow: MonotonicInstant { readings.withLock { $0.coarse } }
    var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: 0) }

    /// Sets both readings, the coarse one so much behind.
    func set(_ nanoseconds: Int64, lag: Duration = .zero) { set(MonotonicInstant(nanoseconds: nanoseconds), lag: lag) }

    func set(_ instant: MonotonicInstant, lag: Duration = .zero) {
        readings.withLock { $0 = (instant, instant.advanced(by: .zero - lag)) }
    }

    func sleep(until deadline: MonotonicInstant) async throws { throw CancellationError() }
}
