internal import SeawallTime

/// What is known of a span until it ends.
@usableFromInline final class SpanRecorder: Sendable {
    // The limits of OpenTelemetry, so that no loop in a bot makes a span grow without end.
    private static let mostEvents = 128
    private static let mostAttributes = 128

    private let core: TracerCore
    private let beganAt: MonotonicInstant
    private let open: Lock<FinishedSpan?>

    let context: SpanContext

    init(_ core: TracerCore, _ name: String, _ context: SpanContext, parent: SpanContext?) {
        self.core = core
        self.context = context
        beganAt = core.time.now
        open = Lock(
            FinishedSpan(
                name: name, context: context, parent: parent?.span, began: core.time.civilNow, duration: .zero,
                attributes: Correlation.current.attributes, droppedAttributes: 0, events: [], droppedEvents: 0,
                status: .unset))
    }

    func set(_ name: String, _ value: TraceValue) {
        open.withLock { span in
            // No second reference to the attributes: the change would copy them.
            guard let count = span?.attributes.count else { return }
            if count < Self.mostAttributes || span?.attributes[name] != nil {
                span?.attributes[name] = value
            } else {
                span?.droppedAttributes += 1
            }
        }
    }

    func set(_ attributes: [String: TraceValue]) {
        let isRoomy = open.withLock { span in
            guard let count = span?.attributes.count else { return true }
            guard count + attributes.count <= Self.mostAttributes else { return false }
            span?.attributes.merge(attributes) { $1 }
            return true
        }
        // One by one, and in an order that does not depend on the run.
        if !isRoomy { for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { set(name, value) } }
    }

    func addEvent(_ name: String, _ attributes: [String: TraceValue]) {
        var event = FinishedSpan.Event(name: name, at: core.time.civilNow, attributes: attributes, droppedAttributes: 0)
        if attributes.count > Self.mostAttributes {
            let kept = attributes.sorted { $0.key < $1.key }.prefix(Self.mostAttributes)
            event.attributes = Dictionary(kept.map { ($0.key, $0.value) }) { first, _ in first }
            event.droppedAttributes = attributes.count - kept.count
        }
        open.withLock { span in
            guard let count = span?.events.count else { return }
            if count < Self.mostEvents { span?.events.append(event) } else { span?.droppedEvents += 1 }
        }
    }

    func setStatus(_ status: FinishedSpan.Status) {
        open.withLock { $0?.status = status }
    }

    @usableFromInline func fail(_ error: any Error) {
        setStatus(.error(error is CancellationError ? "cancelled" : "\(type(of: error))"))
    }

    @usableFromInline func end() {
        let duration = beganAt.duration(to: core.time.now)
        let ended = open.withLock { span -> FinishedSpan? in
            defer { span = nil }
            return span
        }
        guard var ended else { return }
        ended.duration = duration
        core.exporter.export(ended)
    }

    @usableFromInline func within<Result, Failure: Error>(
        _ span: Span, _ body: (Span) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { end() }
        do throws(Failure) {
            return try SpanContext.$current.inside(context) { () throws(Failure) in try body(span) }
        } catch {
            fail(error)
            throw error
        }
    }

    @usableFromInline func within<Result, Failure: Error>(
        _ span: Span, _ body: (Span) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        defer { end() }
        do throws(Failure) {
            return try await SpanContext.$current.inside(context) { () async throws(Failure) in try await body(span) }
        } catch {
            fail(error)
            throw error
        }
    }
}

extension TaskLocal where Value == SpanContext? {
    /// The same as `withValue`, which forgets the type of the error.
    fileprivate func inside<Result, Failure: Error>(
        _ context: SpanContext, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = withValue(context) {
            do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    fileprivate func inside<Result, Failure: Error>(
        _ context: SpanContext, _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = await withValue(context) {
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
