internal import Synchronization

/// Leave for one call to be in flight; it knows when the call began, and under which limit.
///
/// One that is let go of without a word is handed back as `ConcurrencyOutcome.ignored`, so none is ever lost.
public final class ConcurrencyPermit: Sendable {
    private let limiter: ConcurrencyLimiter
    private let call: ConcurrencyCall
    private let isHeld = Atomic(true)

    init(_ limiter: ConcurrencyLimiter, _ call: ConcurrencyCall) {
        self.limiter = limiter
        self.call = call
    }

    deinit { finish(.ignored) }

    /// Hands the permit back and says how the call ended; a second time it does nothing.
    ///
    /// From any thread; the first word counts.
    public func finish(_ outcome: ConcurrencyOutcome) {
        guard isHeld.exchange(false, ordering: .acquiringAndReleasing) else { return }
        limiter.finish(call, outcome)
    }
}
