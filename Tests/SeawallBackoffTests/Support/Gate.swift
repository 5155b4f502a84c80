import SeawallTime

/// A place where operations hang, whatever cancels them, until it is opened.
final class Gate: Sendable {
    private struct Storage {
        var waiting: [UnsafeContinuation<Int, Never>] = []
        var watchers: [(arrivals: Int, continuation: UnsafeContinuation<Void, Never>)] = []
        var value: Int?
        var arrivals = 0
    }

    private let storage = Lock(Storage())

    /// Hangs until the gate is open.
    func wait() async -> Int {
        await withUnsafeContinuation { continuation in
            let (value, watchers) = storage.withLock { storage in
                storage.arrivals += 1
                let arrivals = storage.arrivals
                let watchers = storage.watchers.filter { $0.arrivals <= arrivals }
                storage.watchers.removeAll { $0.arrivals <= arrivals }
                if storage.value == nil { storage.waiting.append(continuation) }
                return (storage.value, watchers)
            }
            if let value { continuation.resume(returning: value) }
            for watcher in watchers { watcher.continuation.resume() }
        }
    }

    /// Waits until so many have come.
    func waitForArrivals(_ count: Int = 1) async {
        await withUnsafeContinuation { continuation in
            let hasCome = storage.withLock { storage in
                if storage.arrivals < count { storage.watchers.append((count, continuation)) }
                return storage.arrivals >= count
            }
            if hasCome { continuation.resume() }
        }
    }

    /// Lets everybody go.
    func open(with value: Int) {
        let waiting = storage.withLock { storage in
            storage.value = value
            let waiting = storage.waiting
            storage.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// Waits until every task of a spawner has ended: those that were let go end without waiting for anything.
    func waitUntilEmpty(_ spawner: TaskSpawner) async {
        while spawner.liveCount > 0 { await spawner.spawn {}.value }
    }
}
