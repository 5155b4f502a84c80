internal import Seawall

/// Which lists of orders were read whole, and what that says of orders that are not in them.
///
/// A list is whole where each page was asked for by the cursor of the one before, from the first to one behind which
/// there is none. An order that moves on meanwhile is met further on, so working orders are read before ended ones.
struct CompleteLists: Sendable {
    /// What was handed over long before `askedAt`, and was not taken, never was.
    struct Absence: Sendable {
        /// Of one symbol; nil for all.
        var symbol: Symbol?
        /// When the first page of the first list was asked for.
        var askedAt: MonotonicInstant
    }

    private struct Place: Hashable, Sendable {
        var operation: BrokerOperation
        var symbol: Symbol?
        var page: PageCursor?
    }

    /// A reading of a list, so far.
    private struct Reading: Sendable {
        var place: Place
        var begunAt: MonotonicInstant
    }

    /// A list of working orders that was read whole.
    private struct Whole: Sendable {
        var begunAt: MonotonicInstant
        var doneAt: MonotonicInstant
    }

    /// How many whole lists of a symbol are remembered, for those that are read side by side.
    private static let memory = 16

    private var hasTwo = false
    private var underWay: [String: Reading] = [:]
    /// By the page that is to be asked for next, when the reading began.
    private var begun: [Place: MonotonicInstant] = [:]
    private var working: [Symbol?: [Whole]] = [:]

    /// Takes the next record; returns what it proves.
    mutating func observe(_ record: RunRecord) -> [Absence] {
        switch record.body {
        case .run(let header): hasTwo = header.conclusiveLists.count > 1
        case .request(let request) where request.operation == .openOrders || request.operation == .history:
            let place = Place(operation: request.operation, symbol: request.symbol, page: request.page)
            if let begunAt = request.page == nil ? record.at : begun[place] {
                underWay[request.id] = Reading(place: place, begunAt: begunAt)
            }
        case .reply(let reply):
            guard let reading = underWay.removeValue(forKey: reply.id), reply.outcome == "succeeded" else { break }
            guard let next = reply.next else { return finish(reading, record.at) }
            var place = reading.place
            place.page = next
            begun[place] = reading.begunAt
        case .crash:
            underWay = [:]
            begun = [:]
            working = [:]
        default: break
        }
        return []
    }

    private mutating func finish(_ reading: Reading, _ now: MonotonicInstant) -> [Absence] {
        let symbol = reading.place.symbol
        guard reading.place.operation == .history else {
            guard hasTwo else { return [Absence(symbol: symbol, askedAt: reading.begunAt)] }
            working[symbol, default: []].append(Whole(begunAt: reading.begunAt, doneAt: now))
            if working[symbol]?.count ?? 0 > Self.memory { working[symbol]?.removeFirst() }
            return []
        }
        return working.compactMap { other, lists in
            guard other == nil || symbol == nil || other == symbol,
                let list = lists.last(where: { $0.doneAt <= reading.begunAt })
            else { return nil }
            return Absence(symbol: symbol ?? other, askedAt: list.begunAt)
        }
    }
}
