import SeawallBroker
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

/// Keeps well within a limit, but begins to count anew with the connection that a failed call makes it open.
final class RenewingLimiter: InterceptingBroker {
    let bench: Road.Workbench
    private let limit: Int
    private let span: Duration
    private let sent = Lock([MonotonicInstant]())

    init(bench: Road.Workbench, limit: Int, span: Duration) {
        self.bench = bench
        self.limit = limit
        self.span = span
    }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let now = bench.time.now
        let mayGo = sent.withLock { sent in
            sent.removeAll { $0.advanced(by: span) <= now }
            guard sent.count < limit else { return false }
            sent.append(now)
            return true
        }
        guard mayGo else { throw GuardError(code: .denied, message: "limited") }
        do { return try await proceed() } catch {
            sent.withLock { $0 = [] }
            throw error
        }
    }
}

/// After a failed order lets nothing through for a time, cancels neither.
final class ClosingGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let shutUntil = Lock(MonotonicInstant.origin)

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard shutUntil.withLock({ $0 <= bench.time.now }) else {
            throw GuardError(code: .denied, message: "the breaker is open")
        }
        do { return try await proceed() } catch {
            if call.operation == .place { shutUntil.withLock { $0 = bench.time.now.advanced(by: .seconds(20)) } }
            throw error
        }
    }
}

/// Opens a breaker when an order fails, and tries it with two probes where it was told to make one.
struct TrippingProber: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        do { return try await proceed() } catch  where call.operation == .place {
            _ = try? await EagerProber(bench: bench).intercept(call) { true }
            throw error
        }
    }
}

/// Calls an order unknown whose answer did not come, and never asks what became of it.
struct LeavingGuard: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        do { return try await proceed() } catch  where call.operation == .place {
            let intent = call.order?.intent ?? "none"
            bench.logger.record(
                .order(
                    LedgerChange(
                        intent: intent, clientID: ClientOrderID(intent.rawValue), venueID: nil,
                        symbol: VenueWorld.symbol, state: .unknown)))
            throw error
        }
    }
}

/// Tries a call that failed again after a wait that the system's own generator draws.
struct DrawingGuard: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        do { return try await proceed() } catch {
            try await bench.time.sleep(for: .nanoseconds(SystemRandom().next() % 1_000_000_000))
            return try await proceed()
        }
    }
}
