import SeawallBroker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends an order whose reply was lost again under a fresh client id, up to three times.
struct ResubmittingGuard: InterceptingBroker {
    let base: any Broker

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer { try await proceed() }

    func place(_ order: OrderRequest) async throws -> Order {
        var order = order
        var tries = 0
        while true {
            tries += 1
            order.clientID = ClientOrderID("try\(tries)")
            do {
                return try await base.place(order)
            } catch let error as BrokerError {
                guard error.delivery == .maybeSent, tries < 4 else { throw error }
            }
        }
    }
}

/// Under a pause lets through whatever says that it reduces.
struct BelievingGuard: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        if let order = call.order, bench.pauses.permission() < .open, !order.isReduceOnly {
            throw GuardError(code: .denied, message: "paused")
        }
        return try await proceed()
    }
}

/// Under a pause measures every order against the position, and forgets what is under way.
struct ForgetfulGuard: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        if let order = call.order, bench.pauses.permission() < .open {
            let position = try await base.positions().first { $0.symbol == order.symbol }?.quantity ?? 0
            let closable = order.side == .sell ? position : -position
            guard order.quantity.amount <= closable else { throw GuardError(code: .denied, message: "would flip") }
        }
        return try await proceed()
    }
}

/// Asks for permission when an order comes, and not again when its turn has come.
final class AskingOnceGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let next = Lock(MonotonicInstant.origin)

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard bench.pauses.permission() == .open else { throw GuardError(code: .denied, message: "paused") }
        let turn = next.withLock { next in
            let turn = max(next, bench.time.now)
            next = turn.advanced(by: .milliseconds(50))
            return turn
        }
        try await bench.time.sleep(until: turn)
        return try await proceed()
    }
}

/// Under a pause counts what is under way, but not an order that it has asked to be cancelled.
final class OptimisticGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let working = Lock([VenueOrderID: Decimal]())

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        if case .venue(let order)? = call.targets.first { working.withLock { $0[order] = nil } }
        if let order = call.order, bench.pauses.permission() < .open {
            let position = try await base.positions().first { $0.symbol == order.symbol }?.quantity ?? 0
            let rest = working.withLock { $0.values.reduce(position, -) }
            guard order.quantity.amount <= rest else { throw GuardError(code: .denied, message: "would flip") }
        }
        let answer = try await proceed()
        if call.operation == .place, let order = answer as? Order, let venueID = order.venueID {
            working.withLock { $0[venueID] = call.order?.quantity.amount }
        }
        return answer
    }
}

/// Sends one call every tenth of a second, in the order in which they came.
final class QueueingGuard: InterceptingBroker {
    let bench: Road.Workbench
    private let next = Lock(MonotonicInstant.origin)

    init(bench: Road.Workbench) { self.bench = bench }

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let turn = next.withLock { next in
            let turn = max(next, bench.time.now)
            next = turn.advanced(by: .milliseconds(100))
            return turn
        }
        try await bench.time.sleep(until: turn)
        return try await proceed()
    }
}

/// Tries again at once when the venue says that it was too much.
struct HammeringGuard: InterceptingBroker {
    let base: any Broker

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        while true {
            do { return try await proceed() } catch let error as BrokerError where error.status == 429 {}
        }
    }
}

/// Calls every order rejected whose reply did not come.
struct HastyGuard: InterceptingBroker {
    let bench: Road.Workbench
    var writesLedger = true

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer { try await proceed() }

    func place(_ order: OrderRequest) async throws -> Order {
        var order = order
        let intent = order.intent ?? "none"
        let clientID = ClientOrderID("only-\(intent)")
        order.clientID = clientID
        do {
            return try await base.place(order)
        } catch {
            if writesLedger {
                let change = LedgerChange(
                    intent: intent, clientID: clientID, venueID: nil, symbol: order.symbol, state: .rejected)
                bench.logger.record(.order(change))
            }
            throw GuardError(code: .rejected, message: "no answer", cause: error)
        }
    }
}
