/// How a venue writes Retry-After, where it says when it may be asked again.
public enum RetryAfterForm: String, Codable, Sendable, CaseIterable {
    /// It does not say.
    case none
    /// Whole seconds from the answer on.
    case seconds
    /// A date of HTTP.
    case httpDate = "http_date"
    /// A Unix time in milliseconds.
    case epochMilliseconds = "epoch_ms"
}
