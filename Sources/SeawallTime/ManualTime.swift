internal import Synchronization

/// Time that moves only when a test moves it.
///
/// Sleepers register under a lock, `advance` wakes them in order of deadline and then of registration, and a test can
/// await that a sleeper is armed with `waitForSleepers(_:)`: nothing here yields or polls. `ManualTime` is also a
/// `Clock`, so it can be handed to code that takes one.
///
/// A woken task becomes runnable; it has not run when `advance` returns. Await its result, or its next sleep.
public final class ManualTime: TimeSource, Clock {
    /// The instants of this clock.
    public typealias Instant = MonotonicInstant

    private struct Storage: Sendable {
        var sleepers = SleeperQueue()
        var civilOffset: Int64
        var waiting: [(sleepers: Int, continuation: UnsafeContinuation<Void, Never>)] = []
    }

    private let storage: Lock<Storage>
    private let nowNanoseconds: Atomic<Int64>

    /// Makes a clock that shows `start`, while civil clocks show `civil` (2024-01-01T00:00:00Z unless told).
    public init(
        start: MonotonicInstant = .origin,
        civil: CivilInstant = CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000)
    ) {
        nowNanoseconds = Atomic(start.nanoseconds)
        let offset = civil.nanosecondsSinceEpoch.subtractingSaturating(start.nanoseconds)
        storage = Lock(Storage(civilOffset: offset))
    }

    /// The instant that the clock was last moved to.
    public var now: MonotonicInstant { MonotonicInstant(nanoseconds: nowNanoseconds.load(ordering: .acquiring)) }

    /// The civil time that belongs to `now`.
    public var civilNow: CivilInstant {
        let offset = storage.withLock { $0.civilOffset }
        return CivilInstant(nanosecondsSinceEpoch: now.nanoseconds.addingSaturating(offset))
    }

    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep on this clock.
    public var sleeperCount: Int { storage.withLock { $0.sleepers.count } }

    /// The earliest instant at which a sleeper is due, or nil where nobody sleeps.
    public var nextDeadline: MonotonicInstant? { storage.withLock { $0.sleepers.nextDeadline } }

    /// Moves the civil clock without moving monotonic time, as an operator or a time server does.
    public func stepCivil(by duration: Duration) {
        storage.withLock { $0.civilOffset = $0.civilOffset.addingSaturating(duration.wholeNanoseconds) }
    }

    /// Moves time by `duration` and wakes every sleeper on the way, in order; a negative duration does nothing.
    public func advance(by duration: Duration) {
        advance(to: now.advanced(by: duration))
    }

    /// Moves time to `instant` and wakes every sleeper on the way, in order; an instant in the past does nothing.
    ///
    /// A sleeper that wakes on the way finds the clock at its own deadline or later.
    public func advance(to instant: MonotonicInstant) {
        while let deadline = nextDeadline, deadline <= instant {
            moveForward(to: deadline)
            while let sleeper = storage.withLock({ $0.sleepers.popDue(at: deadline) }) { sleeper.resume() }
        }
        moveForward(to: instant)
    }

    /// Moves time to the earliest deadline and wakes who is due there; false where nobody sleeps.
    @discardableResult
    public func advanceToNextDeadline() -> Bool {
        guard let deadline = nextDeadline else { return false }
        advance(to: deadline)
        return true
    }

    /// Waits until at least `count` tasks sleep on this clock; returns at once if they do.
    ///
    /// It ends early where the task is cancelled.
    public func waitForSleepers(_ count: Int = 1) async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isMet = storage.withLock { storage in
                    if storage.sleepers.count >= count || Task.isCancelled { return true }
                    storage.waiting.append((count, continuation))
                    return false
                }
                if isMet { continuation.resume() }
            }
        } onCancel: {
            resumeWaiting { _ in true }
        }
    }

    /// Waits until the clock has been moved to `deadline`; returns at once if it has.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: MonotonicInstant) async throws {
        try await sleep(until: deadline, tolerance: nil)
    }

    /// Waits until the clock has been moved to `deadline`; the tolerance means nothing to a clock moved by hand.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: MonotonicInstant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let ticket = storage.withLock { $0.sleepers.issueTicket() }
        let ended = Atomic<Bool>(false)
        defer { storage.withLock { $0.sleepers.retire(ticket) } }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (sleeper: SleeperQueue.Sleeper) in
                register(ticket, until: deadline, sleeper: sleeper)
            }
            ended.store(true, ordering: .releasing)
        } onCancel: {
            let hasEnded = ended.load(ordering: .acquiring)
            let sleeper = storage.withLock { $0.sleepers.cancel(ticket, hasEnded: hasEnded) }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    private func register(_ ticket: UInt64, until deadline: MonotonicInstant, sleeper: SleeperQueue.Sleeper) {
        let registration = storage.withLock { storage in
            // Read inside the lock: time that moves before it is seen, time that moves after finds the sleeper.
            storage.sleepers.register(ticket, until: deadline, now: now, sleeper: sleeper)
        }
        switch registration {
        case .sleeping: resumeWaiting { [sleeperCount] in $0 <= sleeperCount }
        case .alreadyDue: sleeper.resume()
        case .alreadyCancelled: sleeper.resume(throwing: CancellationError())
        }
    }

    private func resumeWaiting(where isMet: (Int) -> Bool) {
        let met = storage.withLock { storage in
            let met = storage.waiting.filter { isMet($0.sleepers) }.map(\.continuation)
            storage.waiting.removeAll { isMet($0.sleepers) }
            return met
        }
        for continuation in met { continuation.resume() }
    }

    private func moveForward(to instant: MonotonicInstant) {
        nowNanoseconds.max(instant.nanoseconds, ordering: .acquiringAndReleasing)
    }
}
