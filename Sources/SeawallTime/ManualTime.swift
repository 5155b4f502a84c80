internal import Synchronization

/// Time that moves only when a test moves it.
///
/// Sleepers register under a lock, `advance` wakes them in order of deadline and then of registration, and a test can
/// await that a sleeper is armed with `waitForSleepers(_:)`: nothing here yields or polls. `ManualTime` is also a
/// `Clock`, so it can be handed to code that takes one. A test reads:
///
///     let time = ManualTime()
///     async let answer = retry.run(using: time)
///     await time.waitForSleepers()             // the first attempt has failed and the task waits
///     #expect(time.pendingDeadlines == [.origin.advanced(by: .seconds(2))])
///     time.advance(by: .seconds(2))
///     #expect(try await answer == 42)
///
/// A woken task becomes runnable; it has not run when `advance` returns. Await its result, or its next sleep:
/// `advance` counts it out at once, so `waitForSleepers()` right after cannot see the sleep that has just ended. A
/// task that sleeps again and again finds the time that `advance` has reached by then, perhaps the very end; to go
/// through its sleeps one by one use `advanceToNextDeadline()` or `runAdvancing(_:)`.
public final class ManualTime: TimeSource, Clock {
    /// The instants of this clock.
    public typealias Instant = MonotonicInstant

    private typealias Sleeper = UnsafeContinuation<Void, any Error>

    private struct Waiter {
        var id: UInt64
        var sleeperCount: Int
        var continuation: UnsafeContinuation<Void, Never>
    }

    private struct Storage: Sendable {
        var sleepers = SleeperQueue<Sleeper>()
        var civilOffset: Int64
        var waiters: [Waiter] = []
        var lastWaiterID: UInt64 = 0

        /// Takes out every waiter whose condition holds at this moment.
        mutating func takeSatisfied() -> [Waiter] {
            // The usual case: nobody waits, and nothing is allocated.
            if waiters.isEmpty { return [] }
            let count = sleepers.count
            let satisfied = waiters.filter { $0.sleeperCount <= count }
            waiters.removeAll { $0.sleeperCount <= count }
            return satisfied
        }
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

    /// Every instant at which a sleeper is due, in the order of waking; equal ones are repeated.
    public var pendingDeadlines: [MonotonicInstant] { storage.withLock { $0.sleepers.deadlines } }

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
        while let sleeper = storage.withLock({ moveOneSleeper(in: &$0, towards: instant) }) { sleeper.resume() }
    }

    /// Moves time to the earliest deadline and wakes who is due there; false where nobody sleeps.
    @discardableResult
    public func advanceToNextDeadline() -> Bool {
        let reached = storage.withLock { storage in
            let deadline = storage.sleepers.nextDeadline
            if let deadline { moveForward(to: deadline) }
            return deadline
        }
        guard let reached else { return false }
        advance(to: reached)
        return true
    }

    /// Runs `operation`, and meanwhile moves time to the next deadline whenever somebody sleeps.
    ///
    /// For code whose sleeps only have to pass, such as a retry that backs off ten times. Every sleeper counts, also those
    /// of other tasks; where several tasks sleep at once, which of them falls asleep first is up to the scheduler, and
    /// with it how far time has moved.
    public func runAdvancing<Result>(_ operation: () async throws -> Result) async rethrows -> Result {
        // Ended by the end of this scope, which cancels it and waits for it.
        async let _: Void = advanceUntilCancelled()
        return try await operation()
    }

    /// Waits until at least `count` tasks sleep on this clock; returns at once if they do.
    ///
    /// It returns if the condition held at any moment of the wait, even if a sleeper has gone since. It ends early where
    /// the task is cancelled.
    public func waitForSleepers(_ count: Int = 1) async {
        let id = storage.withLock { storage in
            storage.lastWaiterID &+= 1
            return storage.lastWaiterID
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isOver = storage.withLock { storage in
                    // Cancelled before: its handler has found no waiter to take out. After: it will find this one.
                    if storage.sleepers.count >= count || Task.isCancelled { return true }
                    storage.waiters.append(Waiter(id: id, sleeperCount: count, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = storage.withLock { storage in
                storage.waiters.firstIndex { $0.id == id }.map { storage.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
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
        if deadline <= now { return }
        let ticket = storage.withLock { $0.sleepers.issueTicket() }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (sleeper: Sleeper) in
                register(ticket, until: deadline, sleeper: sleeper)
            }
        } onCancel: {
            let sleeper = storage.withLock { $0.sleepers.cancel(ticket) }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    private func register(_ ticket: SleeperQueue<Sleeper>.Ticket, until deadline: MonotonicInstant, sleeper: Sleeper) {
        let (registration, satisfied) = storage.withLock { storage in
            // Time moves under this lock too: what moved before is seen, what moves after finds the sleeper.
            let registration = storage.sleepers.register(ticket, until: deadline, now: now, sleeper: sleeper)
            return (registration, registration == .sleeping ? storage.takeSatisfied() : [])
        }
        switch registration {
        case .sleeping: break
        case .alreadyDue: sleeper.resume()
        case .alreadyCancelled: sleeper.resume(throwing: CancellationError())
        }
        for waiter in satisfied { waiter.continuation.resume() }
    }

    private func advanceUntilCancelled() async {
        while !Task.isCancelled {
            await waitForSleepers()
            if !Task.isCancelled { advanceToNextDeadline() }
        }
    }

    /// Takes out the next sleeper due by `instant` and moves time to its deadline; without one, moves time to the end.
    private func moveOneSleeper(in storage: inout Storage, towards instant: MonotonicInstant) -> Sleeper? {
        guard let due = storage.sleepers.popDue(at: instant) else {
            moveForward(to: instant)
            return nil
        }
        moveForward(to: due.deadline)
        return due.sleeper
    }

    /// Called under the lock alone; readers of `now` need none.
    private func moveForward(to instant: MonotonicInstant) {
        nowNanoseconds.max(instant.nanoseconds, ordering: .acquiringAndReleasing)
    }
}
