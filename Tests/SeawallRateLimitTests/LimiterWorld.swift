import SeawallRateLimit
import SeawallTime

/// A limiter whose time and tasks the test owns; what becomes of every caller is written down in order.
final class LimiterWorld: Sendable {
    let time = ManualTime()
    let executor = StepExecutor()
    let spawner: TaskSpawner
    let limiter: RateLimiter
    private let lines = Lock<[String]>([])
    private let grants = Lock<[String: Grant]>([:])

    init(_ configuration: RateLimiterConfiguration = .example) throws {
        spawner = TaskSpawner(executor: executor)
        limiter = try RateLimiter(
            configuration: configuration, environment: RuntimeEnvironment(time: time, spawner: spawner))
    }

    /// Whoever sleeps for the limiter wakes and goes, so that nothing is left behind.
    deinit {
        limiter.shutdown()
        executor.run()
    }

    var log: [String] { lines.withLock { $0 } }

    func grant(_ name: String) -> Grant? { grants.withLock { $0[name] } }

    /// Starts a caller and lets it run until it waits or ends.
    @discardableResult
    func call(
        _ name: String, _ charge: Charge, lane: Lane = "low", scopes: [String] = [], deadline: Duration? = nil,
        run: Bool = true
    ) -> Task<Void, Never> {
        let end = deadline.map { MonotonicInstant.origin.advanced(by: $0) }
        let task = Task(executorPreference: executor) {
            do {
                let grant = try await self.limiter.acquire(charge, lane: lane, scopes: scopes, deadline: end)
                self.grants.withLock { $0[name] = grant }
                self.note("\(name) granted")
            } catch let error as RateLimitError {
                self.note("\(name) \(error.code.rawValue)")
            } catch {
                self.note("\(name) cancelled")
            }
        }
        if run { executor.run() }
        return task
    }

    func advance(_ duration: Duration) {
        advance(to: time.now.advanced(by: duration))
    }

    /// Moves time from one deadline to the next, and lets everybody run at each.
    func advance(to end: MonotonicInstant) {
        while let next = time.nextDeadline, next <= end {
            time.advance(to: next)
            executor.run()
        }
        time.advance(to: end)
        executor.run()
    }

    private func note(_ line: String) {
        let stamp = "\(time.now.nanoseconds / 1_000_000_000)s "
        lines.withLock { $0.append(stamp + line) }
    }
}

extension RateLimiterConfiguration {
    /// Ten tokens in ten seconds, two of them kept for the highest lane.
    static let example = RateLimiterConfiguration(
        lanes: ["high", "middle", "low"],
        buckets: [
            BucketConfiguration(
                name: "weight", scope: "ip", limit: 10, window: .seconds(10), marginPerMille: 1_000,
                reserves: ["high": 2]),
            BucketConfiguration(
                name: "orders", scope: "account", limit: 5, window: .seconds(10), marginPerMille: 1_000),
        ],
        maximumWaiters: 4)
}
