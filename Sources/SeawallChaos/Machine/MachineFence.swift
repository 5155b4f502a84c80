internal import Synchronization

/// What stands between a process and everything outside of it, once the process is dead.
final class MachineFence: Sendable {
    private let isClosed = Atomic<Bool>(false)

    /// True once the process is dead: nothing of it goes out any more, and nothing comes in.
    var isDown: Bool { isClosed.load(ordering: .acquiring) }

    func close() { isClosed.store(true, ordering: .releasing) }

    /// - Throws: `CancellationError` once the process is dead.
    func check() throws {
        if isDown { throw CancellationError() }
    }
}
