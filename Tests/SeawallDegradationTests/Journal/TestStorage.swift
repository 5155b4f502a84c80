import SeawallDegradation
import SeawallTime

/// A storage in memory that fails, or hangs in `sync`, while it is told to.
final class TestStorage: JournalStorage {
    struct Broken: Error {}

    private struct State: Sendable {
        var bytes: [UInt8]?
        var safe = 0
        var isBroken = false
        var syncs = 0
        var isBusy = false
        var hasOverlapped = false
    }

    let mayBlock: Bool
    private let state = Lock(State())
    private let door = Lock(())

    init(mayBlock: Bool = false) { self.mayBlock = mayBlock }

    /// Runs `body` while every `sync` hangs.
    func whileHanging<Result: Sendable>(_ body: () throws -> Result) rethrows -> Result {
        try door.withLock { _ in try body() }
    }

    func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    var syncs: Int { state.withLock { $0.syncs } }

    /// True where two calls were under way at once.
    var hasOverlapped: Bool { state.withLock { $0.hasOverlapped } }

    var safeBytes: [UInt8] { state.withLock { Array(($0.bytes ?? []).prefix($0.safe)) } }

    func read() throws -> [UInt8]? { state.withLock { $0.bytes } }

    func append(_ bytes: [UInt8]) throws {
        try call { state in state.bytes = (state.bytes ?? []) + bytes }
    }

    func sync() throws {
        enter()
        door.withLock { _ in }
        try leave { state in
            state.safe = state.bytes?.count ?? 0
            state.syncs += 1
        }
    }

    func replace(with bytes: [UInt8]) throws {
        enter()
        door.withLock { _ in }
        try leave { state in
            state.bytes = bytes
            state.safe = bytes.count
            state.syncs += 1
        }
    }

    private func call(_ change: (inout State) -> Void) throws {
        enter()
        try leave(change)
    }

    private func enter() {
        state.withLock { state in
            if state.isBusy { state.hasOverlapped = true }
            state.isBusy = true
        }
    }

    private func leave(_ change: (inout State) -> Void) throws {
        try state.withLock { state in
            state.isBusy = false
            if state.isBroken { throw Broken() }
            change(&state)
        }
    }
}
