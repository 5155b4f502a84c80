internal import SeawallBroker
internal import SeawallDegradation

/// Orders at a venue whose amends replace them: every snapshot is one of a leg.
extension OrderLedgerCore {
    /// Learns from a snapshot of a leg of the order with this client id; nil where it proves nothing.
    mutating func read(_ snapshot: Order, isAnswer: Bool, of clientID: ClientOrderID) -> LegNews? {
        guard let reading = withLegs(of: clientID, { $0.read(snapshot, isAnswer: isAnswer) }) else { return nil }
        switch reading {
        case .older:
            return nil
        case .current(let told):
            return LegNews(told: named(told, clientID), changes: apply(.seen(told), to: clientID))
        case .next(let told, let made, let isSure):
            return LegNews(
                told: named(told, clientID), reopens: !told.status.isTerminal, made: made, isSure: isSure,
                changes: apply(.replaced(told), to: clientID))
        }
    }

    /// Takes in an amend that is about to be sent, and says how it is to be sent.
    mutating func openAmend(
        _ request: AmendRequest, as ticket: AmendTicket, of clientID: ClientOrderID
    ) -> OrderLegs.Opening {
        withLegs(of: clientID) { $0.open(request, as: ticket) } ?? .unnamed
    }

    /// Takes in an amend that may have been sent by an earlier run.
    mutating func inheritAmend(_ request: AmendRequest, as ticket: AmendTicket) {
        guard let clientID = entry(request.target)?.clientID else { return }
        withLegs(of: clientID) { $0.inherit(ticket, wanted: request.quantity) }
    }

    /// Ends an amend; `isProven` where no leg of it can be at the venue that is not known.
    ///
    /// Then the cancel of the last leg, if one was seen, is the end of the order.
    mutating func endAmend(_ ticket: AmendTicket, of clientID: ClientOrderID, isProven: Bool) -> LegNews? {
        guard withLegs(of: clientID, { $0.settle(ticket) }) == true else { return nil }
        var news = LegNews(changes: apply(.amendEnded, to: clientID))
        if isProven, let end = withLegs(of: clientID, { $0.releaseEnd() }) ?? nil {
            news.told = named(end, clientID)
            news.changes += apply(.seen(end), to: clientID)
        }
        return news
    }

    private func named(_ told: Order, _ clientID: ClientOrderID) -> Order {
        var named = told
        named.clientID = clientID
        return named
    }
}
