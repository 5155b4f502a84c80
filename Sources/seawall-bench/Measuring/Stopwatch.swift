import SeawallTime

/// Real time between two moments inside of code that is run by others.
final class Stopwatch: Sendable {
    private let times = Lock((start: Int64(0), elapsed: Int64(0)))

    /// Nanoseconds between the last `start()` and the last `stop()`.
    var elapsed: Int64 { times.withLock { $0.elapsed } }

    func start() {
        times.withLock { $0.start = SystemTime().now.nanoseconds }
    }

    func stop() {
        times.withLock { $0.elapsed = SystemTime().now.nanoseconds - $0.start }
    }
}
