public import SeawallTime

/// Something that happened, for a log.
public struct LogEvent: Hashable, Sendable {
    /// When.
    public var at: CivilInstant

    /// The part that says so, such as `breaker`.
    public var part: String

    /// How much it matters.
    public var level: LogLevel

    /// What happened, as a word that programs can look for, such as `opened`.
    public var code: String

    /// More about it.
    public var fields: [String: TraceValue]

    /// What connects it with other events.
    public var correlation: Correlation

    /// The span that it happened in.
    public var span: SpanContext?
}
