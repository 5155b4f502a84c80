internal import SeawallTime

extension CircuitBreaker {
    /// Makes a call through the breaker.
    ///
    /// A call that is cancelled (it throws `CancellationError`, or anything once its task is cancelled) changes nothing and
    /// gives its permit back, whatever `classify` would say. One within an attempt of a retry whose timeout ends is a
    /// failure at that instant, whether it is then cancelled or left behind, and whatever comes of it.
    ///
    /// - Parameters:
    ///   - classify: what an error says about the other side; `CallResult(of:)` unless told, by which every error is a
    ///     failure but that of a call that was never made.
    ///   - judge: what a value says about the other side; every value is a success unless told.
    ///   - onTransition: hears of each transition that this call caused or discovered, in order, outside the lock; not of
    ///     one that a timeout caused, of which listeners hear.
    ///   - operation: the call.
    /// - Returns: what the call returned.
    /// - Throws: `Rejection` where the call was not made; the call's own error otherwise.
    @inlinable
    public nonisolated(nonsending) func run<Value>(
        classify: (any Error) -> CallResult = { CallResult(of: $0) },
        judge: (Value) -> CallResult = { _ in .success },
        onTransition: (Transition) -> Void = { _ in },
        operation: () async throws -> Value
    ) async throws -> Value {
        let ticket = try ticket(onTransition: onTransition)
        let bound = BoundCall.begin(self, ticket)
        do {
            let value = try await operation()
            settle(ticket, bound, judge(value), onTransition)
            return value
        } catch {
            settle(ticket, bound, Self.isCancellation(error) ? .ignored : classify(error), onTransition)
            throw error
        }
    }

    /// Makes a call through the breaker, with errors of known types: nothing is allocated even where it is refused.
    ///
    /// Otherwise like `run(classify:judge:onTransition:operation:)`; the operation names its error:
    /// `{ () async throws(VenueError) in … }`.
    ///
    /// - Throws: `CallError.rejected` where the call was not made; `CallError.failed` with the call's own error otherwise.
    @inlinable
    public nonisolated(nonsending) func run<Value, Failure: Error>(
        throwing _: Failure.Type,
        classify: (Failure) -> CallResult = { CallResult(of: $0) },
        judge: (Value) -> CallResult = { _ in .success },
        onTransition: (Transition) -> Void = { _ in },
        operation: () async throws(Failure) -> Value
    ) async throws(CallError<Failure>) -> Value {
        let admitted: Ticket
        do { admitted = try ticket(onTransition: onTransition) } catch { throw .rejected(error) }
        let bound = BoundCall.begin(self, admitted)
        do {
            let value = try await operation()
            settle(admitted, bound, judge(value), onTransition)
            return value
        } catch {
            settle(admitted, bound, Self.isCancellation(error) ? .ignored : classify(error), onTransition)
            throw .failed(error)
        }
    }

    /// Why a call with a typed error did not return.
    public enum CallError<Failure: Error>: Error {
        /// The breaker has refused it.
        case rejected(Rejection)

        /// It failed by itself.
        case failed(Failure)
    }

    @inlinable
    func settle(
        _ ticket: Ticket, _ bound: BoundCall?, _ result: CallResult, _ onTransition: (Transition) -> Void
    ) {
        if let bound, !bound.end() { return }
        for transition in record(result, for: ticket) { onTransition(transition) }
    }

    @usableFromInline
    static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || Task.isCancelled
    }
}

extension CircuitBreaker.CallError: RefusalSummary {
    /// True where the breaker has refused the call, or another within it has.
    var isRefusal: Bool {
        switch self {
        case .rejected: true
        case .failed(let error): error.saysNothingWasDone
        }
    }
}
