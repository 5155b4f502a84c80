internal import Synchronization

/// The time limit of the attempt that runs, so that what runs inside hears that its time is up.
///
/// A cancellation says nothing of who gave up, the caller or the limit. Whoever bounds an attempt makes a limit, runs the
/// attempt with it as `current`, and ends it before the attempt is cancelled or left behind. Limits lie within each
/// other: the end of an outer one is the end of all that runs inside.
package final class AttemptLimit: Sendable {
    /// The limit of the innermost attempt that the present task belongs to; nil where none is bounded.
    @TaskLocal package static var current: AttemptLimit?

    /// How many limits there are in the process.
    private static let alive = Atomic<Int>(0)

    /// The same as `current`, for a fraction of its price while nobody bounds any attempt.
    ///
    /// Whatever runs within a limit began after that was counted, and the limit is counted out when nothing can run within
    /// it any more, since all that runs there keeps it alive: who reads none is within none.
    package static var innermost: AttemptLimit? {
        alive.load(ordering: .relaxed) == 0 ? nil : current
    }

    private struct Watch: Sendable {
        var isOver = false
        var watchers: [(owner: ObjectIdentifier, tell: @Sendable () -> Void)] = []
    }

    private let outer: AttemptLimit?
    private let watch = Lock(Watch())

    /// Makes a limit within the one that is current.
    package init() {
        outer = Self.innermost
        Self.alive.add(1, ordering: .relaxed)
    }

    deinit { Self.alive.subtract(1, ordering: .relaxed) }

    /// Has an owner told when this limit ends, and when one around it does; false where one is over already.
    package func add(_ owner: AnyObject, _ tell: @escaping @Sendable () -> Void) -> Bool {
        let key = ObjectIdentifier(owner)
        let isOver = watch.withLock { watch in
            if !watch.isOver { watch.watchers.append((key, tell)) }
            return watch.isOver
        }
        if isOver { return false }
        if outer?.add(owner, tell) ?? true { return true }
        remove(owner)
        return false
    }

    /// Tells an owner no more.
    package func remove(_ owner: AnyObject) {
        let key = ObjectIdentifier(owner)
        watch.withLock { $0.watchers.removeAll { $0.owner == key } }
        outer?.remove(owner)
    }

    /// Says that the time is up, and tells those inside: outside the lock, in the order in which they came.
    package func end() {
        let watchers = watch.withLock { watch in
            watch.isOver = true
            defer { watch.watchers = [] }
            return watch.watchers
        }
        for watcher in watchers { watcher.tell() }
    }
}
