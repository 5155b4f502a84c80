internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

/// What metrics, spans and logs hear of orders that the bot places.
extension GuardedBroker {
    /// Places an order by `place`, whose second word is false for an intent that is known, and reports what came of it.
    func submit(
        _ order: OrderRequest, as clientID: ClientOrderID, _ place: () async throws -> (order: Order, isNew: Bool)
    ) async throws -> Order {
        guard courier.metrics.isTraced else { return try await counted(order, clientID, .off, place) }
        let correlation = Correlation(symbol: order.symbol.rawValue, orderID: clientID.rawValue)
        return try await Correlation.with(correlation) {
            try await courier.metrics.tracer.span("order_submit", order.spanAttributes) { span in
                try await counted(order, clientID, span, place)
            }
        }
    }

    private func counted(
        _ order: OrderRequest, _ clientID: ClientOrderID, _ span: Span,
        _ place: () async throws -> (order: Order, isNew: Bool)
    ) async throws -> Order {
        do {
            let placed = try await place()
            report(order, clientID, placed.isNew ? .success : .known, span)
            return placed.order
        } catch {
            report(order, clientID, SubmissionOutcome(error), span)
            courier.metrics.blocked(error)
            throw error
        }
    }

    private func report(
        _ order: OrderRequest, _ clientID: ClientOrderID, _ outcome: SubmissionOutcome, _ span: Span
    ) {
        courier.metrics.orders.submitted(order.side, outcome)
        courier.metrics.log.submitted(order, clientID, outcome)
        span.set("result", .text(outcome.result.rawValue))
        span.set("reason", .text(outcome.reason))
    }
}

extension OrderRequest {
    /// What a span says of the order.
    fileprivate var spanAttributes: [String: TraceValue] {
        [
            "symbol": .text(symbol.rawValue), "side": .text(side.rawValue), "order_type": .text(type.name),
            "quantity": .text("\(quantity.amount)"), "reduce_only": .flag(isReduceOnly),
        ]
    }
}
