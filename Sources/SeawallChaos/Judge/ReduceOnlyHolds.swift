internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// P2: while trading is restricted, nothing that can raise exposure is handed to the venue.
///
/// What may be handed over is worked out from the venue's truth: the position, and everything that still could trade on
/// the same side, whether it rests, is on its way, or may be. Claims of reduce-only are not believed. Decisive: an order
/// or an amend decided below `open`. A process that was told wrong positions twice in a row as it started cannot know
/// better.
struct ReduceOnlyHolds: PromiseCheck {
    private struct Asked: Sendable {
        var origin: Origin
        var isCounted: Bool
    }

    let promise = Promise.reduceOnlyHolds
    private(set) var finding = Finding()

    private var causes = ActiveCauses()
    private var book = JudgedBook()
    private var start = MisledStart()
    private var asked: [String: Asked] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .call(let call) where call.operation == .place || call.operation == .amend: note(call, record)
        case .request(let request) where request.operation == .place: place(request, record)
        case .request(let request) where request.operation == .amend: amend(request, record)
        case .result(let result): asked[result.call] = nil
        case .layer(.permission(let change)): causes.apply(change, at: record.at)
        case .crash:
            causes.die()
            asked = [:]
        default: break
        }
        book.observe(record)
        start.observe(record)
    }

    private mutating func note(_ call: CallRecord, _ record: RunRecord) {
        var origin = Origin(symbol: call.symbol, strategy: call.strategy, account: call.account)
        if call.operation == .amend, let order = book.order(named: call.targets.first) { origin = order.origin }
        let isRestricted = causes.restriction(of: origin, at: record.at) > .open
        if isRestricted { finding.checked += 1 }
        asked[call.id] = Asked(origin: origin, isCounted: isRestricted)
    }

    /// What holds for a request; a decision below `open` that no call announced is counted here.
    private mutating func restriction(of request: RequestRecord, _ origin: Origin, _ record: RunRecord) -> Restriction {
        let restriction = causes.restriction(of: origin, at: record.at)
        let isCounted = request.call.flatMap { asked[$0]?.isCounted } ?? false
        if restriction > .open, !isCounted { finding.checked += 1 }
        return restriction
    }

    private mutating func place(_ request: RequestRecord, _ record: RunRecord) {
        let origin = request.call.flatMap { asked[$0]?.origin } ?? Origin(symbol: request.symbol)
        let restriction = restriction(of: request, origin, record)
        book.origins[request.id] = origin
        guard restriction > .open else { return }
        if restriction > .reduceOnly {
            finding.accuse(record, "order \(request.id) was handed over under \(restriction)")
            return
        }
        guard let symbol = request.symbol, let side = request.side, let quantity = request.quantity else {
            finding.accuse(record, "order \(request.id) under \(restriction) says not what it trades")
            return
        }
        let room = book.room(symbol, side, joining: request.group, at: record.at)
        if !start.isMisled, request.isInQuote || quantity > room {
            let amount = request.isInQuote ? "an amount in quote of" : "\(quantity)"
            finding.accuse(
                record, "\(side.rawValue) \(amount) \(symbol) (\(request.id)) under \(restriction), room for \(room)")
        }
    }

    private mutating func amend(_ request: RequestRecord, _ record: RunRecord) {
        let order = book.order(named: request.targets.first)
        let restriction = restriction(of: request, order?.origin ?? Origin(symbol: request.symbol), record)
        // An order that has ended at the venue trades no more, whatever is asked of it.
        guard restriction > .open, let quantity = request.quantity, let order else { return }
        let wanted = quantity - order.filled
        guard wanted > book.worst(of: order) else { return }
        let room = book.room(order.symbol, order.side, joining: order.group, at: record.at, except: order.request)
        if restriction > .reduceOnly || (wanted > room && !start.isMisled) {
            finding.accuse(record, "amend \(request.id) to \(quantity) under \(restriction), room for \(room)")
        }
    }
}
