internal import SeawallBroker
internal import SeawallTime

extension JSONWriter {
    mutating func add(_ request: OrderRequest) {
        add("symbol", request.symbol)
        add("side", request.side.rawValue)
        switch request.quantity {
        case .base(let amount): add("quantity", amount)
        case .quote(let amount): add("quote_quantity", amount)
        }
        add(request.type)
        switch request.timeInForce {
        case .goodTillCancelled: break
        case .goodTillDate(let date):
            add("time_in_force", "good_till_date")
            add("good_till", date.nanosecondsSinceEpoch)
        case .immediateOrCancel: add("time_in_force", "immediate_or_cancel")
        case .fillOrKill: add("time_in_force", "fill_or_kill")
        }
        add("post_only", ifTrue: request.isPostOnly)
        add("reduce_only", ifTrue: request.isReduceOnly)
        add("group", request.group)
        add("replaces", request.replaces)
        add("strategy", request.strategy)
        add("account", request.account)
        if let within = request.sendWithin?.components {
            add("send_within_s", within.seconds)
            add("send_within_as", within.attoseconds)
        }
    }

    mutating func add(_ order: Order) {
        add("status", order.status.rawValue)
        add("order_id", order.venueID)
        add("order_client_id", order.clientID)
        add("intent", order.intent)
        add("symbol", order.symbol)
        add("side", order.side.rawValue)
        add("quantity", order.quantity)
        add("filled", order.filled)
        add(order.type)
        add("average_price", order.averagePrice)
        add("reduce_only", ifTrue: order.isReduceOnly)
        add("group", order.group)
        add("updated_at", order.updatedAt?.nanosecondsSinceEpoch)
    }

    /// Without its preview: one is never sent again.
    mutating func add(_ amend: AmendRequest) {
        switch amend.target {
        case .venue(let id): add("order_id", id)
        case .client(let id): add("client_id", id)
        }
        add("symbol", amend.symbol)
        add("quantity", amend.quantity)
        add("price", amend.price)
        add("trigger", amend.trigger)
    }

    mutating func add(_ leg: JournalledLeg) {
        add("leg_id", leg.venueID)
        add("leg_quantity", leg.quantity)
        add("leg_filled", leg.filled)
        add("leg_names_known", ifTrue: leg.former != nil)
        add("leg_former", (leg.former ?? []).map(\.rawValue))
    }

    private mutating func add(_ type: OrderType) {
        add("type", type.name)
        add("price", type.price)
        add("trigger", type.trigger)
    }
}

extension JournalFields {
    func request() throws(Unreadable) -> OrderRequest {
        var request = OrderRequest(
            intent: try optionalIdentifier("intent"), symbol: try identifier("symbol"), side: try word("side"),
            quantity: try quantity(), type: try type(), timeInForce: try timeInForce(),
            isPostOnly: try flag("post_only"), isReduceOnly: try flag("reduce_only"),
            group: try optionalIdentifier("group"), replaces: try optionalIdentifier("replaces"),
            strategy: try optionalIdentifier("strategy"), account: try optionalIdentifier("account"),
            clientID: try optionalIdentifier("client_id"))
        if let seconds = try optionalNumber("send_within_s") {
            request.sendWithin = Duration(
                secondsComponent: seconds, attosecondsComponent: try number("send_within_as"))
        }
        return request
    }

    func order() throws(Unreadable) -> Order {
        Order(
            venueID: try optionalIdentifier("order_id"), clientID: try optionalIdentifier("order_client_id"),
            intent: try optionalIdentifier("intent"), symbol: try identifier("symbol"), side: try word("side"),
            quantity: try decimal("quantity"), filled: try decimal("filled"), type: try type(),
            status: try word("status"), averagePrice: try optionalDecimal("average_price"),
            isReduceOnly: try flag("reduce_only"), group: try optionalIdentifier("group"),
            updatedAt: try optionalNumber("updated_at").map { CivilInstant(nanosecondsSinceEpoch: $0) })
    }

    func amend() throws(Unreadable) -> AmendRequest {
        let target: OrderTarget =
            if let id = try optionalIdentifier("order_id", as: VenueOrderID.self) {
                .venue(id)
            } else {
                .client(try identifier("client_id"))
            }
        return AmendRequest(
            target: target, symbol: try identifier("symbol"), quantity: try optionalDecimal("quantity"),
            price: try optionalDecimal("price"), trigger: try optionalDecimal("trigger"))
    }

    func leg() throws(Unreadable) -> JournalledLeg? {
        guard let venueID = try optionalIdentifier("leg_id", as: VenueOrderID.self) else { return nil }
        return JournalledLeg(
            venueID: venueID, quantity: try decimal("leg_quantity"), filled: try decimal("leg_filled"),
            former: try flag("leg_names_known") ? try texts("leg_former").map { VenueOrderID($0) } : nil)
    }

    private func quantity() throws(Unreadable) -> OrderQuantity {
        if let amount = try optionalDecimal("quote_quantity") { return .quote(amount) }
        return .base(try decimal("quantity"))
    }

    private func type() throws(Unreadable) -> OrderType {
        switch try text("type") {
        case "market": .market
        case "limit": .limit(price: try decimal("price"))
        case "stop": .stop(trigger: try decimal("trigger"))
        case "stop_limit": .stopLimit(trigger: try decimal("trigger"), price: try decimal("price"))
        default: throw Unreadable()
        }
    }

    private func timeInForce() throws(Unreadable) -> TimeInForce {
        switch try optionalText("time_in_force") {
        case nil: .goodTillCancelled
        case "good_till_date": .goodTillDate(CivilInstant(nanosecondsSinceEpoch: try number("good_till")))
        case "immediate_or_cancel": .immediateOrCancel
        case "fill_or_kill": .fillOrKill
        default: throw Unreadable()
        }
    }
}
