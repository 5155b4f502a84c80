import SeawallBroker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

/// The venue's windows over restarts: a crash loop overruns none.
@Suite struct LimitRestartTests {
    private static let venue = VenueProfile(
        name: "small", identity: .uniqueAmongOpen,
        limits: [
            LimitRule(name: "calls", scope: .ip, counts: .weight, shape: .rolling, limit: 100, window: .seconds(60))
        ],
        costs: [.ticker: ["calls": 1]])

    /// Asks as often as it is let, for a while, and dies.
    private static func live(
        _ environment: RuntimeEnvironment, _ storage: MemoryStorage?, _ base: ScriptedBroker, for length: Duration
    ) async throws {
        let layer = try ReliabilityLayer(
            venue: venue, broker: base, journal: storage?.next(), environment: environment)
        let end = environment.time.now.advanced(by: length)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while environment.time.now < end, !Task.isCancelled {
                    guard (try? await layer.broker.ticker(for: Rig.symbol)) != nil else { return }
                }
            }
            try? await environment.time.sleep(until: end)
            group.cancelAll()
        }
        storage?.crash()
    }

    private static func most(in window: Duration, of instants: [MonotonicInstant]) -> Int {
        instants.map { first in instants.filter { $0 >= first && first.duration(to: $0) < window }.count }.max() ?? 0
    }

    /// What the venue counts in its fullest minute, of a process that runs for two and then dies every two seconds.
    private static func fullest(hasJournal: Bool) throws -> Int {
        let count = Lock(0)
        let report = try Simulation(seed: 1).run(for: .seconds(600)) { world in
            let storage = hasJournal ? MemoryStorage() : nil
            let base = ScriptedBroker(base: DeterministicBroker(), time: world.time)
            try await live(world.environment, storage, base, for: .seconds(121))
            for _ in 0..<25 { try await live(world.environment, storage, base, for: .seconds(2)) }
            try await live(world.environment, storage, base, for: .seconds(121))
            count.withLock { $0 = most(in: .seconds(60), of: base.instants(of: .ticker)) }
        }
        #expect(report.isClean, "\(report)")
        return count.withLock { $0 }
    }

    @Test func aCrashLoopOverrunsNoWindow() throws {
        let kept = try Self.fullest(hasJournal: true)
        #expect(kept <= 100 && kept > 80, "\(kept)")
        // Without a journal nobody knows of the one before.
        #expect(try Self.fullest(hasJournal: false) > 100)
    }

    @Test func oneThatWasStoppedIsGoneOnFromExactly() throws {
        let report = try Simulation(seed: 1).run(for: .seconds(600)) { world in
            let storage = MemoryStorage()
            let base = ScriptedBroker(base: DeterministicBroker(), time: world.time)
            // Each process has tasks of its own, which end with it.
            func boot() throws -> ReliabilityLayer {
                var environment = world.environment
                environment.spawner = TaskSpawner(executor: world.executor)
                return try ReliabilityLayer(
                    venue: Self.venue, broker: base, journal: storage.next(), environment: environment)
            }
            let layer = try boot()
            // What a process before this one may have used is forgotten by then.
            try await world.time.sleep(for: .seconds(60))
            for _ in 0..<30 { _ = try await layer.broker.ticker(for: Rig.symbol) }
            layer.stop()
            storage.crash()

            // Of 80, four are kept for cancels, and thirty are used.
            let next = try boot()
            let start = world.time.now
            for _ in 0..<46 { _ = try await next.broker.ticker(for: Rig.symbol) }
            #expect(world.time.now == start)
            _ = try await next.broker.ticker(for: Rig.symbol)
            #expect(start.duration(to: world.time.now) == .seconds(60))
            next.stop()
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func aMemoThatCannotBeReadIsAPredecessorThatNobodyKnows() throws {
        for text in ["", "{}", "[1]", "{\"takenAt\":0}", String(repeating: "9", count: 400)] {
            var state = JournalState(capacity: 10)
            state.apply(.memo(name: RateLimiterSnapshot.memoName, text: text))
            #expect(RateLimiterSnapshot(memoIn: state) == nil)
        }
        let limiter = try RateLimiter(configuration: RateLimiterConfiguration(venue: .binanceUSDM, share: 800))
        var state = JournalState(capacity: 10)
        let snapshot = limiter.snapshot()
        state.apply(.memo(name: RateLimiterSnapshot.memoName, text: try #require(snapshot.memo)))
        #expect(RateLimiterSnapshot(memoIn: state) == snapshot)
    }
}
