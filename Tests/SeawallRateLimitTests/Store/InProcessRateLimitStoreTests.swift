import SeawallRateLimit
import SeawallTime
import Testing

/// What the store answers to those whom it refuses.
@Suite struct InProcessRateLimitStoreTests {
    private let time = ManualTime()

    /// Buckets "a" and "b" of ten, where each key has one of its own, and "c" for all.
    private func store(keys: Int, window: Duration) throws -> InProcessRateLimitStore {
        func bucket(_ name: String, isPerKey: Bool) -> BucketConfiguration {
            BucketConfiguration(name: name, limit: 10, window: window, marginPerMille: 1_000, isPerKey: isPerKey)
        }
        let buckets = [bucket("a", isPerKey: true), bucket("b", isPerKey: true), bucket("c", isPerKey: false)]
        let configuration = RateLimiterConfiguration(lanes: ["only"], buckets: buckets, maximumKeys: keys)
        return try InProcessRateLimitStore(configuration: configuration, time: time)
    }

    private func take(
        _ store: InProcessRateLimitStore, _ weights: [String: Int], key: String = "", leaving: [String: Int] = [:],
        lane: Lane = "only"
    ) async -> StoreAnswer {
        await store.take(Charge(weights: weights, key: key, leaving: leaving), lane: lane)
    }

    private func lease(_ answer: StoreAnswer) throws -> StoreLease {
        guard case .granted(let lease) = answer else { throw RateLimitError(code: .noTokens) }
        return lease
    }

    private func pause(_ answer: StoreAnswer) throws -> Duration? {
        guard case .refused(let after, _) = answer else { throw RateLimitError(code: .noTokens) }
        return after
    }

    @Test func whereEveryCounterIsInUseItSaysWhenToLookAgain() async throws {
        let store = try store(keys: 1, window: .milliseconds(300))
        let lease = try lease(await take(store, ["a": 1], key: "x"))
        // It is held for as long as its call is under way.
        #expect(try pause(await take(store, ["a": 1], key: "y")) == .seconds(1))
        await store.settle(lease)
        time.advance(by: .milliseconds(100))
        let after = try #require(try pause(await take(store, ["a": 1], key: "y")))
        #expect(after == .milliseconds(200))
        time.advance(by: after)
        _ = try self.lease(await take(store, ["a": 1], key: "y"))
    }

    @Test func aCallThatHasOneOfItsCountersIsAskedAgainWithoutHaste() async throws {
        let store = try store(keys: 2, window: .seconds(300))
        await store.giveBack(try lease(await take(store, ["a": 1], key: "x")))
        _ = try lease(await take(store, ["b": 1], key: "y"))
        #expect(try pause(await take(store, ["a": 1, "b": 1], key: "x")) == .seconds(1))
    }

    @Test func neverIsSaidOnlyOfWhatCanNeverBe() async throws {
        let store = try store(keys: 1, window: .seconds(300))
        _ = try lease(await take(store, ["a": 1], key: "x"))
        let never = [
            await take(store, ["c": 11]), await take(store, ["c": 5], leaving: ["c": 6]), await take(store, ["d": 1]),
            await take(store, ["c": -1]), await take(store, ["c": 1], lane: "nowhere"),
            // One call that needs more counters than there are.
            await take(store, ["a": 1, "b": 1], key: "y"), await take(store, ["a": 1], key: "y", leaving: ["b": 1]),
        ]
        #expect(try never.map(pause) == Array(repeating: nil, count: never.count))
        #expect(try pause(await take(store, ["a": 1, "c": 1], key: "y")) == .seconds(1))
        _ = try lease(await take(store, ["c": 10]))
        #expect(try pause(await take(store, ["c": 1])) == .seconds(300))
    }
}
