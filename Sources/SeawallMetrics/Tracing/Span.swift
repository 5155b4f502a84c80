internal import SeawallTime

/// A span that has begun; all of it does nothing where tracing is off.
public struct Span: Sendable {
    @usableFromInline let recorder: SpanRecorder?

    @usableFromInline init(_ recorder: SpanRecorder?) { self.recorder = recorder }

    /// A span of a tracer that is off.
    @inlinable public static var off: Span { Span(nil) }

    /// Whether it goes anywhere.
    public var isRecording: Bool { recorder != nil }

    /// Its ids, to hand to another process; nil where tracing is off.
    public var context: SpanContext? { recorder?.context }

    /// Sets an attribute; a value of nil changes nothing.
    public func set(_ name: String, _ value: @autoclosure () -> TraceValue?) {
        guard let recorder, let value = value() else { return }
        recorder.set(name, value)
    }

    /// Notes that something happened.
    public func addEvent(_ name: String, _ attributes: @autoclosure () -> [String: TraceValue] = [:]) {
        recorder?.addEvent(name, attributes())
    }

    /// Says how it went; the last word counts.
    public func setStatus(_ status: FinishedSpan.Status) {
        recorder?.setStatus(status)
    }

    /// Ends it and hands it to the exporter; all that comes after changes nothing.
    public func end() {
        recorder?.end()
    }
}
