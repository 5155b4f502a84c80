public import SeawallTime

/// Breakers by key, made when they are first asked for: one for each endpoint category, venue or module.
///
/// As many as the limit says; every key beyond them shares the breaker of the key `default`, which counts as one of them.
/// Keys of use for a venue: `orders`, `cancels`, `accounts`, `positions`, `market_data`.
public final class CircuitBreakerSet: Sendable {
    /// The key whose breaker serves all keys for which there is no room.
    public static let defaultKey = "default"

    /// The most breakers there may be.
    public let limit: Int

    private struct Shelf: Sendable {
        var breakers: [String: CircuitBreaker] = [:]
        var listeners: [Listener] = []
        var crowdedOut = 0
    }

    private let prefix: String
    private let configuration: CircuitBreakerConfiguration
    private let overrides: [String: CircuitBreakerConfiguration]
    private let environment: RuntimeEnvironment
    private let fallback: CircuitBreaker
    private let shelf: Lock<Shelf>

    /// Makes a set that holds the breaker of the key `default`.
    ///
    /// - Parameters:
    ///   - prefix: what stands before each key in a breaker's name, for instance `binance.`; nothing unless told.
    ///   - configuration: for keys without one of their own.
    ///   - overrides: configurations by key.
    ///   - limit: the most breakers, from 1 to 100,000; 64 unless told.
    ///   - environment: where all of them take time, randomness and tasks from.
    /// - Throws: `InvalidFields` that lists every bad field, those of `overrides` under their keys.
    public init(
        prefix: String = "", configuration: CircuitBreakerConfiguration = .general,
        overrides: [String: CircuitBreakerConfiguration] = [:], limit: Int = 64,
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        var invalid = InvalidFields(subject: "circuit breaker set", fields: [])
        invalid.merge(configuration.invalid, under: "configuration")
        for (key, override) in overrides.sorted(by: { $0.key < $1.key }) {
            invalid.check(!key.isEmpty, "overrides", "an empty key", "keys that are any text")
            invalid.merge(override.invalid, under: "overrides[\(key)]")
        }
        invalid.check((1...100_000).contains(limit), "limit", limit, "1 to 100000")
        try invalid.throwIfAny()
        self.prefix = prefix
        self.configuration = configuration
        self.overrides = overrides
        self.limit = limit
        self.environment = environment
        fallback = try CircuitBreaker(
            name: prefix + Self.defaultKey, configuration: overrides[Self.defaultKey] ?? configuration,
            environment: environment)
        shelf = Lock(Shelf(breakers: [Self.defaultKey: fallback]))
    }

    /// The breaker of a key, made where there is none yet and room for it; else that of `default`.
    public subscript(key: String) -> CircuitBreaker {
        shelf.withLock { shelf in
            if let breaker = shelf.breakers[key] { return breaker }
            guard shelf.breakers.count < limit, let breaker = make(key) else {
                shelf.crowdedOut = shelf.crowdedOut.addingSaturating(1)
                return fallback
            }
            // Before anybody else sees it, so that no transition is missed.
            shelf.listeners.removeAll { $0.isCancelled }
            for listener in shelf.listeners { listener.listen(to: breaker, key) }
            shelf.breakers[key] = breaker
            return breaker
        }
    }

    /// The breakers there are, with their keys, in the order of these.
    public var all: [(key: String, breaker: CircuitBreaker)] {
        shelf.withLock { $0.breakers }.sorted { $0.key < $1.key }.map { (key: $0.key, breaker: $0.value) }
    }

    /// What each breaker is doing, in the order of the keys.
    public var statuses: [CircuitBreaker.Status] { all.map(\.breaker.status) }

    /// How often a key had to share the breaker of `default`, for want of room or because it was empty.
    public var crowdedOutCount: Int { shelf.withLock { $0.crowdedOut } }

    /// Takes the breaker of a key out, so that the next who asks for it gets a new one.
    ///
    /// The one taken out closes, unless it is closed, so that whoever heard of its trouble hears of the end; results of
    /// calls under way count for nothing. That of `default` stays.
    ///
    /// - Returns: the breaker that was there.
    @discardableResult
    public func remove(_ key: String) -> CircuitBreaker? {
        guard key != Self.defaultKey else { return nil }
        let breaker = shelf.withLock { $0.breakers.removeValue(forKey: key) }
        breaker?.retire()
        return breaker
    }

    /// Calls hooks for every transition of every breaker, those to come among them.
    ///
    /// Transitions of one breaker come in order; those of several come side by side.
    ///
    /// - Parameters:
    ///   - hooks: what to call.
    ///   - queueLimit: how many transitions of each breaker may wait for the hooks; a number under 1 counts as 1.
    /// - Returns: the listener, to end it with and to ask what it missed. Letting go of it does not end it.
    @discardableResult
    public func listen(_ hooks: CircuitBreaker.Hooks, queueLimit: Int = 64) -> Listener {
        let listener = Listener(hooks, queueLimit: queueLimit)
        let present = shelf.withLock { shelf in
            shelf.listeners.removeAll { $0.isCancelled }
            shelf.listeners.append(listener)
            return shelf.breakers
        }
        for (key, breaker) in present.sorted(by: { $0.key < $1.key }) { listener.listen(to: breaker, key) }
        return listener
    }

    /// Resets every breaker.
    public func reset() {
        for (_, breaker) in all { breaker.reset() }
    }

    /// What operators have set, by key, to be written down and given to `restore` by the next process.
    public var operatorStates: [String: CircuitBreaker.OperatorState] {
        Dictionary(uniqueKeysWithValues: all.compactMap { key, breaker in breaker.operatorState.map { (key, $0) } })
    }

    /// Sets what operators had set in an earlier process; breakers that are not there are made.
    ///
    /// A key for which there is no room is passed over: the breaker of `default` must not be isolated for its sake.
    ///
    /// - Returns: the keys that were passed over, in order.
    @discardableResult
    public func restore(_ states: [String: CircuitBreaker.OperatorState]) -> [String] {
        states.sorted { $0.key < $1.key }.compactMap { key, state in
            let breaker = self[key]
            if breaker === fallback, key != Self.defaultKey { return key }
            breaker.restore(state)
            return nil
        }
    }

    private func make(_ key: String) -> CircuitBreaker? {
        guard !key.isEmpty else { return nil }
        // All that could be wrong was checked when the set was made.
        return try? CircuitBreaker(
            name: prefix + key, configuration: overrides[key] ?? configuration, environment: environment)
    }
}
