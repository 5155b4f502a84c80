import SeawallAlerts
import SeawallTime

/// A sink that remembers what it heard, and can throw or be held until it is let go.
final class RecordingSink: AlertSink {
    struct Refused: Error {}

    private struct Storage: Sendable {
        var heard: [Alert] = []
        var isHeld = false
        var held: UnsafeContinuation<Void, Never>?
        var holdWaiters: [UnsafeContinuation<Void, Never>] = []
        var arrivals: [(count: Int, continuation: UnsafeContinuation<Void, Never>)] = []
    }

    let name: String
    private let refuses: @Sendable (Alert) -> Bool
    private let storage = Lock(Storage())

    init(_ name: String, isHeld: Bool = false, refuses: @escaping @Sendable (Alert) -> Bool = { _ in false }) {
        self.name = name
        self.refuses = refuses
        storage.withLock { $0.isHeld = isHeld }
    }

    /// What arrived, in order, a refused or held alert included.
    var heard: [Alert] { storage.withLock { $0.heard } }

    func deliver(_ alert: Alert) async throws {
        let arrived = storage.withLock { storage in
            storage.heard.append(alert)
            let arrived = storage.arrivals.filter { $0.count <= storage.heard.count }
            storage.arrivals.removeAll { $0.count <= storage.heard.count }
            return arrived.map(\.continuation)
        }
        for continuation in arrived { continuation.resume() }
        await withUnsafeContinuation { continuation in
            let (isHeld, waiters) = storage.withLock { storage in
                guard storage.isHeld else { return (false, [UnsafeContinuation<Void, Never>]()) }
                storage.held = continuation
                defer { storage.holdWaiters = [] }
                return (true, storage.holdWaiters)
            }
            for waiter in waiters { waiter.resume() }
            if !isHeld { continuation.resume() }
        }
        if refuses(alert) { throw Refused() }
    }

    /// Lets the held delivery go, and all later ones unless only this one.
    func release(onlyThisOne: Bool = false) {
        let held = storage.withLock { storage in
            storage.isHeld = onlyThisOne
            defer { storage.held = nil }
            return storage.held
        }
        held?.resume()
    }

    /// Waits until a delivery is held.
    func waitUntilHeld() async {
        await withUnsafeContinuation { continuation in
            let isHeld = storage.withLock { storage in
                if storage.held == nil { storage.holdWaiters.append(continuation) }
                return storage.held != nil
            }
            if isHeld { continuation.resume() }
        }
    }

    /// Waits until `count` alerts have arrived.
    func waitForArrivals(_ count: Int) async {
        await withUnsafeContinuation { continuation in
            let isThere = storage.withLock { storage in
                if storage.heard.count >= count { return true }
                storage.arrivals.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
