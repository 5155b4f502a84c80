public import SeawallTime

/// A span that has ended: what an exporter takes.
public struct FinishedSpan: Hashable, Sendable {
    /// Something that happened within a span.
    public struct Event: Hashable, Sendable {
        /// What happened.
        public var name: String

        /// When.
        public var at: CivilInstant

        /// More about it; at most 128 attributes, the rest is counted.
        public var attributes: [String: TraceValue]

        /// How many attributes were left out.
        public var droppedAttributes: Int
    }

    /// How it ended.
    public enum Status: Hashable, Sendable {
        /// Nothing was said.
        case unset

        /// It was said to have gone well.
        case ok

        /// It failed, and why.
        case error(String)
    }

    /// What was done.
    public var name: String

    /// Its own ids.
    public var context: SpanContext

    /// The id of the span that it was started in; nil for the first of a trace.
    public var parent: UInt64?

    /// When it began.
    public var began: CivilInstant

    /// How long it took, by a clock that is never set.
    public var duration: Duration

    /// What is known of it, the correlation of its task included; at most 128 attributes, the rest is counted.
    public var attributes: [String: TraceValue]

    /// How many attributes were left out.
    public var droppedAttributes: Int

    /// What happened within it, in order; at most 128, the rest is counted.
    public var events: [Event]

    /// How many events were left out.
    public var droppedEvents: Int

    /// How it ended.
    public var status: Status
}
