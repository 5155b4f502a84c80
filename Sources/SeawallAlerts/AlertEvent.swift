/// What an alert says about its episode.
public enum AlertEvent: String, Codable, Hashable, Sendable {
    /// The trouble began, or the sink hears of it for the first time.
    case begin

    /// The trouble goes on, or has become more severe.
    case remind

    /// The trouble is over.
    case end
}
