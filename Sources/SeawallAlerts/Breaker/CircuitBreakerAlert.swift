public import SeawallTime

/// One transition of a circuit breaker, as a record for people, dashboards and hooks.
///
/// Encoded, it has the field names `breaker_name`, `old_state`, `new_state`, `severity`, `timestamp`, `failure_count`,
/// `message` and `metadata`.
public struct CircuitBreakerAlert: Hashable, Sendable {
    /// What a breaker does with calls; a breaker may have states of its own.
    public struct State: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The name as records carry it, in capitals.
        public let rawValue: String

        /// Makes a state from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Calls pass.
        public static let closed = State(rawValue: "CLOSED")

        /// Calls are refused.
        public static let open = State(rawValue: "OPEN")

        /// A few calls pass, to try whether the trouble is over.
        public static let halfOpen = State(rawValue: "HALF_OPEN")

        /// An operator refuses all calls.
        public static let isolated = State(rawValue: "ISOLATED")

        /// An operator lets all calls pass, and no result counts.
        public static let disabled = State(rawValue: "DISABLED")

        /// The name as records carry it.
        public var description: String { rawValue }
    }

    /// Which breaker it is.
    public var breakerName: String

    /// The state before.
    public var oldState: State

    /// The state after.
    public var newState: State

    /// How much it matters.
    public var severity: AlertSeverity

    /// When it became true, in civil time.
    public var timestamp: CivilInstant

    /// The failures that count since the trouble began.
    public var failureCount: Int

    /// What happened, for people.
    public var message: String

    /// Whatever else is known, for example the reason.
    public var metadata: [String: String]

    /// Makes an alert.
    ///
    /// - Parameters:
    ///   - breakerName: Which breaker it is.
    ///   - oldState: The state before.
    ///   - newState: The state after.
    ///   - timestamp: When it became true, in civil time.
    ///   - failureCount: The failures that count since the trouble began.
    ///   - severity: How much it matters; where nil, what `severity(from:to:)` says.
    ///   - message: What happened, for people; where nil, a sentence made of the states.
    ///   - metadata: Whatever else is known.
    public init(
        breakerName: String, from oldState: State, to newState: State, timestamp: CivilInstant, failureCount: Int = 0,
        severity: AlertSeverity? = nil, message: String? = nil, metadata: [String: String] = [:]
    ) {
        self.breakerName = breakerName
        self.oldState = oldState
        self.newState = newState
        self.severity = severity ?? Self.severity(from: oldState, to: newState)
        self.timestamp = timestamp
        self.failureCount = failureCount
        self.message = message ?? Self.message(breakerName, from: oldState, to: newState)
        self.metadata = metadata
    }

    /// How much a transition matters: to open is critical, to closed is good to know, all else is a warning.
    ///
    /// So a probe that failed (half-open to open) is as critical as the first trip.
    public static func severity(from oldState: State, to newState: State) -> AlertSeverity {
        switch newState {
        case .open: .critical
        case .closed: .info
        default: .warning
        }
    }

    private static func message(_ name: String, from oldState: State, to newState: State) -> String {
        let rest =
            switch (oldState, newState) {
            case (.halfOpen, .open): "opened again: the recovery failed"
            case (_, .open): "opened due to repeated failures"
            case (_, .halfOpen): "is testing recovery"
            case (.halfOpen, .closed): "closed: the service recovered"
            case (_, .closed): "was reset"
            case (_, .isolated): "was isolated by an operator"
            case (_, .disabled): "was disabled by an operator"
            default: "went from \(oldState) to \(newState)"
            }
        return "Circuit breaker '\(name)' \(rest)"
    }
}
