import SeawallAlerts
import SeawallTime

/// A sink that remembers what it heard, and can throw or be held until it is let go.
final class RecordingSink: AlertSink {
    struct Refused: Error {}

    private struct Storage: Sendable {
        var heard: [Alert] = []
        var isHeld = false
        var held: UnsafeContinuation<Void, Never>?
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
            let isHeld = storage.withLock { storage in
                if storage.isHeld { storage.held = continuation }
                return storage.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        if refuses(alert) { throw Refused() }
    }

    /// Lets the held delivery and all later ones go.
    func release() {
        let held = storage.withLock { storage in
            storage.isHeld = false
            defer { storage.held = nil }
            return storage.held
        }
        held?.resume()
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
