import SeawallTime

/// Time that jumps to the end of every sleep and remembers the sleeps; readings are counted.
final class JumpingTime: TimeSource {
    private struct Storage {
        var now: MonotonicInstant = .origin
        var sleeps: [Duration] = []
        var readings = 0
        var oversleep: Duration = .zero
    }

    private let storage = Lock(Storage())

    var now: MonotonicInstant {
        storage.withLock { storage in
            storage.readings += 1
            return storage.now
        }
    }

    var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: 0) }
    var sleeps: [Duration] { storage.withLock { $0.sleeps } }
    var readings: Int { storage.withLock { $0.readings } }

    func pass(_ duration: Duration) { storage.withLock { $0.now = $0.now.advanced(by: duration) } }

    func wakeLate(by duration: Duration) { storage.withLock { $0.oversleep = duration } }

    func sleep(until deadline: MonotonicInstant) async throws {
        try Task.checkCancellation()
        jump(to: deadline)
    }

    /// The same for code that blocks.
    func sleepNow(_ duration: Duration) { jump(to: now.advanced(by: duration)) }

    private func jump(to deadline: MonotonicInstant) {
        storage.withLock { storage in
            storage.sleeps.append(storage.now.duration(to: deadline))
            storage.now = max(storage.now, deadline).advanced(by: storage.oversleep)
        }
    }
}

extension RuntimeEnvironment {
    static func jumping(_ time: JumpingTime, seed: UInt64 = 1) -> RuntimeEnvironment {
        RuntimeEnvironment(time: time, random: SeededRandom(seed: seed, stream: "retry"))
    }
}

/// An error with a number, to see that it comes back as it was thrown.
struct Trouble: Error, Equatable {
    var number: Int
}
