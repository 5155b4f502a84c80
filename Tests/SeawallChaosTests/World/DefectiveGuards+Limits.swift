import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos
@testable import SeawallCircuitBreaker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Heeds a Retry-After in every lane but one: its cancels go out all the same.
final class LeakyGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let shutUntil = Lock(MonotonicInstant.origin)

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        if call.operation != .cancel { try await bench.time.sleep(until: shutUntil.withLock { $0 }) }
        do {
            return try await proceed()
        } catch let error as BrokerError {
            if let seconds = error.retryAfter.flatMap({ Int64($0) }) {
                shutUntil.withLock { $0 = bench.time.now.advanced(by: .seconds(seconds)) }
            }
            throw error
        }
    }
}

/// Spends a token for each call out of a bucket that fills at the headline rate, and is full again after a rest.
final class BurstingGuard: InterceptingBroker {
    private struct Bucket {
        var tokens: Int
        var filledAt = MonotonicInstant.origin
        var isShut = false
    }

    let bench: Road.Workbench
    private let rule: LimitRule
    private let bucket: Lock<Bucket>

    init(bench: Road.Workbench, rule: LimitRule) {
        self.bench = bench
        self.rule = rule
        bucket = Lock(Bucket(tokens: rule.limit))
    }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let perToken = rule.window / rule.limit
        while !bucket.withLock({ take(&$0, perToken) }) { try await bench.time.sleep(for: perToken) }
        return try await shutting { try await proceed() }
    }

    private func take(_ bucket: inout Bucket, _ perToken: Duration) -> Bool {
        while bucket.tokens < rule.limit, bucket.filledAt.advanced(by: perToken) <= bench.time.now {
            bucket.tokens += 1
            bucket.filledAt = bucket.filledAt.advanced(by: perToken)
        }
        if bucket.tokens == rule.limit { bucket.filledAt = bench.time.now }
        guard bucket.tokens > 0 else { return false }
        bucket.tokens -= 1
        return true
    }

    /// Whoever was told to stop stops for good.
    private func shutting<Answer>(_ proceed: () async throws -> Answer) async throws -> Answer {
        if bucket.withLock({ $0.isShut }) { throw GuardError(code: .denied, message: "limited") }
        do { return try await proceed() } catch let error as BrokerError where error.status == 429 {
            bucket.withLock { $0.isShut = true }
            throw error
        }
    }
}

/// Counts what is under way against the limit, and gives the weight back with the answer.
final class GivingBackGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let limit: Int
    private let used = Lock(0)
    private let isShut = Lock(false)

    init(bench: Road.Workbench, rule: LimitRule) {
        self.bench = bench
        limit = rule.limit
    }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let mayGo = used.withLock { used in
            guard used < limit else { return false }
            used += 1
            return true
        }
        guard mayGo, !isShut.withLock({ $0 }) else { throw GuardError(code: .denied, message: "limited") }
        defer { used.withLock { $0 -= 1 } }
        do { return try await proceed() } catch let error as BrokerError where error.status == 429 {
            isShut.withLock { $0 = true }
            throw error
        }
    }
}

/// Lets two probes through a half-open breaker that is told to let one.
struct EagerProber: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        bench.move(to: .open)
        bench.move(to: .halfOpen)
        let context = RequestContext(
            origin: .library(episode: "probe:orders"), lane: .resolve, isProbe: true, sentAt: bench.time.now,
            deadline: nil)
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    _ = try? await RequestContext.$current.withValue(context) {
                        try await bench.edge.openOrders(for: nil, page: nil)
                    }
                }
            }
        }
        bench.move(to: .closed)
        return try await proceed()
    }
}

/// Forgets a breaker that is half open.
struct ForgottenBreaker: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        bench.move(to: .open)
        bench.move(to: .halfOpen)
        return try await proceed()
    }
}

/// Lets whoever waits go in the order of a set, which is another in each run.
final class ShufflingGuard: InterceptingBroker {
    private final class Ticket: Hashable, Sendable {
        static func == (lhs: Ticket, rhs: Ticket) -> Bool { lhs === rhs }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    let bench: Road.Workbench
    private let waiting = Lock(Set<Ticket>())

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let ticket = Ticket()
        waiting.withLock { _ = $0.insert(ticket) }
        try await bench.time.sleep(for: .seconds(1))
        let place = waiting.withLock { Array($0).firstIndex(of: ticket) } ?? 0
        try await bench.time.sleep(for: .milliseconds(place * 10))
        return try await proceed()
    }
}

extension Road.Workbench {
    func move(to state: CircuitBreaker.State) {
        logger.record(
            .breaker(
                CircuitBreaker.Transition(
                    name: "orders", from: .closed, to: state, at: time.now, reason: .forced, failureCount: 0,
                    until: nil, detail: nil)))
    }
}
