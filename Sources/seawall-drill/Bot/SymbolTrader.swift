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
    enum Phase: Sendable {
        /// Nothing is held and nothing is wanted.
        case flat
        /// An entry works at the venue.
        case entering(Order, since: Int)
        /// A position is held; the stop is missing where it could not be placed.
        case holding(Decimal, Side, stop: Order?)
        /// The way out was sent.
        case leaving(Order, held: Decimal, Side)
    }

    /// What an order is for.
    enum Purpose: String, Sendable {
        case entry, stop, exit
    }

    /// An order that was decided on, and of which it is not known yet what the venue made of it.
    struct Wish: Sendable {
        var purpose: Purpose
        var request: OrderRequest
    }

    /// Everything that the trader must not forget.
    struct State: Sendable {
        var phase = Phase.flat
        var wish: Wish?
        var round = 0
        var lastIntent = 0
        var draws: SeededGenerator
    }

    private let broker: any Broker
    private let time: any TimeSource
    private let rules: InstrumentRules
    private let memory: DrillMemory
    private var state: State {
        didSet { memory.keep(state, of: rules.symbol) }
    }

    init(broker: any Broker, time: any TimeSource, rules: InstrumentRules, memory: DrillMemory, seed: UInt64) {
        self.broker = broker
        self.time = time
        self.rules = rules
        self.memory = memory
        state =
            memory.trader(of: rules.symbol)
            ?? State(draws: SeededGenerator(seed: seed, stream: "bot.\(rules.symbol)"))
    }

    private var symbol: Symbol { rules.symbol }

    /// Trades until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            state.round += 1
            do { try await step() } catch is CancellationError { return } catch {
                // A read that failed is no reason to stop: the next round looks again.
            }
            let pause = DrillBot.rhythm + state.draws.duration(in: .zero ... .seconds(5))
            do { try await time.sleep(for: pause) } catch { return }
        }
    }

    private mutating func step() async throws {
        // Left over from a life before: it may be at the venue, or may not.
        if state.wish != nil { try await fulfil() }
        switch state.phase {
        case .flat:
            if state.draws.chance(0.5) { try await enter() }
        case .entering(let order, let since):
            try await tend(order, since: since)
        case .holding(let held, let side, let stop):
            try await guardPosition(held, side, stop)
        case .leaving(let order, let held, let side):
            let order = try await refreshed(order)
            guard order.status.isTerminal else { return }
            hold(held - order.filled, side)
        }
    }

    private mutating func enter() async throws {
        let price = try await broker.ticker(for: symbol).last
        let side: Side = state.draws.chance(0.5) ? .buy : .sell
        let quantity = lots(5 + Int(state.draws.below(10)))
        let type: OrderType
        if state.draws.chance(0.4) {
            type = .market
        } else {
            let offset = side == .buy ? Decimal(-1) : Decimal(1)
            type = .limit(price: tick(price + offset * price * Decimal(state.draws.below(8)) / 10_000))
        }
        try await place(.entry, side, quantity, type, isReduceOnly: false)
    }

    private mutating func tend(_ order: Order, since: Int) async throws {
        var order = try await refreshed(order)
        if !order.status.isTerminal {
            if state.round - since >= 4 || state.draws.chance(0.1) {
                order = try await cancelled(order)
            } else if state.draws.chance(0.3) {
                order = try await amended(order)
            }
        }
        guard order.status.isTerminal else {
            state.phase = .entering(order, since: since)
            return
        }
        hold(order.filled, order.side)
        try await protect()
    }

    /// A larger quantity, a smaller one, or another price.
    private mutating func amended(_ order: Order) async throws -> Order {
        let price = try await broker.ticker(for: symbol).last
        var amend = AmendRequest(target: target(order), symbol: symbol)
        switch state.draws.below(3) {
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
        if current.status.isTerminal { return hold(held - current.filled, side) }
        if state.draws.chance(0.35) {
            try await leave(held, side, current)
        } else if state.draws.chance(0.3) {
            let price = try await broker.ticker(for: symbol).last
            let amend = AmendRequest(target: target(current), symbol: symbol, trigger: trigger(price, side))
            do { state.phase = .holding(held, side, stop: try await broker.amend(amend)) } catch is GuardError {}
        }
    }

    /// The stop has to be gone before the way out is sent: both at once could flip the position.
    private mutating func leave(_ held: Decimal, _ side: Side, _ stop: Order) async throws {
        let ended = try await cancelled(stop)
        guard ended.status.isTerminal else { return }
        let left = held - ended.filled
        hold(left, side)
        if left > 0 { try await place(.exit, side.opposite, left, .market, isReduceOnly: true) }
    }

    private mutating func protect() async throws {
        guard case .holding(let held, let side, nil) = state.phase else { return }
        let price = try await broker.ticker(for: symbol).last
        try await place(.stop, side.opposite, held, .stop(trigger: trigger(price, side)), isReduceOnly: true)
    }

    /// Holds what is left of a position, without a stop.
    private mutating func hold(_ left: Decimal, _ side: Side) {
        state.phase = left > 0 ? .holding(left, side, stop: nil) : .flat
    }

    /// Wants an order, writes that down, and asks for it.
    private mutating func place(
        _ purpose: Purpose, _ side: Side, _ quantity: Decimal, _ type: OrderType, isReduceOnly: Bool
    ) async throws {
        state.lastIntent += 1
        let request = OrderRequest(
            intent: IntentID("\(symbol)-\(state.lastIntent)-\(purpose.rawValue)"), symbol: symbol, side: side,
            quantity: .base(quantity), type: type,
            // Where the venue cannot be asked to only reduce, an order to sell what is held does no more.
            isReduceOnly: isReduceOnly && broker.capabilities.contains(.reduceOnly), strategy: "drill")
        state.wish = Wish(purpose: purpose, request: request)
        try await fulfil()
    }

    /// Asks for what is wanted until it is known what became of it.
    private mutating func fulfil() async throws {
        guard let wish = state.wish else { return }
        let order = try await placed(wish.request)
        // In one step: what is no longer wanted has become something that is.
        var next = state
        next.wish = nil
        if let order {
            switch (wish.purpose, state.phase) {
            case (.entry, _): next.phase = .entering(order, since: state.round)
            case (.stop, .holding(let held, let side, _)): next.phase = .holding(held, side, stop: order)
            case (.exit, .holding(let held, let side, _)): next.phase = .leaving(order, held: held, side)
            case (.stop, _), (.exit, _): break
            }
        }
        state = next
    }

    /// Places an order, and asks again under the same intent for as long as its outcome is unknown; nil where there is none.
    private func placed(_ request: OrderRequest) async throws -> Order? {
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
