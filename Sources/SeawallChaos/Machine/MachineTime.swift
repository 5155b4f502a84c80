internal import SeawallTime

/// The time of one process on a simulated machine: the world's, with the machine's own civil clock.
struct MachineTime: TimeSource {
    let base: SimulatedTime
    let clock: MachineClock
    let fence: MachineFence

    var now: MonotonicInstant { base.now }

    var civilNow: CivilInstant { base.civilNow.advanced(by: clock.offset) }

    func sleep(until deadline: MonotonicInstant) async throws {
        // What is left of a dead process must not run on without an end: it gives way each time it would sleep.
        if fence.isDown { await Task.yield() }
        try fence.check()
        try await base.sleep(until: deadline)
        try fence.check()
    }
}

/// The civil clock of a machine: it outlives the processes that run on it.
final class MachineClock: Sendable {
    private let storage = Lock(Duration.zero)

    /// How far it is ahead of the world's.
    var offset: Duration { storage.withLock { $0 } }

    func step(by duration: Duration) {
        storage.withLock { $0 = .nanoseconds($0.wholeNanoseconds.addingSaturating(duration.wholeNanoseconds)) }
    }
}
