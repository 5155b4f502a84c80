package import SeawallTime

/// What an outcome asks of whoever made the call.
///
/// It says what is safe, not what is wise: how often and how soon is the caller's to decide.
package enum NextStep: Hashable, Sendable {
    /// Nothing: it is done.
    case finish
    /// The same call may go again, after a backoff.
    case retry
    /// The same call may go again, not before the instant.
    case wait(until: MonotonicInstant)
    /// Ask what became of it before anything else.
    case resolve
    /// Give it up: the same call will be refused again.
    case fail
    /// Give it up and send nothing more until somebody or something has lifted the cause.
    case stop
    /// Measure the venue's clock, then make the call once more.
    case measureClock
    /// Renew the session, then make the call once more.
    case renewSession
    /// Wait until the venue's mode has changed.
    case awaitMode
    /// Judge every part by itself.
    case split
}
