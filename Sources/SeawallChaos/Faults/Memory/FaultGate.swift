internal import SeawallTime

/// A place where one call waits until another has gone, or until a time.
final class FaultGate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream<Void>.makeStream()
    }

    /// Lets the one who waits go on.
    func open() { continuation.finish() }

    /// Waits until the gate is open, at most until `deadline`.
    ///
    /// - Throws: `CancellationError` where the caller was cancelled.
    func wait(until deadline: MonotonicInstant, on time: any TimeSource) async throws {
        let stream = stream
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await time.sleep(until: deadline) }
            group.addTask { for await _ in stream {} }
            await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }
}
