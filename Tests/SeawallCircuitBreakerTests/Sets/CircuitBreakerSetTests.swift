import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

@Suite(.timeLimit(.minutes(10))) struct CircuitBreakerSetTests {
    private let time = ManualTime()

    private func set(limit: Int = 64) throws -> CircuitBreakerSet {
        try CircuitBreakerSet(
            prefix: "binance.", configuration: .plain(failures: 2), overrides: ["orders": .live], limit: limit,
            environment: RuntimeEnvironment(time: time))
    }

    @Test func eachKeyHasABreakerOfItsOwn() throws {
        let set = try set()
        try set["orders"].make(2, .failure)
        #expect(set["orders"].state == .open)
        #expect(set["orders"] === set["orders"])
        #expect(set["cancels"].state == .closed)
        #expect(set["orders"].configuration == .live)
        #expect(set["cancels"].configuration == .plain(failures: 2))
        #expect(set.statuses.map(\.name) == ["binance.cancels", "binance.default", "binance.orders"])
        #expect(set.all.map(\.key) == ["cancels", "default", "orders"])
    }

    @Test func keysBeyondTheLimitShareTheDefault() throws {
        let set = try set(limit: 2)
        let first = set["orders"]
        #expect(set["cancels"] === set["default"])
        #expect(set[""] === set["default"])
        #expect(set["orders"] === first)
        #expect(set.all.count == 2)
        #expect(set.crowdedOutCount == 2)
        #expect(set.remove("orders") === first)
        #expect(set["cancels"].name == "binance.cancels")
        #expect(set.remove("default") == nil)
    }

    @Test func badConfigurationsAreListedByTheirKeys() {
        var bad = CircuitBreakerConfiguration.general
        bad.probes = 0
        let error = #expect(throws: InvalidFields.self) {
            try CircuitBreakerSet(configuration: bad, overrides: ["b": bad, "a": bad, "": .general], limit: 0)
        }
        #expect(
            error?.fields.map(\.name) == [
                "configuration.probes", "overrides", "overrides[a].probes", "overrides[b].probes", "limit",
            ])
    }

    @Test func hooksHearBreakersThatComeLaterToo() async throws {
        let (heard, teller) = AsyncStream<String>.makeStream()
        let set = try set()
        _ = set["orders"]
        set.listen(.init(onOpen: { teller.yield($0.name) }))
        try set["orders"].make(2, .failure)
        try set["cancels"].make(2, .failure)
        var names: Set<String> = []
        for await name in heard {
            names.insert(name)
            if names.count == 2 { break }
        }
        #expect(names == ["binance.orders", "binance.cancels"])
    }

    @Test func whoeverHasEnoughHearsNoBreakerMore() async throws {
        let (heard, teller) = AsyncStream<String>.makeStream()
        let set = try set()
        _ = set["orders"]
        let cancelled = set.listen(.init(onOpen: { teller.yield("no: \($0.name)") }), queueLimit: 0)
        cancelled.cancel()
        let listener = set.listen(
            .init(onOpen: {
                teller.yield($0.name)
                throw CancellationError()
            }))
        try set["orders"].make(2, .failure)
        try set["cancels"].make(2, .failure)
        var names: Set<String> = []
        for await name in heard {
            names.insert(name)
            if names.count == 2 { break }
        }
        #expect(names == ["binance.orders", "binance.cancels"])
        #expect(listener.droppedCount == 0 && cancelled.droppedCount == 0)
        listener.cancel()
        try set["accounts"].make(2, .failure)
        #expect(set["accounts"].desk.withLock { $0.listeners.isEmpty })
    }

    @Test func whatOperatorsSetSurvivesByKey() throws {
        let old = try set()
        old["orders"].isolate(reason: "maintenance")
        old["cancels"].shadow(reason: "first week")
        _ = old["accounts"]
        let new = try set(limit: 2)
        // Cancels come first and fill the set; orders are passed over, and nobody else is isolated for them.
        #expect(new.restore(old.operatorStates) == ["orders"])
        #expect(new["cancels"].status.isShadow)
        #expect(new["default"].state == .closed)
        let roomy = try set()
        #expect(roomy.restore(old.operatorStates).isEmpty)
        #expect(roomy["orders"].status.detail == "maintenance")
        roomy.reset()
        #expect(roomy.operatorStates.isEmpty)
    }

    @Test func manyThreadsGetTheSameBreaker() async throws {
        let set = try set()
        let names = await withTaskGroup(of: ObjectIdentifier.self) { group in
            for _ in 0..<8 { group.addTask { ObjectIdentifier(set["orders"]) } }
            return await group.reduce(into: Set<ObjectIdentifier>()) { $0.insert($1) }
        }
        #expect(names.count == 1)
    }

    /// Nobody would ever hear of its end, and an alert of it would stand for ever.
    @Test func aBreakerThatIsTakenOutOpenClosesAndSaysSo() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.Transition>.makeStream()
        let set = try set()
        set.listen(.init(onClose: { teller.yield($0) }))
        let (open, isolated) = (set["orders"], set["cancels"])
        let ticket = try open.admitted()
        try open.make(2, .failure)
        isolated.isolate(reason: "by hand")
        let shadow = set["reads"]
        shadow.shadow(reason: "by hand")
        for key in ["orders", "cancels", "reads"] { set.remove(key) }
        var ends: [CircuitBreaker.Transition] = []
        for await end in heard {
            ends.append(end)
            if ends.count == 2 { break }
        }
        #expect(Set(ends.map(\.name)) == ["binance.orders", "binance.cancels"])
        #expect(ends.map(\.reason) == [.removed, .removed])
        #expect(open.state == .closed && isolated.state == .closed)
        #expect(!shadow.status.isShadow)
        #expect(open.record(.failure, for: ticket).isEmpty && open.status.failureCount == 0)
        #expect(set["orders"] !== open)
    }
}
