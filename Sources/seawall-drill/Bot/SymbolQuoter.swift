import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps a quote far from the market, and renews it at every beat: the next one goes out while the last is taken back.
///
/// The beats of all symbols fall on the same instants, so that new orders and cancels meet in the guard. Now and then it
/// lets a quote stand for a second beat and takes back two together, or clears all that its symbol has at the venue.
struct SymbolQuoter: Sendable {
    /// The time between two beats.
    static let beat: Duration = .seconds(20)

    /// Everything that the quoter must not forget.
    struct State: Sendable {
        var count = 0
        var price: Decimal?
        /// What may work at the venue.
        var quotes: [Order] = []
        /// A quote that was decided on, and of which it is not known yet what the venue made of it.
        var wish: OrderRequest?
    }

    /// What a beat does with what was quoted before.
    private enum Beat {
        /// Takes it back.
        case renewing
        /// Lets it stand until the next beat.
        case leaving
        /// Takes everything back that the symbol has at the venue, whoever placed it.
        case clearing

        init(_ count: Int) {
            self =
                switch count % 12 {
                case 3, 6, 9: .leaving
                case 11: .clearing
                default: .renewing
                }
        }
    }

    private let broker: any Broker
    private let time: any TimeSource
    private let rules: InstrumentRules
    private let memory: DrillMemory

    init(broker: any Broker, time: any TimeSource, rules: InstrumentRules, memory: DrillMemory) {
        self.broker = broker
        self.time = time
        self.rules = rules
        self.memory = memory
    }

    private var symbol: Symbol { rules.symbol }

    /// Quotes until the task is cancelled.
    func run() async {
        var state = memory.quoter(of: symbol) ?? State()
        // Left over from a life before: it may be at the venue, or may not.
        if let wish = state.wish { await ask(for: wish, &state) }
        while !Task.isCancelled {
            do { try await time.sleep(until: nextBeat) } catch { return }
            state.count += 1
            // A quote is so far away that an old price will do: a beat must not wait for a read.
            if let price = state.price {
                let next = quote(state.count, price)
                state.wish = next
                memory.keep(state, of: symbol)
                let quotes = await renewed(state.quotes, next, Beat(state.count))
                if Task.isCancelled { return }
                state.quotes = quotes
                state.wish = nil
            }
            memory.keep(state, of: symbol)
            state.price = (try? await broker.ticker(for: symbol).last) ?? state.price
        }
    }

    private func ask(for wish: OrderRequest, _ state: inout State) async {
        let order = await placed(wish)
        if Task.isCancelled { return }
        if let order { state.quotes.append(order) }
        state.wish = nil
        memory.keep(state, of: symbol)
    }

    private var nextBeat: MonotonicInstant {
        let beat = SymbolQuoter.beat.wholeNanoseconds
        return MonotonicInstant(nanoseconds: (time.now.nanoseconds / beat + 1).multipliedSaturating(by: beat))
    }

    /// What is quoted after a beat: the new quote, and what would not go.
    private func renewed(_ quotes: [Order], _ next: OrderRequest, _ beat: Beat) async -> [Order] {
        // Two tasks, so that either may come first.
        async let fresh = placed(next)
        async let left = beat == .leaving ? quotes : allTakenBack(quotes, beat)
        let order = await fresh
        return await left + (order.map { [$0] } ?? [])
    }

    /// Takes quotes back; gives those that would not go.
    private func allTakenBack(_ quotes: [Order], _ beat: Beat) async -> [Order] {
        let ends = await takenBackTogether(quotes, beat)
        var left: [Order] = []
        for quote in quotes {
            var order = ends[target(quote)] ?? quote
            if !order.status.isTerminal { order = await takenBack(quote) }
            if !order.status.isTerminal {
                left.append(order)
            } else if order.filled > 0 {
                await close(order)
            }
        }
        return left
    }

    /// The orders that one call for several has answered for.
    private func takenBackTogether(_ quotes: [Order], _ beat: Beat) async -> [OrderTarget: Order] {
        let results: [CancelResult]?
        if beat == .clearing {
            results = try? await broker.cancelAll(for: symbol)
        } else if quotes.count > 1 {
            results = try? await broker.cancel(quotes.map(target), symbol: symbol)
        } else {
            return [:]
        }
        return (results ?? []).reduce(into: [:]) { ends, result in
            if case .success(let order) = result.result { ends[target(order)] = order }
        }
    }

    /// Buys and sells in turn, a twentieth away from the market.
    private func quote(_ count: Int, _ price: Decimal) -> OrderRequest {
        let side: Side = count.isMultiple(of: 2) ? .buy : .sell
        let away = side == .buy ? price * 95 / 100 : price * 105 / 100
        return OrderRequest(
            intent: IntentID("\(symbol)-quote-\(count)"), symbol: symbol, side: side, quantity: .base(rules.lot * 5),
            type: .limit(price: rules.price(below: away)), isPostOnly: true, strategy: "quotes")
    }

    private func takenBack(_ order: Order) async -> Order {
        if let ended = try? await broker.cancel(target(order), symbol: symbol) { return ended }
        // It may have traded or ended; where that cannot be read either, the next beat tries again.
        return (try? await broker.order(target(order), symbol: symbol)) ?? order
    }

    private func target(_ order: Order) -> OrderTarget {
        order.clientID.map { .client($0) } ?? .venue(order.venueID ?? "")
    }

    /// Brings back to the market what a quote has traded.
    private func close(_ quote: Order) async {
        let exit = OrderRequest(
            intent: quote.clientID.map { IntentID("\($0)-close") }, symbol: symbol, side: quote.side.opposite,
            quantity: .base(quote.filled), type: .market,
            isReduceOnly: broker.capabilities.contains(.reduceOnly), strategy: "quotes")
        _ = await placed(exit)
    }

    /// Places an order, and asks again under the same intent for as long as its outcome is unknown.
    private func placed(_ request: OrderRequest) async -> Order? {
        while !Task.isCancelled {
            do {
                let order = try await broker.place(request)
                switch order.status {
                case .sent, .unknown, .prepared: break
                case .rejected: return nil
                case .acknowledged, .working, .filled, .cancelled, .expired: return order
                }
            } catch let error as GuardError where error.code == .outcomeUnknown {
                // The same intent is asked for again below.
            } catch { return nil }
            do { try await time.sleep(for: .seconds(3)) } catch { return nil }
        }
        return nil
    }
}

extension InstrumentRules {
    /// The nearest price at or below that is a whole number of ticks, one at least.
    func price(below price: Decimal) -> Decimal {
        let whole = (price / tick).plainText.prefix { $0 != "." }
        let ticks = Decimal(strict: String(whole)) ?? 1
        return max(tick, ticks * tick)
    }
}
