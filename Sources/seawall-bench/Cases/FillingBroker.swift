import Seawall
import SeawallChaos

/// A broker that fills every order at once and keeps none, so that a thousandth order costs what the first did.
struct FillingBroker: InterceptingBroker {
    let base: any Broker = DeterministicBroker()

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await proceed()
    }

    func place(_ order: OrderRequest) async throws -> Order {
        Order(
            venueID: VenueOrderID(order.clientID?.rawValue ?? "V"), clientID: order.clientID, intent: order.intent,
            symbol: order.symbol, side: order.side, quantity: order.quantity.amount,
            filled: order.quantity.amount, type: order.type, status: .filled)
    }
}
