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
        case waiting
        case leaving(isClaimWanted: Bool)
        case away
        case claimed
        case ended(End)
    }

    private struct Storage: Sendable {
        var state = State.waiting
        var waiter: UnsafeContinuation<End, Never>?
    }

    private let storage = Lock(Storage())

    /// Begins the last look; false where the call was claimed before, and then it must not be handed over.
    ///
    /// Until `depart` or `stay` nobody can claim: whoever ended it now could not tell whether it was handed over.
    func prepareToDepart() -> Bool {
        storage.withLock { storage in
            guard case .waiting = storage.state else { return false }
            storage.state = .leaving(isClaimWanted: false)
            return true
        }
    }

    /// Marks the call as handed over; true where somebody has wanted to claim it meanwhile, and may now.
    func depart() -> Bool {
        storage.withLock { storage in
            guard case .leaving(let isClaimWanted) = storage.state else { return false }
            storage.state = .away
            return isClaimWanted
        }
    }

    /// Claims the call for whoever has begun the last look and was told no; `end` must follow.
    func stay() {
        storage.withLock { storage in
            if case .leaving = storage.state { storage.state = .claimed }
        }
    }

    /// The stage for the first who asks, who must then call `end`; nil for everybody after, and during the last look.
    func claim() -> Stage? {
        storage.withLock { storage in
            switch storage.state {
            case .waiting:
                storage.state = .claimed
                return .here
            case .away:
                storage.state = .claimed
                return .away
            case .leaving:
                storage.state = .leaving(isClaimWanted: true)
                return nil
            case .claimed, .ended:
                return nil
            }
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
