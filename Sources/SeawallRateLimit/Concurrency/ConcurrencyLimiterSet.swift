public import SeawallTime

/// Limiters of calls in flight by scope, made when they are first asked for: one for each address, account or symbol.
///
/// As many as the limit says. When a new one needs room, of those that nobody holds the half that was asked for longest ago
/// is forgotten, with what they had learnt; nobody holds a limiter of which no permit is out, for which nobody waits, and
/// which no caller has kept. So a scope never has two limiters at once. Where all are held none is forgotten, and a scope
/// that has none yet is refused: a permit that is never released keeps its scope's place for ever.
public final class ConcurrencyLimiterSet: Sendable {
    private enum Rule: Sendable {
        case fixed(Int)
        case adaptive(AdaptiveConcurrency)
    }

    private struct Place: Sendable {
        var scope: String
        var limiter: ConcurrencyLimiter
        var lastAsked: UInt64
    }

    private struct Shelf: Sendable {
        var places: [Place] = []
        var indexes: [String: Int] = [:]
        var asked: UInt64 = 0
    }

    /// The most limiters there may be.
    public let maximumScopes: Int

    private let rule: Rule
    private let lanes: [Lane]
    private let maximumWaiters: Int
    private let environment: RuntimeEnvironment
    private let shelf = Lock(Shelf())

    /// Makes a set of limiters of `limit` permits each.
    ///
    /// - Parameters:
    ///   - limit: How many permits each of them has, 1 or more.
    ///   - lanes: The lanes of each, highest first.
    ///   - maximumWaiters: How many may wait at each of them, 1,000 by default; 0 to 1,000,000.
    ///   - maximumScopes: The most limiters, 1,000 by default; 1 to 100,000.
    /// - Throws: `RateLimitError` of code `invalidConfiguration` that lists every bad value.
    public convenience init(
        limit: Int, lanes: [Lane] = [], maximumWaiters: Int = 1_000, maximumScopes: Int = 1_000
    ) throws(RateLimitError) {
        try self.init(.fixed(limit), lanes, maximumWaiters, maximumScopes, RuntimeEnvironment())
    }

    /// Makes a set of limiters that each learn a limit of their own.
    ///
    /// - Parameters:
    ///   - adaptive: How it is learnt.
    ///   - lanes: The lanes of each, highest first.
    ///   - maximumWaiters: How many may wait at each of them, 1,000 by default; 0 to 1,000,000.
    ///   - maximumScopes: The most limiters, 1,000 by default; 1 to 100,000.
    ///   - environment: The time, and the chance that keeps them from probing in step.
    /// - Throws: `RateLimitError` of code `invalidConfiguration` that lists every bad value.
    public convenience init(
        adaptive: AdaptiveConcurrency, lanes: [Lane] = [], maximumWaiters: Int = 1_000, maximumScopes: Int = 1_000,
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(RateLimitError) {
        try self.init(.adaptive(adaptive), lanes, maximumWaiters, maximumScopes, environment)
    }

    private init(
        _ rule: Rule, _ lanes: [Lane], _ maximumWaiters: Int, _ maximumScopes: Int, _ environment: RuntimeEnvironment
    ) throws(RateLimitError) {
        self.rule = rule
        self.lanes = lanes
        self.maximumWaiters = maximumWaiters
        self.maximumScopes = maximumScopes
        self.environment = environment
        var problems: [String] = []
        do throws(RateLimitError) { _ = try make() } catch { problems = error.details }
        if !(1...100_000).contains(maximumScopes) {
            problems.append("maximumScopes is \(maximumScopes), expected 1 to 100000")
        }
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
    }

    /// How many limiters there are.
    public var count: Int { shelf.withLock { $0.places.count } }

    /// What each limiter is doing, in the order of the scopes.
    public var statuses: [(scope: String, status: ConcurrencyStatus)] {
        shelf.withLock { $0.places }.sorted { $0.scope < $1.scope }.map { ($0.scope, $0.limiter.status) }
    }

    /// The limiter of a scope, made where there is none yet.
    ///
    /// Constant time, spread over many; linear in their number where all of them are held and none can be forgotten.
    ///
    /// - Throws: `RateLimitError` of code `tooManyKeys` where there is no room for another and all are held.
    public func limiter(for scope: String) throws(RateLimitError) -> ConcurrencyLimiter {
        let result = shelf.withLock { shelf -> Result<ConcurrencyLimiter, RateLimitError> in
            shelf.asked &+= 1
            if let index = shelf.indexes[scope] {
                shelf.places[index].lastAsked = shelf.asked
                return .success(shelf.places[index].limiter)
            }
            if shelf.places.count >= maximumScopes { Self.forgetIdle(&shelf) }
            guard shelf.places.count < maximumScopes else {
                return .failure(RateLimitError(code: .tooManyKeys, subject: scope))
            }
            do throws(RateLimitError) {
                let limiter = try make()
                shelf.indexes[scope] = shelf.places.count
                shelf.places.append(Place(scope: scope, limiter: limiter, lastAsked: shelf.asked))
                return .success(limiter)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Runs `body` with a permit of a scope that is handed back however `body` ends.
    ///
    /// - Parameters:
    ///   - scope: Whose permit.
    ///   - lane: The lane to wait in; the lowest by default.
    ///   - outcome: What an error says of the venue's load; nothing unless told.
    ///   - body: The call.
    /// - Throws: As `limiter(for:)` and `ConcurrencyLimiter.withPermit(lane:outcome:_:)`.
    public func withPermit<Result>(
        of scope: String, lane: Lane? = nil, outcome: (any Error) -> ConcurrencyOutcome = { _ in .ignored },
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await limiter(for: scope).withPermit(lane: lane, outcome: outcome, body)
    }

    private func make() throws(RateLimitError) -> ConcurrencyLimiter {
        switch rule {
        case .fixed(let limit):
            try ConcurrencyLimiter(limit: limit, lanes: lanes, maximumWaiters: maximumWaiters)
        case .adaptive(let adaptive):
            try ConcurrencyLimiter(
                adaptive: adaptive, lanes: lanes, maximumWaiters: maximumWaiters, environment: environment)
        }
    }

    /// Forgets, of those that nobody else holds, the half that was asked for longest ago.
    private static func forgetIdle(_ shelf: inout Shelf) {
        // Under the lock nobody can begin to hold one that is held by the shelf alone; permits of `acquire` and `tryAcquire`
        // keep no reference, so those are asked for.
        let idle = shelf.places.indices
            .filter { isKnownUniquelyReferenced(&shelf.places[$0].limiter) && shelf.places[$0].limiter.isIdle }
            .sorted { shelf.places[$0].lastAsked < shelf.places[$1].lastAsked }
        guard !idle.isEmpty else { return }
        let forgotten = Set(idle.prefix((idle.count + 1) / 2))
        shelf.places = shelf.places.indices.filter { !forgotten.contains($0) }.map { shelf.places[$0] }
        shelf.indexes = Dictionary(uniqueKeysWithValues: shelf.places.enumerated().map { ($1.scope, $0) })
    }
}
