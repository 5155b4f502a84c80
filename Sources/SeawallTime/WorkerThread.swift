#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
#if canImport(SwiftOverlayShims)
// Release builds find the members of `timespec` in no other module.
internal import SwiftOverlayShims
#endif

/// A thread of its own for calls that block, one after the other.
///
/// The threads of Swift's tasks are as few as the machine's processors: a call to a disk that hangs would stop them all.
package final class WorkerThread: Sendable {
    private let desk = Desk()

    /// Makes a worker; its thread starts with the first job.
    package init() {}

    deinit { desk.close() }

    /// Has a job done after all those before it, and returns at once.
    package func run(_ job: @escaping @Sendable () -> Void) {
        desk.add(job)
    }

    /// Has a job done after all those before it, and waits for its end, but no longer than `patience`.
    ///
    /// Returns false where it is not done by then; it will be done all the same.
    package func run(waitingAtMost patience: Duration, _ job: @escaping @Sendable () -> Void) -> Bool {
        desk.addAndWait(job, atMost: patience)
    }
}

/// The queue between those who have jobs and the thread, which holds it until it is closed and empty.
private final class Desk: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [(work: @Sendable () -> Void, done: Done?)] = []
    private var hasThread = false
    private var isClosed = false

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        #if canImport(Darwin)
        pthread_cond_init(condition, nil)
        #else
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deinitialize(count: 1)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    func add(_ job: @escaping @Sendable () -> Void, done: Done? = nil) {
        pthread_mutex_lock(mutex)
        jobs.append((job, done))
        let needsThread = !hasThread
        hasThread = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
        // Without a thread there is nobody else to do it.
        if needsThread, !start() { work(untilEmpty: true) }
    }

    func addAndWait(_ job: @escaping @Sendable () -> Void, atMost patience: Duration) -> Bool {
        let end = SystemTime().now.advanced(by: patience)
        let done = Done()
        add(job, done: done)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !done.isSet {
            let left = SystemTime().now.duration(to: end)
            guard left > .zero else { return false }
            wait(atMost: left)
        }
        return true
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Does jobs until it is closed and none is left.
    func work(untilEmpty: Bool) {
        pthread_mutex_lock(mutex)
        while true {
            if !jobs.isEmpty {
                let done = doNext()
                // Only now is what the job held let go, and nobody who waits for its end finds it held.
                done?.set()
                pthread_cond_broadcast(condition)
            } else if isClosed || untilEmpty {
                if untilEmpty { hasThread = false }
                break
            } else {
                pthread_cond_wait(condition, mutex)
            }
        }
        pthread_mutex_unlock(mutex)
    }

    /// Does the first job with the mutex open, and returns with it closed.
    private func doNext() -> Done? {
        let done: Done?
        do {
            let job = jobs.removeFirst()
            pthread_mutex_unlock(mutex)
            job.work()
            done = job.done
        }
        pthread_mutex_lock(mutex)
        return done
    }

    private func wait(atMost left: Duration) {
        var limit = timespec()
        #if canImport(Darwin)
        let nanoseconds = left.wholeNanoseconds
        limit.tv_sec = Int(nanoseconds / 1_000_000_000)
        limit.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_cond_timedwait_relative_np(condition, mutex, &limit)
        #else
        clock_gettime(CLOCK_MONOTONIC, &limit)
        let nanoseconds = Int64(limit.tv_nsec).addingSaturating(left.wholeNanoseconds)
        limit.tv_sec = Int(limit.tv_sec).addingSaturating(Int(nanoseconds / 1_000_000_000))
        limit.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_cond_timedwait(condition, mutex, &limit)
        #endif
    }

    private func start() -> Bool {
        let held = Unmanaged.passRetained(self)
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let result = pthread_create(&thread, nil, runDesk, held.toOpaque())
        guard result == 0 else {
            held.release()
            return false
        }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
        return true
    }
}

/// Set once by one thread, and read by another.
private final class Done: Sendable {
    private let flag = Lock(false)

    var isSet: Bool { flag.withLock { $0 } }

    func set() { flag.withLock { $0 = true } }
}

#if canImport(Darwin)
private func runDesk(_ desk: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Desk>.fromOpaque(desk).takeRetainedValue().work(untilEmpty: false)
    return nil
}
#else
private func runDesk(_ desk: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let desk else { return nil }
    Unmanaged<Desk>.fromOpaque(desk).takeRetainedValue().work(untilEmpty: false)
    return nil
}
#endif
