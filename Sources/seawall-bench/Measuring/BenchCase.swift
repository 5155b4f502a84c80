import SeawallTime

/// One operation to measure, again and again.
struct BenchCase: Sendable {
    /// What it is called: the module, a point, the operation.
    let name: String

    /// How many threads work on one shared object.
    let threads: Int

    /// The name of the case that it is compared with, on one thread.
    let baseline: String?

    /// What is measured, where the name does not say it.
    let note: String

    /// True where one operation takes many seconds: it is measured only where a filter names it.
    let isLong: Bool

    /// Makes so many operations and says how long they took; what it sets up before is not counted in.
    let measure: @Sendable (_ operations: Int) throws -> Sample

    init(
        _ name: String, threads: Int = 1, baseline: String? = nil, note: String = "", isLong: Bool = false,
        measure: @escaping @Sendable (_ operations: Int) throws -> Sample
    ) {
        self.name = name
        self.threads = threads
        self.baseline = baseline
        self.note = note
        self.isLong = isLong
        self.measure = measure
    }

    /// A case of a synchronous operation; the body makes so many of them in a loop of its own.
    static func sync(
        _ name: String, threads: Int = 1, baseline: String? = nil, note: String = "",
        body: @escaping @Sendable (_ operations: Int) -> Void
    ) -> BenchCase {
        BenchCase(name, threads: threads, baseline: baseline, note: note) { operations in
            Sample(
                nanoseconds: ThreadTeam.wallTime(of: threads) { body(operations) }, operations: operations)
        }
    }

    /// The same for several numbers of threads, which share what the body holds.
    static func sync(
        _ name: String, onThreads threads: [Int], baseline: String? = nil, note: String = "",
        body: @escaping @Sendable (_ operations: Int) -> Void
    ) -> [BenchCase] {
        threads.map { sync(name, threads: $0, baseline: baseline, note: note, body: body) }
    }

    /// A case of an async operation, made in one task of the shared pool.
    static func async(
        _ name: String, baseline: String? = nil, note: String = "",
        body: @escaping @Sendable (_ operations: Int) async throws -> Void
    ) -> BenchCase {
        BenchCase(name, baseline: baseline, note: note) { operations in
            try Blocking.run {
                let start = SystemTime().now.nanoseconds
                try await body(operations)
                return Sample(nanoseconds: SystemTime().now.nanoseconds - start, operations: operations)
            }
        }
    }

    /// An async operation on several numbers of threads, each of which waits for a task of the shared pool.
    static func async(
        _ name: String, onThreads threads: [Int], baseline: String? = nil, note: String = "",
        body: @escaping @Sendable (_ operations: Int) async throws -> Void
    ) -> [BenchCase] {
        threads.map { count in
            BenchCase(name, threads: count, baseline: baseline, note: note) { operations in
                let failure = Lock<(any Error)?>(nil)
                let nanoseconds = ThreadTeam.wallTime(of: count) {
                    do { try Blocking.run { try await body(operations) } } catch { failure.withLock { $0 = error } }
                }
                if let error = failure.withLock({ $0 }) { throw error }
                return Sample(nanoseconds: nanoseconds, operations: operations)
            }
        }
    }
}
