extension CircuitBreaker {
    /// Makes a call through the breaker.
    ///
    /// A call that is cancelled (it throws `CancellationError`, or anything once its task is cancelled) changes nothing and
    /// gives its permit back, whatever `classify` would say.
    ///
    /// - Parameters:
    ///   - classify: what an error says about the other side; every error is a failure unless told.
    ///   - onTransition: hears of each transition that this call caused or discovered, in order, outside the lock.
    ///   - operation: the call; a return is a success.
    /// - Returns: what the call returned.
    /// - Throws: `Rejection` where the call was not made; the call's own error otherwise.
    public func run<Value>(
        classify: (any Error) -> CallResult = { _ in .failure },
        onTransition: (Transition) -> Void = { _ in },
        operation: () async throws -> Value
    ) async throws -> Value {
        let decision = admit()
        decision.transitions.forEach(onTransition)
        let ticket: Ticket
        switch decision.admission {
        case .admitted(let admitted): ticket = admitted
        case .rejected(let rejection): throw rejection
        }
        do {
            let value = try await operation()
            record(.success, for: ticket).forEach(onTransition)
            return value
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            record(isCancelled ? .ignored : classify(error), for: ticket).forEach(onTransition)
            throw error
        }
    }
}
