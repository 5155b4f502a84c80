/// Takes the spans that have ended: the boundary to a tracing system.
public protocol SpanExporter: Sendable {
    /// Takes a span; called on the thread that ended it, so it must be quick and may not wait.
    func export(_ span: FinishedSpan)
}
