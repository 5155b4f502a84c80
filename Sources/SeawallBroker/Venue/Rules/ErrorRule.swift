/// One line of a venue's error table: what to look for, and what it means.
public struct ErrorRule: Hashable, Codable, Sendable {
    /// What an error of a venue means, before instants and scopes are worked out.
    public enum Meaning: String, Codable, Sendable, CaseIterable {
        /// See `Outcome.ambiguous`.
        case ambiguous
        /// See `Outcome.overloaded`.
        case overloaded
        /// See `Outcome.rateLimited`.
        case rateLimited = "rate_limited"
        /// See `Outcome.banned`.
        case banned
        /// See `Outcome.rejected`.
        case rejected
        /// See `Outcome.reduceCapacity`.
        case reduceCapacity = "reduce_capacity"
        /// See `Outcome.noSuchOrder`.
        case noSuchOrder = "no_such_order"
        /// See `Outcome.duplicate`.
        case duplicate
        /// See `Outcome.partial`.
        case partial
        /// See `Outcome.clockSkew`.
        case clockSkew = "clock_skew"
        /// See `Outcome.venueMode`.
        case venueMode = "venue_mode"
        /// See `Outcome.authentication`.
        case authentication
        /// See `Outcome.sessionExpired`.
        case sessionExpired = "session_expired"
    }

    /// The HTTP status, or nil for any.
    public var status: Int?

    /// The venue's code, or nil for any.
    public var code: String?

    /// A part of what the venue wrote, letter case apart, or nil for any.
    ///
    /// With a code it is looked for in message and body. Without one only the body counts: a message may be the
    /// adapter's own, and a bare "Service Unavailable" there is the name of a status, not the venue's word.
    public var contains: String?

    /// The operations it applies to, or nil for all.
    public var operations: Set<BrokerOperation>?

    /// What it means.
    public var meaning: Meaning

    /// The scope that a limit or a ban counts by.
    public var scope: LimitScope?

    /// Makes a line of an error table.
    public init(
        status: Int? = nil, code: String? = nil, contains: String? = nil, operations: Set<BrokerOperation>? = nil,
        meaning: Meaning, scope: LimitScope? = nil
    ) {
        self.status = status
        self.code = code
        self.contains = contains
        self.operations = operations
        self.meaning = meaning
        self.scope = scope
    }
}
