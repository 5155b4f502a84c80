import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct ConcurrencyLimiterSetTests {
    /// Counts who is inside a scope.
    private final class Door: Sendable {
        private let inside = Lock(0)

        /// True for who comes alone.
        func enter() -> Bool {
            inside.withLock { count in
                count += 1
                return count == 1
            }
        }

        func leave() { inside.withLock { $0 -= 1 } }
    }

    @Test func eachScopeHasALimiterOfItsOwn() async throws {
        let set = try ConcurrencyLimiterSet(limit: 1, lanes: ["high", "low"])
        let one = try set.limiter(for: "one")
        #expect(try set.limiter(for: "one") === one)
        #expect(one.tryAcquire())
        #expect(try set.limiter(for: "two").tryAcquire())
        #expect(set.count == 2)
        #expect(set.statuses.map(\.scope) == ["one", "two"])
        #expect(set.statuses.map(\.status.inUse) == [1, 1])
        #expect(try await set.withPermit(of: "three", lane: "high") { set.count } == 3)
        #expect(set.statuses.map(\.status.inUse) == [1, 0, 1])
    }

    @Test func whoIsHeldStaysAndOfTheIdleTheOlderHalfGoes() throws {
        let set = try ConcurrencyLimiterSet(limit: 2, maximumScopes: 4)
        let kept = try set.limiter(for: "kept")
        let permit = try #require(try set.limiter(for: "in use").tryAcquirePermit())
        _ = try set.limiter(for: "older")
        _ = try set.limiter(for: "newer")
        _ = try set.limiter(for: "fresh")
        #expect(set.statuses.map(\.scope) == ["fresh", "in use", "kept", "newer"])
        #expect(try set.limiter(for: "kept") === kept)
        let held = [try set.limiter(for: "fresh"), try set.limiter(for: "newer")]
        let error = #expect(throws: RateLimitError.self) { try set.limiter(for: "another") }
        #expect(error?.code == .tooManyKeys)
        #expect(error?.subject == "another")
        #expect(set.statuses.first { $0.scope == "in use" }?.status.inUse == 1)
        permit.finish(.succeeded)
        withExtendedLifetime(held) {}
    }

    @Test func aWaiterKeepsItsLimiter() async throws {
        let executor = StepExecutor()
        let set = try ConcurrencyLimiterSet(limit: 1, maximumScopes: 1)
        let task = Task(executorPreference: executor) {
            // Nobody hands this one back: the test does it.
            try await set.limiter(for: "a").acquire()
            try await set.limiter(for: "a").acquire()
        }
        executor.run()
        #expect(throws: RateLimitError.self) { try set.limiter(for: "b") }
        #expect(set.statuses.map(\.status.waiting) == [1])
        try set.limiter(for: "a").release()
        executor.run()
        try await task.value
    }

    @Test func aPermitThatIsOutKeepsItsLimiter() throws {
        let set = try ConcurrencyLimiterSet(limit: 1, maximumScopes: 1)
        #expect(try set.limiter(for: "a").tryAcquire())
        #expect(throws: RateLimitError.self) { try set.limiter(for: "b") }
        #expect(try !set.limiter(for: "a").tryAcquire())
        try set.limiter(for: "a").release()
        #expect(try set.limiter(for: "b").tryAcquire())
    }

    /// Whatever is taken, kept and handed back: each scope lets through as if it had its limiter for ever, and one is refused
    /// only where every place is held.
    @Test(arguments: 0..<40)
    func noHistoryMakesAScopeForgetWhatIsOut(seed: Int) throws {
        struct Scope {
            var released = 0
            var permits: [ConcurrencyPermit] = []
            var kept: ConcurrencyLimiter?

            var out: Int { released + permits.count }
            var isHeld: Bool { out > 0 || kept != nil }
        }
        var random = SeededGenerator(seed: UInt64(seed), stream: "scopes")
        let set = try ConcurrencyLimiterSet(limit: 2, maximumScopes: 3)
        var scopes = Array(repeating: Scope(), count: 6)
        var (refused, forgotten) = (0, 0)
        for step in 0..<600 {
            let place = Int(random.below(6))
            let held = scopes.indices.filter { scopes[$0].isHeld }
            let limiter: ConcurrencyLimiter
            do {
                let before = Set(set.statuses.map(\.scope))
                limiter = try set.limiter(for: "\(place)")
                forgotten += before.subtracting(set.statuses.map(\.scope)).count
            } catch {
                try #require(held.count == 3 && !held.contains(place), "step \(step)")
                try #require(error.code == .tooManyKeys)
                refused += 1
                continue
            }
            try #require(held.count < 3 || held.contains(place), "step \(step)")
            try #require(limiter.inUse == scopes[place].out, "step \(step)")
            let isFree = scopes[place].out < 2
            switch random.below(6) {
            case 0:
                try #require(limiter.tryAcquire() == isFree, "step \(step)")
                if isFree { scopes[place].released += 1 }
            case 1:
                let permit = limiter.tryAcquirePermit()
                try #require((permit != nil) == isFree, "step \(step)")
                if let permit { scopes[place].permits.append(permit) }
            case 2: if random.chance(0.3) { scopes[place].kept = limiter }
            case 3: scopes[place].kept = nil
            case 4:
                limiter.release()
                scopes[place].released = max(0, scopes[place].released - 1)
            default: if !scopes[place].permits.isEmpty { scopes[place].permits.removeFirst().finish(.succeeded) }
            }
        }
        #expect(refused > 0 && forgotten > 0)
    }

    @Test func badValuesAreListedInOneError() {
        let error = #expect(throws: RateLimitError.self) { try ConcurrencyLimiterSet(limit: 0, maximumScopes: 0) }
        #expect(error?.details == ["limit is 0, expected 1 or more", "maximumScopes is 0, expected 1 to 100000"])
        #expect(throws: RateLimitError.self) {
            try ConcurrencyLimiterSet(adaptive: AdaptiveConcurrency(initial: 0), maximumScopes: 3)
        }
    }

    /// Scopes come and go on all threads, and none ever has more in flight than one limiter lets go.
    @Test func noScopeEverHasTwoLimitersAtOnce() async throws {
        let set = try ConcurrencyLimiterSet(limit: 1, maximumScopes: 3)
        let doors = (0..<6).map { _ in Door() }
        let faults = await Crew.results(4) { thread in
            var random = SeededGenerator(seed: UInt64(thread), stream: "scopes")
            var faults = 0
            for _ in 0..<20_000 {
                let scope = Int(random.below(6))
                guard let permit = try? set.limiter(for: "\(scope)").tryAcquirePermit() else { continue }
                if !doors[scope].enter() { faults += 1 }
                if random.chance(0.1) { Crew.stepAside() }
                doors[scope].leave()
                permit.finish(.succeeded)
            }
            return faults
        }
        #expect(faults == [0, 0, 0, 0])
        #expect(set.count <= 3)
    }
}
