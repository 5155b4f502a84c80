import SeawallTime
import Synchronization

/// What the machine itself costs: every other figure is read against one of these.
enum BaselineCases {
    private final class Word: Sendable {
        let atomic = Atomic<Int>(0)
        let locked = Mutex(0)
        let housed = Lock(0)
    }

    private final class Pages: Sendable {
        let source = [UInt8](repeating: 0x2a, count: 690_000)
        let target = Lock([UInt8](repeating: 0, count: 690_000))
    }

    static func all() -> [BenchCase] {
        [atomicAdd, lock, houseLock].flatMap(\.self) + [clock, coarseClock, asyncCall, copy]
    }

    private static var atomicAdd: [BenchCase] {
        let word = Word()
        return BenchCase.sync(
            "baseline.atomic-add", onThreads: [1, 2], note: "relaxed, one shared word"
        ) { operations in
            for _ in 0..<operations { word.atomic.wrappingAdd(1, ordering: .relaxed) }
        }
    }

    private static var lock: [BenchCase] {
        let word = Word()
        return BenchCase.sync(
            "baseline.lock", onThreads: [1, 2], baseline: "baseline.atomic-add", note: "a mutex, lock and unlock"
        ) { operations in
            for _ in 0..<operations { word.locked.withLock { $0 &+= 1 } }
        }
    }

    private static var houseLock: [BenchCase] {
        let word = Word()
        return BenchCase.sync(
            "time.lock", onThreads: [1, 2], baseline: "baseline.lock", note: "the lock that holds every core"
        ) { operations in
            for _ in 0..<operations { word.housed.withLock { $0 &+= 1 } }
        }
    }

    private static var clock: BenchCase {
        BenchCase.sync("baseline.clock", baseline: "baseline.atomic-add", note: "SystemTime.now") { operations in
            let time = SystemTime()
            var sum: Int64 = 0
            for _ in 0..<operations { sum ^= time.now.nanoseconds }
            keep(sum)
        }
    }

    private static var coarseClock: BenchCase {
        BenchCase.sync(
            "baseline.coarse-clock", baseline: "baseline.atomic-add", note: "SystemTime.coarseNow"
        ) { operations in
            let time = SystemTime()
            var sum: Int64 = 0
            for _ in 0..<operations { sum ^= time.coarseNow.nanoseconds }
            keep(sum)
        }
    }

    private static var asyncCall: BenchCase {
        BenchCase.async(
            "baseline.async-call", baseline: "baseline.atomic-add", note: "a nonsending throwing closure, not inlined"
        ) { operations in
            let call = opaque { (value: Int) async throws -> Int in value &+ 1 }
            var value = 0
            for _ in 0..<operations { value = try await call(value) }
            keep(value)
        }
    }

    private static var copy: BenchCase {
        let pages = Pages()
        return BenchCase.sync("baseline.copy", baseline: "baseline.atomic-add", note: "0.69 MB") { operations in
            pages.target.withLock { target in
                target.withUnsafeMutableBytes { target in
                    pages.source.withUnsafeBytes { source in
                        for _ in 0..<operations {
                            target.copyMemory(from: source)
                            keep(target)
                        }
                    }
                }
            }
        }
    }
}
