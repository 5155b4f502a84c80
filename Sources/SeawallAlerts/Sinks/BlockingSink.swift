internal import SeawallTime

/// A sink made of a closure that may block its thread: it has one of its own.
///
/// The threads of Swift's tasks are as few as the machine's processors, so that a handler that blocks one of them holds
/// up the whole process. Not for simulations, which own no threads.
public final class BlockingSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String
    private let handler: @Sendable (Alert) throws -> Void
    private let worker = WorkerThread()

    /// Makes a sink that calls `handler` with each alert, in order and one at a time; its thread starts with the first.
    public init(_ name: String, handler: @escaping @Sendable (Alert) throws -> Void) {
        self.name = name
        self.handler = handler
    }

    /// Calls the handler on its thread and waits for it without blocking.
    public func deliver(_ alert: Alert) async throws {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            worker.run { [handler] in
                continuation.resume(with: Result { try handler(alert) })
            }
        }
    }
}
