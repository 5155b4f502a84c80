import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Trades one symbol: in by a limit or market order, guarded by a stop, out by a market order.
struct SymbolTrader: Sendable {
    /// Where a trade stands.
    private enum Phase {
        /// Nothing is held and nothing is wanted.
        case flat
        /// An entry works at the venue.
        case entering(Order, since: Int)
        /// A position is held; the stop is missing where it could not be placed.
        case holding(Decimal, Side, stop: Order?)
        /// The way out was sent.
        case leaving(Order, held: Decimal, Side)
    }

    private let broker: any Broker
    private let time: any TimeSource
    private let rules: InstrumentRules
    private var draws: SeededGenerator
    private var phase = Phase.flat
    private var round = 0
    private var lastIntent = 0

    init(broker: any Broker, time: any TimeSource, rules: InstrumentRules, seed: UInt64) {
        self.broker = broker
        self.time = time
        self.rules = rules
        draws = SeededGenerator(seed: seed, stream: "bot.\(rules.symbol)")
    }

    private var symbol: Symbol { rules.symbol }

    /// Trades until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            round += 1
            do { try await step() } catch is CancellationError { return } catch {
                // A read that failed is no reason to stop: the next round looks again.
            }
            let pause = DrillBot.rhythm + draws.duration(in: .zero ... .seconds(5))
            do { try await time.sleep(for: pause) } catch { return }
        }
    }

    private mutating func step() async throws {
        switch phase {
        case .flat:
            if draws.chance(0.5) { try await enter() }
        case .entering(let order, let since):
            try await tend(order, since: since)
        case .holding(let held, let side, let stop):
            try await guardPosition(held, side, stop)
        case .leaving(let order, let held, let side):
            let order = try await refreshed(order)
            guard order.status.isTerminal else { return }
            let left = held - order.filled
            phase = left > 0 ? .holding(left, side, stop: nil) : .flat
        }
    }

    private mutating func enter() async throws {
        let price = try await broker.ticker(for: symbol).last
        let side: Side = draws.chance(0.5) ? .buy : .sell
        let quantity = lots(5 + Int(draws.below(10)))
        let type: OrderType
        if draws.chance(0.4) {
            type = .market
        } else {
            let offset = side == .buy ? Decimal(-1) : Decimal(1)
            type = .limit(price: tick(price + offset * price * Decimal(draws.below(8)) / 10_000))
        }
        guard let order = try await place("entry", side, quantity, type, isReduceOnly: false) else { return }
        phase = .entering(order, since: round)
    }

    private mutating func tend(_ order: Order, since: Int) async throws {
        var order = try await refreshed(order)
        if !order.status.isTerminal {
            if round - since >= 4 || draws.chance(0.1) {
                order = try await cancelled(order)
            } else if draws.chance(0.3) {
                order = try await amended(order)
            }
        }
        guard order.status.isTerminal else {
            phase = .entering(order, since: since)
            return
        }
        guard order.filled > 0 else {
            phase = .flat
            return
        }
        phase = .holding(order.filled, order.side, stop: nil)
        try await protect()
    }

    /// A larger quantity, a smaller one, or another price.
    private mutating func amended(_ order: Order) async throws -> Order {
        let price = try await broker.ticker(for: symbol).last
        var amend = AmendRequest(target: target(order), symbol: symbol)
        switch draws.below(3) {
        case 0: amend.quantity = order.quantity + lots(2)
        case 1 where order.remaining > lots(3): amend.quantity = order.quantity - lots(1)
        default: amend.price = tick(price * (order.side == .buy ? Decimal(9_995) : Decimal(10_005)) / 10_000)
        }
        if amend.price == nil, amend.quantity == nil { return order }
        if order.type.price == nil { amend.price = nil }
        do { return try await broker.amend(amend) } catch is GuardError { return order }
    }

    private mutating func guardPosition(_ held: Decimal, _ side: Side, _ stop: Order?) async throws {
        guard let stop else { return try await protect() }
        let current = try await refreshed(stop)
        if current.status.isTerminal {
            let left = held - current.filled
            phase = left > 0 ? .holding(left, side, stop: nil) : .flat
            return
        }
        if draws.chance(0.35) {
            try await leave(held, side, current)
        } else if draws.chance(0.3) {
            let price = try await broker.ticker(for: symbol).last
            let amend = AmendRequest(target: target(current), symbol: symbol, trigger: trigger(price, side))
            do { phase = .holding(held, side, stop: try await broker.amend(amend)) } catch is GuardError {}
        }
    }

    /// The stop has to be gone before the way out is sent: both at once could flip the position.
    private mutating func leave(_ held: Decimal, _ side: Side, _ stop: Order) async throws {
        let ended = try await cancelled(stop)
        guard ended.status.isTerminal else { return }
        let left = held - ended.filled
        guard left > 0 else {
            phase = .flat
            return
        }
        phase = .holding(left, side, stop: nil)
        if let exit = try await place("exit", side.opposite, left, .market, isReduceOnly: true) {
            phase = .leaving(exit, held: left, side)
        }
    }

    private mutating func protect() async throws {
        guard case .holding(let held, let side, nil) = phase else { return }
        let price = try await broker.ticker(for: symbol).last
        let stop = try await place(
            "stop", side.opposite, held, .stop(trigger: trigger(price, side)), isReduceOnly: true)
        phase = .holding(held, side, stop: stop)
    }

    /// Places an order, and asks again under the same intent for as long as its outcome is unknown.
    private mutating func place(
        _ purpose: String, _ side: Side, _ quantity: Decimal, _ type: OrderType, isReduceOnly: Bool
    ) async throws -> Order? {
        lastIntent += 1
        let request = OrderRequest(
            intent: IntentID("\(symbol)-\(lastIntent)-\(purpose)"), symbol: symbol, side: side,
            quantity: .base(quantity), type: type, isReduceOnly: isReduceOnly, strategy: "drill")
        while true {
            do {
                let order = try await broker.place(request)
                switch order.status {
                case .sent, .unknown, .prepared: break
                case .rejected: return nil
                case .acknowledged, .working, .filled, .cancelled, .expired: return order
                }
            } catch let error as GuardError where error.code != .outcomeUnknown {
                return nil
            } catch is GuardError {
                // Unknown: below, the same intent is asked for again.
            }
            try await time.sleep(for: .seconds(3))
        }
    }

    private func cancelled(_ order: Order) async throws -> Order {
        do { return try await broker.cancel(target(order), symbol: symbol) } catch is GuardError { return order }
    }

    private func refreshed(_ order: Order) async throws -> Order {
        try await broker.order(target(order), symbol: symbol)
    }

    private func target(_ order: Order) -> OrderTarget {
        order.clientID.map { .client($0) } ?? .venue(order.venueID ?? "")
    }

    private func trigger(_ price: Decimal, _ side: Side) -> Decimal {
        tick(price * (side == .buy ? Decimal(9_970) : Decimal(10_030)) / 10_000)
    }

    private func lots(_ count: Int) -> Decimal { rules.lot * Decimal(count) }

    private func tick(_ price: Decimal) -> Decimal { rules.price(below: price) }
}
