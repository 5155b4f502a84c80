internal import SeawallTime

/// Counts the attempts that were left behind when they took too long or nobody waited for them any more.
public final class AbandonedAttempts: Sendable {
    private struct Counts: Sendable {
        var running = 0
        var total = 0
    }

    private let counts = Lock(Counts())

    /// Makes a counter at zero.
    public init() {}

    /// How many of them have not ended yet.
    public var running: Int { counts.withLock { $0.running } }

    /// How many there have been.
    public var total: Int { counts.withLock { $0.total } }

    func began() {
        counts.withLock { counts in
            counts.running += 1
            counts.total += 1
        }
    }

    func ended() {
        counts.withLock { $0.running -= 1 }
    }
}
