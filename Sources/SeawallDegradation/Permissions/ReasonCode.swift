public import SeawallBroker

/// Why a cause restricts, in one word for records and metrics: an open set.
public struct ReasonCode: BrokerIdentifier {
    /// The word.
    public var rawValue: String

    /// Makes a code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An operator wants it.
    public static let operatorPause: ReasonCode = "operator_pause"
    /// The kill switch was pulled.
    public static let killSwitch: ReasonCode = "kill_switch"
    /// The venue shut us out for a time.
    public static let venueBan: ReasonCode = "venue_ban"
    /// The venue is in a mode that takes less.
    public static let venueMode: ReasonCode = "venue_mode"
    /// The venue's interface fails too often.
    public static let apiHealth: ReasonCode = "api_health"
    /// What the bot would decide on is too old.
    public static let staleData: ReasonCode = "stale_data"
    /// The state of earlier starts could not be read.
    public static let stateUnreadable: ReasonCode = "state_unreadable"
    /// State cannot be written down, so that it would not survive a restart.
    public static let stateUnwritable: ReasonCode = "state_unwritable"
    /// What we know and what the venue says differ.
    public static let drift: ReasonCode = "drift"
}
