import SeawallDegradation
import SeawallTime

/// What one process sees of a disk; once the next one has it, nothing of this one reaches it.
struct FencedStorage: JournalStorage {
    let base: MemoryStorage
    let generation: Int

    func read() throws -> [UInt8]? { try fenced { try base.read() } }
    func append(_ bytes: [UInt8]) throws { try fenced { try base.append(bytes) } }
    func sync() throws { try fenced { try base.sync() } }
    func replace(with bytes: [UInt8]) throws { try fenced { try base.replace(with: bytes) } }
    func setAside() throws { try fenced { try base.setAside() } }

    private func fenced<Result>(_ body: () throws -> Result) throws -> Result {
        guard base.disk.withLock({ $0.generation }) == generation else { throw MemoryStorage.Broken() }
        return try body()
    }
}

/// A disk in memory: what was not synced is gone after `crash()`; it fails while it is told to.
final class MemoryStorage: JournalStorage {
    struct Broken: Error {}

    struct Disk: Sendable {
        var safe: [UInt8]?
        var unsynced: [UInt8] = []
        var aside: [UInt8]?
        var isBroken = false
        var syncs = 0
        var generation = 0
    }

    let disk = Lock(Disk())

    /// Told of everything that becomes safe, before the call returns.
    let onSync: @Sendable ([UInt8]) -> Void

    init(onSync: @escaping @Sendable ([UInt8]) -> Void = { _ in }) { self.onSync = onSync }

    func read() throws -> [UInt8]? {
        disk.withLock { disk in disk.safe.map { $0 + disk.unsynced } }
    }

    func append(_ bytes: [UInt8]) throws {
        try disk.withLock { disk in
            if disk.isBroken { throw Broken() }
            disk.unsynced += bytes
        }
    }

    func sync() throws {
        let written = try disk.withLock { disk in
            if disk.isBroken { throw Broken() }
            defer { disk.unsynced = [] }
            disk.safe = (disk.safe ?? []) + disk.unsynced
            disk.syncs += 1
            return disk.unsynced
        }
        onSync(written)
    }

    func replace(with bytes: [UInt8]) throws {
        try disk.withLock { disk in
            if disk.isBroken { throw Broken() }
            disk.safe = bytes
            disk.unsynced = []
            disk.syncs += 1
        }
        onSync(bytes)
    }

    func setAside() throws {
        try disk.withLock { disk in
            if disk.isBroken { throw Broken() }
            disk.aside = disk.safe
        }
    }

    /// The machine dies and comes back.
    func crash() { disk.withLock { $0.unsynced = [] } }

    /// The disk for the next process; whoever had it before has it no more.
    func next() -> FencedStorage {
        let generation = disk.withLock { disk in
            disk.generation += 1
            return disk.generation
        }
        return FencedStorage(base: self, generation: generation)
    }

    func setBroken(_ isBroken: Bool) { disk.withLock { $0.isBroken = isBroken } }

    func damage(at index: Int) { disk.withLock { $0.safe?[index] ^= 1 } }

    var text: String { disk.withLock { String(decoding: ($0.safe ?? []) + $0.unsynced, as: UTF8.self) } }
}
