internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// Changes a working order by a cancel and a new order in one step, of which the first alone may be done.
    ///
    /// The new order has the client id of the old one, a venue id of its own, and what the wanted quantity leaves over what
    /// the old one has filled. What is wrong with the request itself is refused before anything is done.
    ///
    /// With `keepsOld` the new order alone is done, where that can be done: the old one works on beside it.
    mutating func replace(
        _ id: Int, by wanted: ExchangeOrder, keepsOld: Bool, name: String?
    ) throws(Refusal) -> Order {
        let old = orders[id - 1]
        let new = ExchangeOrder(
            id: orders.count + 1, market: old.market, clientID: old.clientID, side: old.side, kind: old.kind,
            timeInForce: old.timeInForce, isPostOnly: old.isPostOnly, isReduceOnly: old.isReduceOnly, group: old.group,
            replaces: old.clientID, isForeign: old.isForeign, chargedAt: requestArrivedAt, visibleAt: drawVisibility(),
            quantity: wanted.remaining, limit: wanted.limit, trigger: wanted.trigger, isTriggered: wanted.isTriggered,
            updatedAt: clock, changedAt: clock)
        try checkValue(new)
        if !keepsOld { finish(id, .cancelled, request: name) }
        do throws(Refusal) {
            try checkMode(new)
            try checkPrice(new)
            if new.isReduceOnly, markets[new.market].closable(new.side) == 0 { throw .reduceOnly }
            try checkMargin(new)
        } catch {
            if keepsOld { throw error }
            throw .halfReplaced
        }
        return accept(new, as: .replaced, request: name)
    }
}
