import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Time is read where it is acted on: what another thread does in between would have been done at a later instant.
@Suite struct TimeInsideLockTests {
    /// Time that lets somebody act while it is read, once it is told to.
    private final class MeddledTime: TimeSource {
        private let time = ManualTime()
        private let meddling = Lock<(@Sendable () -> Void)?>(nil)

        func meddle(_ act: @escaping @Sendable () -> Void) { meddling.withLock { $0 = act } }

        var now: MonotonicInstant {
            let now = time.now
            let act = meddling.withLock { meddling in
                let act = meddling
                meddling = nil
                return act
            }
            act?()
            return now
        }

        var civilNow: CivilInstant { time.civilNow }

        func sleep(until deadline: MonotonicInstant) async throws { try await time.sleep(until: deadline) }
    }

    private static let readings: [@Sendable (RateLimiter) -> Void] = [
        { _ = $0.tryAcquire(["weight": 1], lane: "low") }, { $0.gate(scope: "ip", until: .distantFuture) },
        { _ = $0.status }, { _ = $0.snapshot() }, { _ = $0.waitTime(for: ["weight": 1], lane: "low") },
        { _ = $0.gateEnd(for: ["ip"]) },
    ]

    @Test(arguments: readings.indices)
    func nobodyActsBetweenTheReadingAndWhatIsDecidedByIt(index: Int) throws {
        let time = MeddledTime()
        let limiter = try RateLimiter(configuration: .example, environment: RuntimeEnvironment(time: time))
        let other = WorkerThread()
        let hasActed = Lock<Bool?>(nil)
        time.meddle {
            // Were the lock open it would be done at once.
            let isDone = other.run(waitingAtMost: .milliseconds(100)) {
                _ = limiter.tryAcquire(["orders": 1], lane: "low")
            }
            hasActed.withLock { $0 = isDone }
        }
        Self.readings[index](limiter)
        #expect(hasActed.withLock { $0 } == false)
        #expect(other.run(waitingAtMost: .seconds(60)) {})
        #expect(limiter.status.buckets[1].used == 1)
    }
}
