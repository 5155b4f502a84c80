internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Threads of their own for a stress: tasks share few threads with all other tests, and may run one after the other.
package enum Crew {
    /// Does a job on some threads at once, and returns what each of them made.
    package static func results<Made: Sendable>(_ size: Int, _ job: @escaping @Sendable (Int) -> Made) async -> [Made] {
        let arrived = Lock(0)
        let (stream, continuation) = AsyncStream.makeStream(of: Made.self)
        let workers = (0..<size).map { _ in WorkerThread() }
        for (index, worker) in workers.enumerated() {
            worker.run {
                arrived.withLock { $0 += 1 }
                // Or the first would be done before the last one starts.
                while arrived.withLock({ $0 }) < size { stepAside() }
                continuation.yield(job(index))
            }
        }
        var made: [Made] = []
        for await result in stream {
            made.append(result)
            if made.count == size { break }
        }
        return made
    }

    /// Lets another thread go first, on a machine of one processor too.
    package static func stepAside() { sched_yield() }
}
