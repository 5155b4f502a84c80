internal import SeawallBroker

/// Which orders a venue counts that it will count no more once they begin to fill.
///
/// Two things have to be known, in any order: that the call which placed the order has ended, and that the order has
/// begun to fill. Then what that call used of such limits is free.
struct FillReleaseCore<Grant: Sendable>: Sendable {
    private enum State: Sendable {
        /// The call has not ended; the order may have begun to fill all the same.
        case underWay(Grant, hasFilled: Bool)
        /// The call has ended, and counts at the venue.
        case counting(Grant)
    }

    private var orders: [ClientOrderID: State] = [:]

    /// How many are remembered: one for each order that has not begun to fill, and has not ended.
    var count: Int { orders.count }

    /// The call that places an order goes out.
    mutating func departs(_ clientID: ClientOrderID, _ grant: Grant) {
        orders[clientID] = .underWay(grant, hasFilled: false)
    }

    /// The call has ended; the grant, where what it used is free by now.
    mutating func ended(_ clientID: ClientOrderID) -> Grant? {
        switch orders[clientID] {
        case .underWay(let grant, hasFilled: true):
            orders[clientID] = nil
            return grant
        case .underWay(let grant, hasFilled: false):
            orders[clientID] = .counting(grant)
            return nil
        case .counting, nil:
            return nil
        }
    }

    /// The order has begun to fill; the grant, where what it used is free by now.
    mutating func filled(_ clientID: ClientOrderID) -> Grant? {
        switch orders[clientID] {
        case .underWay(let grant, _):
            orders[clientID] = .underWay(grant, hasFilled: true)
            return nil
        case .counting(let grant):
            orders[clientID] = nil
            return grant
        case nil:
            return nil
        }
    }

    /// The order will not begin to fill, or nobody can say which order a fill is of.
    mutating func forget(_ clientID: ClientOrderID) { orders[clientID] = nil }
}
