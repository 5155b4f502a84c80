public import SeawallTime

/// Starts spans; off unless it was given an exporter, and then free.
///
/// A span is the child of the span that the task is in, and carries the ``Correlation`` of its task.
public struct Tracer: Sendable {
    @usableFromInline let core: TracerCore?

    /// A tracer whose spans go nowhere; it reads no clock and no value of the task.
    public static let off = Tracer(core: nil)

    /// Makes a tracer.
    ///
    /// - Parameters:
    ///   - exporter: What takes the spans that have ended.
    ///   - time: When spans begin and end.
    ///   - random: What ids are drawn from.
    public init(
        _ exporter: any SpanExporter, time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom()
    ) {
        core = TracerCore(exporter: exporter, time: time, random: random)
    }

    private init(core: TracerCore?) { self.core = core }

    /// Whether its spans go anywhere.
    public var isOn: Bool { core != nil }

    /// Does something in a span, which ends with it; an error that it throws becomes the span's status.
    @inlinable
    public func span<Result, Failure: Error>(
        _ name: String, _ attributes: @autoclosure () -> [String: TraceValue] = [:],
        _ body: (Span) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let core else { return try body(Span.off) }
        let recorder = core.start(name, attributes())
        return try recorder.within(Span(recorder), body)
    }

    /// Does something that waits in a span, which ends with it; an error that it throws becomes the span's status.
    @inlinable
    public func span<Result, Failure: Error>(
        _ name: String, _ attributes: @autoclosure () -> [String: TraceValue] = [:],
        _ body: (Span) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let core else { return try await body(Span.off) }
        let recorder = core.start(name, attributes())
        return try await recorder.within(Span(recorder), body)
    }

    /// Begins a span by hand, in the span that the task is in or in one that is given; it must be ended by hand.
    ///
    /// What the caller does meanwhile is not in the span, unless its context is handed on as `parent`.
    @inlinable
    public func start(
        _ name: String, _ attributes: @autoclosure () -> [String: TraceValue] = [:], parent: SpanContext? = nil
    ) -> Span {
        guard let core else { return Span.off }
        return Span(core.start(name, attributes(), parent: parent))
    }
}

/// What a tracer that is on works with.
@usableFromInline final class TracerCore: Sendable {
    let exporter: any SpanExporter
    let time: any TimeSource
    private let random: any RandomSource

    init(exporter: any SpanExporter, time: any TimeSource, random: any RandomSource) {
        self.exporter = exporter
        self.time = time
        self.random = random
    }

    @usableFromInline
    func start(
        _ name: String, _ attributes: [String: TraceValue], parent: SpanContext? = nil
    ) -> SpanRecorder {
        let parent = parent ?? SpanContext.current
        let context = SpanContext(
            traceHigh: parent?.traceHigh ?? draw(), traceLow: parent?.traceLow ?? draw(), span: draw())
        let recorder = SpanRecorder(self, name, context, parent: parent)
        recorder.set(attributes)
        return recorder
    }

    /// An id; zero means none.
    private func draw() -> UInt64 { max(1, random.next()) }
}
