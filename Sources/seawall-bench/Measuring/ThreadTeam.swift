import SeawallTime
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Real threads that begin the same work at the same moment.
///
/// Tasks would not do: the pool may have fewer threads than the work asks for.
enum ThreadTeam {
    private final class Start: Sendable {
        let size: Int
        let body: @Sendable () -> Void
        let arrived = Atomic<Int>(0)
        let first = Atomic<Int64>(.max)
        let last = Atomic<Int64>(.min)

        init(size: Int, body: @escaping @Sendable () -> Void) {
            self.size = size
            self.body = body
        }

        func work() {
            arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
            while arrived.load(ordering: .acquiring) < size { sched_yield() }
            first.min(SystemTime().now.nanoseconds, ordering: .relaxed)
            body()
            last.max(SystemTime().now.nanoseconds, ordering: .relaxed)
        }
    }

    /// Runs `body` once on each of so many threads; nanoseconds from the first start to the last end.
    static func wallTime(of threads: Int, body: @escaping @Sendable () -> Void) -> Int64 {
        let start = Start(size: threads, body: body)
        let helpers = (1..<max(1, threads)).map { _ in launch(start) }
        start.work()
        for helper in helpers {
            if let helper { pthread_join(helper, nil) }
        }
        return start.last.load(ordering: .acquiring) - start.first.load(ordering: .acquiring)
    }

    private static func launch(_ start: Start) -> pthread_t? {
        let context = Unmanaged.passRetained(start)
        #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        #else
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context.toOpaque())
        #endif
        if code == 0 { return thread }
        // Without the thread the others must not wait for it.
        context.takeRetainedValue().arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
        return nil
    }
}
