internal import SeawallTime

extension AlertManager {
    /// Waits until every alert that was accepted before the call has been delivered or thrown on, for tests and shutdown.
    ///
    /// A sink that stalls makes it wait; it ends early where the task is cancelled.
    public func waitUntilDelivered() async {
        let id = storage.withLock { storage in
            storage.lastWaiter += 1
            return storage.lastWaiter
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isDone = storage.withLock { storage in
                    // Read under the lock: the handler takes it after the flag is set, and finds us or we find the flag.
                    let targets = storage.core.outstanding
                    if targets.isEmpty || Task.isCancelled { return true }
                    storage.waiters.append(DeliveryWaiter(id: id, targets: targets, continuation: continuation))
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let waiter = storage.withLock { storage in
                storage.waiters.firstIndex { $0.id == id }.map { storage.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}

extension AlertManager.Storage {
    /// Takes out who waits for nothing any more.
    mutating func takeFinishedWaiters() -> [DeliveryWaiter] {
        let finished = waiters.filter { core.hasSettled($0.targets) }
        if !finished.isEmpty { waiters.removeAll { waiter in finished.contains { $0.id == waiter.id } } }
        return finished
    }
}
