internal import SeawallBroker
internal import SeawallTime

/// Which of the venue's ids the answers and streams at an edge have told so far, each written down once.
final class ToldOrders: Sendable {
    private let pen: RunPen
    private let told = Lock(Set<VenueOrderID>())

    init(pen: RunPen) { self.pen = pen }

    /// Notes the ids that the answer to a call tells.
    func note(_ answer: some Sendable, to call: BrokerCall, request: String) {
        switch answer {
        case let order as Order: note(order.venueID, order.clientID ?? call.clientID, request)
        case let page as OrderPage: for order in page.orders { note(order.venueID, order.clientID, request) }
        case let page as FillPage: for fill in page.fills { note(fill.venueID, fill.clientID, request) }
        case let results as [CancelResult]:
            for result in results {
                if case .success(let order) = result.result { note(order.venueID, order.clientID, request) }
            }
        default: break
        }
    }

    /// The same events, with the ids noted that each of them tells.
    func listening(
        to events: AsyncThrowingStream<UserEvent, any Error>
    ) -> AsyncThrowingStream<UserEvent, any Error> {
        let source = Source(events)
        return AsyncThrowingStream { [self] in
            let event = try await source.next()
            switch event {
            case .order(let order, _): note(order.venueID, order.clientID, nil)
            case .fill(let fill, _): note(fill.venueID, fill.clientID, nil)
            case .heartbeat, nil: break
            }
            return event
        }
    }

    private func note(_ venueID: VenueOrderID?, _ clientID: ClientOrderID?, _ request: String?) {
        guard let venueID, let clientID, told.withLock({ $0.insert(venueID).inserted }) else { return }
        pen.append(.told(ToldRecord(request: request, orderID: venueID, clientID: clientID)))
    }

    /// The events of one stream; whoever reads it reads them one after the other.
    private final class Source: @unchecked Sendable {
        private var events: AsyncThrowingStream<UserEvent, any Error>.Iterator

        init(_ events: AsyncThrowingStream<UserEvent, any Error>) { self.events = events.makeAsyncIterator() }

        func next() async throws -> UserEvent? { try await events.next() }
    }
}

extension BrokerCall {
    /// Our own name of the one order that the call is about.
    fileprivate var clientID: ClientOrderID? {
        if let order { return order.clientID }
        guard targets.count == 1, case .client(let id) = targets[0] else { return nil }
        return id
    }
}
