internal import SeawallBroker
internal import SeawallDegradation

/// Orders at a venue whose amends replace them: every snapshot is one of a leg.
extension OrderLedgerCore {
    /// Learns from a snapshot of a leg of the order with this client id; nil where it proves nothing.
    mutating func read(
        _ snapshot: Order, isAnswer: Bool, confirming ticket: AmendTicket? = nil, of clientID: ClientOrderID
    ) -> LegNews? {
        changeLegs(of: clientID) { core in
            let reading = core.withLegs(of: clientID) { $0.read(snapshot, isAnswer: isAnswer, confirming: ticket) }
            switch reading {
            case nil, .older:
                return nil
            case .current(let told):
                return LegNews(told: told, changes: core.apply(.seen(told), to: clientID))
            case .next(let told, let made, let isSure):
                return LegNews(
                    told: told, reopens: !told.status.isTerminal, made: made, isSure: isSure,
                    changes: core.apply(.replaced(told), to: clientID))
            case .beside(let told):
                return core.besideNews(told, clientID)
            }
        }
    }

    /// A leg beside the newest one is proven to be gone; nil where none was in doubt.
    mutating func forget(_ leg: VenueOrderID, of clientID: ClientOrderID) -> LegNews? {
        changeLegs(of: clientID) { core in
            let isKnown = core.entry(clientID)?.legs.doubtful.contains { $0.venueID == leg }
            guard isKnown == true else { return nil }
            core.withLegs(of: clientID) { $0.forget(leg) }
            return core.besideNews(core.withLegs(of: clientID) { $0.latest() } ?? nil, clientID)
        }
    }

    /// Takes in an amend that is about to be sent, and says how it is to be sent.
    mutating func openAmend(
        _ request: AmendRequest, as ticket: AmendTicket, of clientID: ClientOrderID
    ) -> OrderLegs.Opening {
        withLegs(of: clientID) { $0.open(request, as: ticket) } ?? .unnamed
    }

    /// Takes in an amend of `leg` that may have been sent by an earlier run, and may have made another leg by then.
    mutating func inheritAmend(
        _ request: AmendRequest, as ticket: AmendTicket, leg: JournalledLeg?, of clientID: ClientOrderID
    ) -> LegNews? {
        if let leg { name(leg.venueID, as: clientID) }
        return changeLegs(of: clientID) { core in
            let isMade = core.withLegs(of: clientID) { $0.inherit(ticket, wanted: request.quantity, leg: leg) }
            return LegNews(made: isMade == true ? [ticket] : [])
        }
    }

    /// Ends an amend; `isProven` where no leg of it can be at the venue that is not known, `isAnswered` where the venue's
    /// own answer to it says that it was done.
    ///
    /// Then the end of the last leg, if one was seen, is the end of the order.
    mutating func endAmend(
        _ ticket: AmendTicket, of clientID: ClientOrderID, isProven: Bool, isAnswered: Bool = false
    ) -> LegNews? {
        changeLegs(of: clientID) { core in
            guard core.entry(clientID)?.legs.open.contains(ticket) == true else { return nil }
            if isAnswered { core.withLegs(of: clientID) { $0.confirm(ticket) } }
            let wasInFlight = core.withLegs(of: clientID) { $0.settle(ticket) } == true
            var news = wasInFlight ? LegNews(changes: core.apply(.amendEnded, to: clientID)) : LegNews()
            if isProven, let end = core.withLegs(of: clientID, { $0.releaseEnd() }) ?? nil {
                news.told = end
                news.changes += core.apply(.seen(end), to: clientID)
            }
            return news
        }
    }

    private mutating func besideNews(_ told: Order?, _ clientID: ClientOrderID) -> LegNews {
        LegNews(told: told, changes: apply(told.map { .seen($0) } ?? .amendEnded, to: clientID))
    }

    /// Notes beside the news what they made of the amends and of the legs in doubt.
    private mutating func changeLegs(
        of clientID: ClientOrderID, _ body: (inout OrderLedgerCore) -> LegNews?
    ) -> LegNews? {
        let before = entry(clientID)?.legs.open ?? []
        guard var news = body(&self) else { return nil }
        // Of an order that was forgotten with this nothing is left to count.
        let legs = entry(clientID)?.legs ?? OrderLegs()
        news.told?.clientID = clientID
        news.ended = before.union(news.made).subtracting(legs.open).sorted()
        news.beside = legs.beside
        news.hasDoubt = !legs.doubtful.isEmpty
        return news
    }
}
