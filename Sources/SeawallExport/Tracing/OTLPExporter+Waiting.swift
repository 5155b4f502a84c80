internal import SeawallTime

/// Somebody who waits until the spans that were taken in by then are settled.
struct SettledWaiter: Sendable {
    let id: UInt64
    let target: UInt64
    let continuation: UnsafeContinuation<Void, Never>
}

extension OTLPExporter {
    /// False where the patience or the task ends first.
    func waitUntilSettled(atMost patience: Duration) async -> Bool {
        let target = storage.withLock { $0.core.accepted }
        if storage.withLock({ $0.core.settled >= target }) { return true }
        do {
            return try await within(patience, of: environment.time) { [self] in
                await waitUntilSettled(target)
                return storage.withLock { $0.core.settled >= target }
            }
        } catch {
            return storage.withLock { $0.core.settled >= target }
        }
    }

    private func waitUntilSettled(_ target: UInt64) async {
        let id = storage.withLock { storage in
            storage.lastWaiter += 1
            return storage.lastWaiter
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isOver = storage.withLock { storage in
                    // Read under the lock: the handler takes it after the flag is set, and finds us or we find the flag.
                    if storage.core.settled >= target || Task.isCancelled { return true }
                    storage.waiters.append(SettledWaiter(id: id, target: target, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = storage.withLock { storage in
                storage.waiters.firstIndex { $0.id == id }.map { storage.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}

extension OTLPExporter.Storage {
    /// Takes out who waits for nothing any more.
    mutating func takeSettledWaiters() -> [SettledWaiter] {
        let finished = waiters.filter { $0.target <= core.settled }
        if !finished.isEmpty { waiters.removeAll { $0.target <= core.settled } }
        return finished
    }
}
