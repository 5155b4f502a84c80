internal import Foundation
public import SeawallMetrics
public import SeawallTime

/// Sends spans to a collector by OTLP over HTTP with JSON, in batches, off the path of whoever ends a span.
///
/// ```swift
/// let exporter = try OTLPExporter(variables: ProcessInfo.processInfo.environment)
/// let tracer = exporter.map { Tracer($0) } ?? .off
/// // … at the end of the program:
/// _ = await exporter?.shutdown()
/// ```
///
/// Spans wait in a bounded queue until a batch is full or the first of them has waited for the interval; those past the
/// room are dropped. One batch is under way at a time. It is sent again where the network fails, where no answer comes in
/// time, and where the server answers 429, 502, 503 or 504, never before its Retry-After; any other answer but success
/// ends it, a redirection too. ``status`` counts what became of every span.
///
/// A batch whose answer is lost is sent again, so that a span may arrive twice, with the same ids.
public final class OTLPExporter: SpanExporter {
    struct Storage: Sendable {
        var core: OTLPQueue
        var task: Task<Void, Never>?
        var launched: UInt64 = 0
        var isShut = false
        var waiters: [SettledWaiter] = []
        var lastWaiter: UInt64 = 0
    }

    let storage: Lock<Storage>
    let environment: RuntimeEnvironment
    let configuration: OTLPConfiguration
    let target: URL
    let transport: any HTTPTransport

    /// Makes an exporter with URLSession beneath it.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public convenience init(
        _ configuration: OTLPConfiguration, environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        try self.init(configuration, environment: environment, transport: SessionTransport())
    }

    /// Makes an exporter as environment variables have it, or none where they leave tracing off.
    ///
    /// - Parameters:
    ///   - variables: Names and values, for example `ProcessInfo.processInfo.environment`; see
    ///     ``OTLPConfiguration/configured(by:)``.
    ///   - environment: Time, randomness and tasks.
    /// - Throws: `InvalidFields` that lists every variable that makes no sense.
    public convenience init?(
        variables: [String: String], environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        guard let configuration = try OTLPConfiguration.configured(by: variables) else { return nil }
        try self.init(configuration, environment: environment)
    }

    init(
        _ configuration: OTLPConfiguration, environment: RuntimeEnvironment, transport: any HTTPTransport
    ) throws(InvalidFields) {
        target = try configuration.checkedTarget()
        self.configuration = configuration
        self.environment = environment
        self.transport = transport
        storage = Lock(Storage(core: OTLPQueue(configuration.limits)))
    }

    /// What became of the spans so far.
    public var status: OTLPStatus { storage.withLock { $0.core.status } }

    /// Takes a span and returns at once; where there is no room it is dropped and counted.
    public func export(_ span: FinishedSpan) {
        let span = span.trimmed(to: configuration.longestText)
        let bytes = span.approximateBytes
        launch { core, now in core.offer(span, bytes: bytes, now) }
    }

    /// Sends what waits and waits until all spans so far are settled: delivered, rejected or given up.
    ///
    /// - Parameter patience: How long to wait at most; 5 seconds unless told.
    /// - Returns: False where they are not settled by then, or the task was cancelled; they go on being sent.
    public func flush(waitingAtMost patience: Duration = .seconds(5)) async -> Bool {
        launch { core, now in core.flush(now) }
        return await waitUntilSettled(atMost: patience)
    }

    /// Takes no more spans, sends what waits, and ends; for the end of a program.
    ///
    /// What is not settled in time is cancelled: the batch under way counts as failed as soon as it has ended, the rest
    /// as dropped.
    ///
    /// - Parameter patience: How long to wait at most; 5 seconds unless told.
    /// - Returns: False where something was cancelled.
    public func shutdown(waitingAtMost patience: Duration = .seconds(5)) async -> Bool {
        storage.withLock { $0.core.close() }
        let isSettled = await flush(waitingAtMost: patience)
        let (task, waiters) = storage.withLock { storage in
            storage.core.abandon()
            storage.isShut = true
            return (storage.task, storage.takeSettledWaiters())
        }
        task?.cancel()
        for waiter in waiters { waiter.continuation.resume() }
        return isSettled
    }

    /// Runs an event, and has a task do what came of it.
    private func launch(_ event: (inout OTLPQueue, MonotonicInstant) -> OTLPQueue.Errand) {
        let (errand, number, old) = storage.withLock { storage in
            let errand = event(&storage.core, environment.time.now)
            guard errand != .none else { return (errand, 0 as UInt64, Task<Void, Never>?.none) }
            // Another that waits is not wanted any more.
            defer { storage.task = nil }
            storage.launched += 1
            return (errand, storage.launched, storage.task)
        }
        guard errand != .none else { return }
        old?.cancel()
        // Spans that nobody carries would be lost with their tracer: the task holds the exporter until none waits.
        let task = environment.spawner.spawn { await self.run(errand) }
        let isWanted = storage.withLock { storage in
            guard storage.launched == number, !storage.isShut else { return false }
            storage.task = task
            return true
        }
        if !isWanted { task.cancel() }
    }
}
