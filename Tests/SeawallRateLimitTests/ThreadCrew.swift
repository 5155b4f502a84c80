import SeawallTime
import Testing

/// Threads that work at once, whatever else the pool's threads do.
enum ThreadCrew {
    /// Runs a body on so many threads, with the number of each, and waits for all.
    static func run(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let workers = (0..<threads).map { _ in WorkerThread() }
        for (index, worker) in workers.enumerated() { worker.run { body(index) } }
        for worker in workers { #expect(worker.run(waitingAtMost: .seconds(300)) {}) }
    }
}
