/// What a failure says about the call that failed; it decides whether a repeat may do harm, and what it costs.
public enum FailureClass: String, Hashable, Sendable, Codable, CaseIterable {
    /// The call did nothing, so that it may be made again whatever it does.
    case transient

    /// The server refused the call because there were too many; it did nothing.
    case throttled

    /// The call may have done its work: a timeout, a lost connection, an error that nobody knows.
    case ambiguous
}
