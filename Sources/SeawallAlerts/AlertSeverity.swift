/// How much an alert matters; a sink names the least that it wants to hear.
public enum AlertSeverity: String, CaseIterable, Codable, Comparable, Hashable, Sendable {
    /// Good to know; nothing is to be done.
    case info

    /// Something is off; work goes on.
    case warning

    /// Something does not work; somebody should look.
    case error

    /// Harm is being done or near; somebody must look now.
    case critical

    /// Orders severities from `info` to `critical`.
    public static func < (lhs: AlertSeverity, rhs: AlertSeverity) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        case .critical: 3
        }
    }
}
