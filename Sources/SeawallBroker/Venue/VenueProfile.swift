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

    /// What an operation costs on top in each limit while the order that it changes is young; each list from the youngest.
    ///
    /// An order that is older than every `under` of the list costs nothing on top.
    public var costsByAge: [BrokerOperation: [String: [AgeCost]]]

    /// The names of the headers that tell how much of a limit is used, by the limit's name.
    public var usageHeaders: [String: String]

    /// The headers that tell of a limit in another way: what is left of it, when its window begins anew, or both.
    public var limitHeaders: [LimitHeader]

    /// The words in which the venue refuses, by the reason.
    public var wordings: [RefusalReason: Wording]

    /// Words for some operations alone, which go before `wordings`.
    public var operationWordings: [BrokerOperation: [RefusalReason: Wording]]

    /// How the streams number their events.
    public var sequence: SequenceRule

    /// The modes that the venue can be in.
    public var modes: Set<VenueStatus.Mode>

    /// How the dead-man timer works, where there is one.
    public var deadMan: DeadManRule?

    /// How long an order that was taken may stay invisible to queries and lists.
    public var visibilityLag: Duration

    /// How old a request may be when it arrives; an older one is refused before it reaches the engine.
    public var receiveWindow: Duration

    /// How far ahead of the venue's clock a request may say it was sent; one from further ahead is refused likewise.
    public var clockLead: Duration

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

    /// How many orders one cancel of several may name.
    public var cancelBatchSize: Int

    /// True where an amend is a cancel and a new order in one call, of which the first alone may be done.
    ///
    /// The new order has the client id of the old one, a venue id of its own, and the quantity that the amend asks for
    /// less what the old one has filled; its own filled quantity begins at zero.
    public var amendReplaces: Bool

    /// Makes a profile; what is left out has the default that `init(from:)` names.
    public init(
        name: String, identity: IdentityClass, clientIDLength: Int = 36, errors: [ErrorRule] = [],
        limits: [LimitRule] = [], costs: [BrokerOperation: [String: Int]] = [:], usageHeaders: [String: String] = [:],
        visibilityLag: Duration = .seconds(5), receiveWindow: Duration = .seconds(5),
        capabilities: Set<BrokerCapability> = [], defaultBan: Duration = .seconds(120),
        defaultRetryAfter: Duration = .seconds(60), heartbeat: Duration = .seconds(30), pageSize: Int = 100,
        costsWithoutSymbol: [BrokerOperation: [String: Int]] = [:],
        costsByAge: [BrokerOperation: [String: [AgeCost]]] = [:], wordings: [RefusalReason: Wording] = [:],
        operationWordings: [BrokerOperation: [RefusalReason: Wording]] = [:], sequence: SequenceRule = .contiguous,
        modes: Set<VenueStatus.Mode> = Set(VenueStatus.Mode.allCases), deadMan: DeadManRule? = nil,
        clockLead: Duration = .seconds(1), cancelBatchSize: Int = 10, amendReplaces: Bool = false,
        limitHeaders: [LimitHeader] = []
    ) {
        self.name = name
        self.identity = identity
        self.clientIDLength = clientIDLength
        self.errors = errors
        self.limits = limits
        self.costs = costs
        self.usageHeaders = usageHeaders
        self.limitHeaders = limitHeaders
        self.visibilityLag = visibilityLag
        self.receiveWindow = receiveWindow
        self.capabilities = capabilities
        self.defaultBan = defaultBan
        self.defaultRetryAfter = defaultRetryAfter
        self.heartbeat = heartbeat
        self.pageSize = pageSize
        self.costsWithoutSymbol = costsWithoutSymbol
        self.costsByAge = costsByAge
        self.wordings = wordings
        self.operationWordings = operationWordings
        self.sequence = sequence
        self.modes = modes
        self.deadMan = deadMan ?? (capabilities.contains(.deadManTimer) ? DeadManRule() : nil)
        self.clockLead = clockLead
        self.cancelBatchSize = cancelBatchSize
        self.amendReplaces = amendReplaces
    }
}
