internal import SeawallTime

/// The race between an attempt, its timeout and its caller: one of them decides it, once, and the caller goes on.
final class AttemptRace<Value: Sendable>: Sendable {
    /// What decided the race.
    enum End: Sendable {
        case value(Value)
        case failed(any Error)
        case timedOut
        case cancelled
    }

    private enum State: Sendable {
        case open
        case awaited(UnsafeContinuation<End, Never>)
        case decided(End)
        case over
    }

    private struct Track: Sendable {
        var state = State.open
        var hasAttemptEnded = false
    }

    private let track = Lock(Track())
    private let abandoned: AbandonedAttempts

    init(abandoned: AbandonedAttempts) {
        self.abandoned = abandoned
    }

    /// The attempt has ended: it decides the race, or comes late and is counted out.
    func attemptEnded(_ end: End) {
        let (waiter, isLate) = track.withLock { track in
            track.hasAttemptEnded = true
            return decide(end, &track)
        }
        if isLate { abandoned.ended() }
        waiter?.resume(returning: end)
    }

    /// The time is up, or the caller has gone: an attempt that still runs is left behind and counted.
    func leave(_ end: End) {
        let waiter = track.withLock { track -> UnsafeContinuation<End, Never>? in
            let (waiter, isLate) = decide(end, &track)
            // Counted before anybody hears of it, so that the attempt cannot be counted out first.
            if !isLate, !track.hasAttemptEnded { abandoned.began() }
            return waiter
        }
        waiter?.resume(returning: end)
    }

    /// Waits for the end of the race; a caller that is cancelled leaves it at once.
    func wait() async -> End {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { waiter in
                let decided = track.withLock { track -> End? in
                    guard case .decided(let end) = track.state else {
                        track.state = .awaited(waiter)
                        return nil
                    }
                    track.state = .over
                    return end
                }
                if let decided { waiter.resume(returning: decided) }
            }
        } onCancel: {
            leave(.cancelled)
        }
    }

    /// The waiter to be told, if any, and whether the race was decided before.
    private func decide(_ end: End, _ track: inout Track) -> (UnsafeContinuation<End, Never>?, isLate: Bool) {
        switch track.state {
        case .open:
            track.state = .decided(end)
            return (nil, false)
        case .awaited(let waiter):
            track.state = .over
            return (waiter, false)
        case .decided, .over:
            return (nil, true)
        }
    }
}
