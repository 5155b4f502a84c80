/// Which span of which trace something belongs to; never all zeros.
public struct SpanContext: Hashable, Sendable {
    /// The upper 64 bits of the trace's id.
    public var traceHigh: UInt64

    /// The lower 64 bits of the trace's id.
    public var traceLow: UInt64

    /// The span's id.
    public var span: UInt64

    /// Makes a context from ids that came from elsewhere, such as a request's header.
    public init(traceHigh: UInt64, traceLow: UInt64, span: UInt64) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
    }

    /// The context of the span that the present task is in; nil outside of any.
    @TaskLocal public static var current: SpanContext?

    /// The trace's id in 32 hexadecimal digits.
    public var traceID: String { Self.hexadecimal(traceHigh) + Self.hexadecimal(traceLow) }

    /// The span's id in 16 hexadecimal digits.
    public var spanID: String { Self.hexadecimal(span) }

    static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
