/// A venue as data: what the classifier, the limiter and a simulated venue need to know to act as it does.
///
/// Durations are seconds where a profile is encoded. The fields of a profile that a user writes are checked together by
/// `validate()`, and one error lists every bad one.
public struct VenueProfile: Hashable, Codable, Sendable {
    /// The profile's name, as the drill and records use it.
    public var name: String

    /// What the venue does with a client order id that it has seen before.
    public var identity: IdentityClass

    /// The longest client order id that the venue takes, in characters.
    public var clientIDLength: Int

    /// The venue's errors and what they mean; the first entry that matches decides.
    public var errors: [ErrorRule]

    /// The venue's limits.
    public var limits: [LimitRule]

    /// What each operation costs in each limit, by the limit's name; an operation that is missing costs nothing.
    public var costs: [BrokerOperation: [String: Int]]

    /// What an operation costs where the call names no single symbol, for operations where that costs something else.
    public var costsWithoutSymbol: [BrokerOperation: [String: Int]]

    /// The names of the headers that tell how much of a limit is used, by the limit's name.
    public var usageHeaders: [String: String]

    /// How long an order that was taken may stay invisible to queries and lists.
    public var visibilityLag: Duration

    /// How old a request may be when it arrives; an older one is refused before it reaches the engine.
    public var receiveWindow: Duration

    /// What the venue has.
    public var capabilities: Set<BrokerCapability>

    /// How long a ban lasts where the venue does not say.
    public var defaultBan: Duration

    /// How long to wait after a rate limit where the venue does not say.
    public var defaultRetryAfter: Duration

    /// How often the streams send a sign of life.
    public var heartbeat: Duration

    /// How many orders one page of a list holds.
    public var pageSize: Int

    /// Makes a profile.
    public init(
        name: String, identity: IdentityClass, clientIDLength: Int, errors: [ErrorRule], limits: [LimitRule],
        costs: [BrokerOperation: [String: Int]], usageHeaders: [String: String], visibilityLag: Duration,
        receiveWindow: Duration, capabilities: Set<BrokerCapability>, defaultBan: Duration,
        defaultRetryAfter: Duration, heartbeat: Duration, pageSize: Int,
        costsWithoutSymbol: [BrokerOperation: [String: Int]] = [:]
    ) {
        self.name = name
        self.identity = identity
        self.clientIDLength = clientIDLength
        self.errors = errors
        self.limits = limits
        self.costs = costs
        self.usageHeaders = usageHeaders
        self.visibilityLag = visibilityLag
        self.receiveWindow = receiveWindow
        self.capabilities = capabilities
        self.defaultBan = defaultBan
        self.defaultRetryAfter = defaultRetryAfter
        self.heartbeat = heartbeat
        self.pageSize = pageSize
        self.costsWithoutSymbol = costsWithoutSymbol
    }

    /// What a call costs in each limit, by the limit's name; empty where it costs nothing.
    public func cost(of call: BrokerCall) -> [String: Int] {
        if call.symbol == nil, let cost = costsWithoutSymbol[call.operation] { return cost }
        return costs[call.operation] ?? [:]
    }
}
