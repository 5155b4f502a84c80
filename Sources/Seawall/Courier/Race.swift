internal import SeawallTime

/// One call against its deadline and against a caller who goes away: whoever claims it first decides how it ends.
///
/// Claiming and ending are two steps, so that the winner can put everything in order before the caller goes on.
final class Race<End: Sendable>: Sendable {
    /// How far the call had come when it was claimed.
    enum Stage: Sendable {
        /// Not handed over.
        case here
        /// Handed over to the venue.
        case away
    }

    private enum State: Sendable {
        case running(Stage)
        case claimed
        case ended(End)
    }

    private struct Storage: Sendable {
        var state = State.running(.here)
        var waiter: UnsafeContinuation<End, Never>?
    }

    private let storage = Lock(Storage())

    /// Marks the call as handed over; false where it was claimed before, and then it must not be.
    func depart() -> Bool {
        storage.withLock { storage in
            guard case .running = storage.state else { return false }
            storage.state = .running(.away)
            return true
        }
    }

    /// The stage for the first who asks, who must then call `end`; nil for everybody after.
    func claim() -> Stage? {
        storage.withLock { storage in
            guard case .running(let stage) = storage.state else { return nil }
            storage.state = .claimed
            return stage
        }
    }

    /// Lets the caller go on.
    func end(_ end: End) {
        let waiter = storage.withLock { storage in
            storage.state = .ended(end)
            defer { storage.waiter = nil }
            return storage.waiter
        }
        waiter?.resume(returning: end)
    }

    /// Waits for the end; `onCancel` runs when the waiting task is cancelled, and should try to claim.
    func wait(onCancel: @escaping @Sendable () -> Void) async -> End {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let end = storage.withLock { storage -> End? in
                    if case .ended(let end) = storage.state { return end }
                    storage.waiter = continuation
                    return nil
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            onCancel()
        }
    }
}
