internal import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Hides an order from the moment of the call on: that of the client id, the one placed, or the last that was.
    func hide<Answer: Sendable>(
        _ client: ClientOrderID?, for duration: Duration, onStreams: Bool, _ request: FaultedCall,
        _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let end = environment.time.now.advanced(by: duration)
        let placed = request.call.operation == .place ? request.call.order : nil
        let name = client ?? placed?.clientID
        if name != nil || placed == nil {
            state.withLock { $0.hidden.hide(name, until: end, onStreams: onStreams) }
            return try await proceed()
        }
        // Without a name of our own the order has none before the venue answers.
        let answer = try await proceed()
        state.withLock { $0.hidden.hide(nil, until: end, onStreams: onStreams) }
        return answer
    }

    /// The answer without hidden orders.
    ///
    /// - Throws: The venue's "no such order" where the order asked for is hidden.
    func shown<Answer: Sendable>(_ answer: Answer, to request: FaultedCall) throws -> Answer {
        let now = environment.time.now
        if request.call.operation == .query, let order = answer as? Order {
            let isHidden = state.withLock {
                $0.hidden.hides(client: order.clientID, venue: order.venueID, at: now)
            }
            if isHidden { throw words.noSuchOrder(now: environment.time.civilNow) }
        } else if var page = answer as? OrderPage {
            page.orders = state.withLock { [page] state in
                page.orders.filter { !state.hidden.hides(client: $0.clientID, venue: $0.venueID, at: now) }
            }
            return page as? Answer ?? answer
        }
        return answer
    }
}
