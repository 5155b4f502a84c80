#if SEAWALL_PTHREAD_LOCK
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
#else
public import Synchronization
#endif

/// The one lock of the library: it holds the core of a shell.
///
/// It is `Synchronization.Mutex`, and a pthread mutex under `-DSEAWALL_PTHREAD_LOCK` for runs with the thread
/// sanitizer, which cannot see through `Mutex` on Linux and reports races that are none. Nothing is awaited and no code
/// of a user runs inside `withLock`.
///
/// A closure never is the whole state: each visit would wrap it once more, so that every call of it takes longer, deeper
/// and from more memory than the one before. A struct that holds it is left as it is.
package typealias Lock = _Lock

/// The lock by its public name: only what is public is specialised for its state in the modules of the house.
///
/// No part of the library's interface: it may change with any version.
public struct _Lock<State: Sendable>: ~Copyable, Sendable {
    #if SEAWALL_PTHREAD_LOCK
    private let box: PthreadBox<State>

    /// Makes an open lock.
    public init(_ state: State) { box = PthreadBox(state) }

    /// Runs `body` with the lock closed.
    public borrowing func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try box.withLock(body)
    }
    #else
    @usableFromInline let mutex: Mutex<State>

    // Inlinable, so that every shell in the house gets a lock of its own state: opaque it costs several times as much.
    /// Makes an open lock.
    @inlinable public init(_ state: State) { mutex = Mutex(state) }

    /// Runs `body` with the lock closed.
    @inlinable public borrowing func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mutex.withLock { state throws(Failure) in try body(&state) }
    }
    #endif
}

#if SEAWALL_PTHREAD_LOCK
private final class PthreadBox<State: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // A state without a size would have the address of what everybody reads.
    private var content: (state: State, padding: UInt8)

    init(_ state: State) {
        content = (state, 0)
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    func withLock<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&content.state)
    }
}
#endif
