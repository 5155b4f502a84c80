public import SeawallTime

/// One message about an episode of trouble.
public struct Alert: Hashable, Sendable {
    /// Which episode it is about; it never recurs in the life of a manager and serves as a key to tell repeats.
    public var episode: String

    /// What it says about the episode.
    public var event: AlertEvent

    /// The highest severity that the episode has reached.
    public var severity: AlertSeverity

    /// What kind of trouble it is, for programs, for example `breaker_open`.
    public var code: String

    /// What happened, for people.
    public var message: String

    /// Everything that brought it about, as last told.
    public var causes: [String]

    /// What is affected, for example `global` or `endpoint:orders`.
    public var scope: String

    /// When it happened, on the monotonic clock of the process.
    public var at: MonotonicInstant

    /// When it happened, in civil time.
    public var civil: CivilInstant

    /// How long the episode lasted; only at its end.
    public var duration: Duration?

    /// How often the episode was reported again, up to now, without a message of its own.
    public var suppressed: Int

    /// True where the trouble comes and goes so often that its comings and goings are not told one by one.
    public var isFlapping: Bool

    /// True where somebody is asked to say that he looks after it, and nobody has; see `AlertManager.acknowledge`.
    public var asksAcknowledgement: Bool

    /// Who said that he looks after it.
    public var acknowledgedBy: String?

    /// Makes an alert.
    public init(
        episode: String, event: AlertEvent, severity: AlertSeverity, code: String, message: String,
        causes: [String] = [], scope: String = "global", at: MonotonicInstant, civil: CivilInstant,
        duration: Duration? = nil, suppressed: Int = 0, isFlapping: Bool = false, asksAcknowledgement: Bool = false,
        acknowledgedBy: String? = nil
    ) {
        self.episode = episode
        self.event = event
        self.severity = severity
        self.code = code
        self.message = message
        self.causes = causes
        self.scope = scope
        self.at = at
        self.civil = civil
        self.duration = duration
        self.suppressed = suppressed
        self.isFlapping = isFlapping
        self.asksAcknowledgement = asksAcknowledgement
        self.acknowledgedBy = acknowledgedBy
    }
}
