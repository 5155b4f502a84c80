internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What a layer reads of the account before it may trade.
extension ReliabilityLayer {
    /// How often a start reads the account at most until enough looks agree.
    private static let startRounds = 12

    /// How many looks in a row have to agree at the most.
    private static let looksAtMost = 4

    /// Reads positions and what may still change them until two looks in a row agree and nothing filled during either.
    ///
    /// One answer may be old, or empty by mistake, and would be taken for an account without a position; a fill of
    /// meanwhile may be in the positions already, and would count twice. Each look that contradicts the one before it
    /// asks for one more that agrees: a venue that contradicts itself is believed less.
    func readAccount(_ origin: RequestContext.Origin) async throws {
        var fills: Set<Fill> = []
        _ = await follower.skipFills(knowing: &fills)
        var before: [Position]?
        var agreeing = 0
        var needed = 2
        for round in 1...Self.startRounds {
            if round > needed { try await environment.time.sleep(for: broker.resolver.delay(afterTry: round - needed)) }
            let positions = try await look(origin)
            guard await follower.skipFills(knowing: &fills) else {
                before = nil
                continue
            }
            if let before, before != positions { needed = min(needed + 1, Self.looksAtMost) }
            agreeing = before == positions ? agreeing + 1 : 1
            if agreeing >= needed { return try gate.setPositions(positions) }
            before = positions
        }
        throw GuardError(
            code: .failed,
            message: "the account was read \(Self.startRounds) times, and too few readings in a row agree without a "
                + "fill between them; start again")
    }

    /// The positions other than zero, by symbol.
    ///
    /// Open orders are adopted from every look: one that only one list shows may be there.
    private func look(_ origin: RequestContext.Origin) async throws -> [Position] {
        var names: Set<OrderTarget> = []
        var next: PageCursor?
        repeat {
            let from = next
            let page = try await broker.read(BrokerCall(.openOrders), origin: origin) {
                try await $0.openOrders(for: nil, page: from)
            }
            for order in page.orders {
                try gate.adopt(order)
                try gate.apply(order)
                broker.evidence.seen(order)
                names.formUnion(order.names)
            }
            next = page.next == from ? nil : page.next
        } while next != nil
        try await ask(for: ledger.live.filter { !names.contains(.client($0.clientID)) }, origin)
        for entry in ledger.live { try await askLegs(of: entry, origin) }
        let positions = try await broker.read(BrokerCall(.positions), origin: origin) { try await $0.positions() }
        return positions.filter { $0.quantity != 0 }
            .map { Position(symbol: $0.symbol, quantity: $0.quantity) }
            .sorted { ($0.symbol, $0.quantity) < ($1.symbol, $1.quantity) }
    }

    /// Asks for orders of an earlier run that the venue does not show as open: what they have filled is in the positions
    /// that are read next, and must not count again.
    private func ask(for entries: [LedgerEntry], _ origin: RequestContext.Origin) async throws {
        for entry in entries {
            let target = OrderTarget.client(entry.clientID)
            guard broker.capabilities.contains(.queryByClientID) else {
                try await search(for: entry, origin)
                continue
            }
            let call = BrokerCall(.query, symbol: entry.order.symbol, targets: [target])
            do {
                let order = try await broker.read(call, origin: origin) {
                    try await $0.order(target, symbol: entry.order.symbol)
                }
                broker.evidence.seen(order, answering: target)
            } catch {
                // One that is not there is asked for again later, until that proves something.
                let time = environment.time
                let outcome = broker.courier.classifier.classify(
                    .query, error: error, now: time.now, civilNow: time.civilNow)
                guard outcome == .noSuchOrder else { throw error }
            }
        }
    }

    /// Asks for the legs of an order of an earlier run that may work on beside its newest one.
    private func askLegs(of entry: LedgerEntry, _ origin: RequestContext.Origin) async throws {
        for leg in entry.legs.doubtful {
            let target = OrderTarget.venue(leg.venueID)
            var tries = 0
            while case .noAnswer = await broker.resolver.query(target, symbol: entry.order.symbol, origin: origin) {
                tries += 1
                guard tries < Self.startRounds else {
                    throw GuardError(
                        code: .failed, message: "the venue does not say what became of order \(target); start again",
                        order: entry.order)
                }
                try await environment.time.sleep(for: broker.resolver.delay(afterTry: tries))
            }
        }
    }

    /// Looks for an order in the venue's lists, which cannot be asked for it; one that no list shows is looked for later.
    private func search(for entry: LedgerEntry, _ origin: RequestContext.Origin) async throws {
        let resolver = broker.resolver
        for tries in 1...Self.startRounds {
            switch await resolver.ask(.client(entry.clientID), symbol: entry.order.symbol, origin: origin) {
            case .found, .absent: return
            case .noAnswer: try await environment.time.sleep(for: resolver.delay(afterTry: tries))
            }
        }
        throw GuardError(
            code: .failed, message: "the venue's lists could not be read to the end; start again", order: entry.order)
    }
}
