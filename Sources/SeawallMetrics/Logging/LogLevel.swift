/// How much a log event matters.
public enum LogLevel: Int, CaseIterable, Comparable, Sendable {
    /// For who looks for a fault.
    case debug

    /// What happened.
    case info

    /// What may become a trouble.
    case warning

    /// What went wrong.
    case error

    /// What needs a person now.
    case critical

    /// Orders levels by how much they matter.
    public static func < (lhs: LogLevel, rhs: LogLevel) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The name in a log: `debug`, `info`, `warning`, `error`, `critical`.
    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }
}
