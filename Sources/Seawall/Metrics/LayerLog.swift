internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallMetrics
internal import SeawallTime

/// The log events of a layer, by part: what each is called, how much it matters, and what it says.
///
/// Where nobody takes an event nothing of it is built.
struct LayerLog: Sendable {
    private let log: EventLog

    init(_ log: EventLog) { self.log = log }

    var isOn: Bool { log.isOn }

    func arrived(_ operation: BrokerOperation, _ outcome: String, after duration: Duration) {
        let isWell = outcome == Outcome.succeeded.name
        log.log(
            isWell ? .debug : .info, "request", isWell ? "succeeded" : "failed",
            ["operation": .text(operation.rawValue), "outcome": .text(outcome), "seconds": .seconds(duration)])
    }

    func gaveUp(_ operation: BrokerOperation) {
        log.log(.warning, "request", "given_up", ["operation": .text(operation.rawValue)])
    }

    func unreadable(_ operation: BrokerOperation) {
        log.log(.error, "request", "unreadable", ["operation": .text(operation.rawValue)])
    }

    func waits(_ operation: BrokerOperation, _ event: RetryEvent) {
        log.log(
            .info, "request", event.reason == .budget ? "budget_empty" : "retry",
            [
                "operation": .text(operation.rawValue), "attempt": .whole(event.attempt),
                "delay": .seconds(event.delay), "reason": .text(event.reason.rawValue),
            ])
    }

    func moved(_ change: LedgerChange) {
        log.log(
            change.state == .unknown ? .warning : .debug, "order", change.state.rawValue,
            [
                "symbol": .text(change.symbol.rawValue), "client_id": .text(change.clientID.rawValue),
                "intent": .text(change.intent.rawValue),
            ])
    }

    func submitted(_ order: OrderRequest, _ clientID: ClientOrderID, _ outcome: SubmissionOutcome) {
        let isWell = outcome.result == .success || outcome.result == .ok
        log.log(
            isWell ? .info : .warning, "order", "submitted",
            [
                "symbol": .text(order.symbol.rawValue), "side": .text(order.side.rawValue),
                "client_id": .text(clientID.rawValue), "result": .text(outcome.result.rawValue),
                "reason": .text(outcome.reason),
            ])
    }

    func swept(_ event: SweepEvent) {
        log.log(
            event.step == .residual ? .error : .warning, "sweep", event.step.rawValue,
            [
                "cause": .text(event.cause), "scope": .text(event.scope.description),
                "orders": .whole(event.orders.count),
            ])
    }

    func shut(_ scope: LimitScope, for duration: Duration) {
        log.log(
            .warning, "limiter", "shut", ["scope": .text(scope.rawValue), "seconds": .seconds(max(.zero, duration))])
    }

    func changed(_ change: PermissionChange) {
        let isBad = change.event == .raised || change.event == .extended
        log.log(
            isBad ? change.level == .reduceOnly ? .warning : .error : .info, "permission", change.event.rawValue,
            [
                "cause": .text(change.cause.key.id.rawValue), "scope": .text(change.scope.description),
                "level": .text(change.level.rawValue), "code": .text(change.code.rawValue),
                "message": .text(change.cause.message), "episode": .text(change.episode),
            ])
    }

    func moved(_ transition: CircuitBreaker.Transition) {
        log.log(
            transition.to == .closed ? .info : .warning, "breaker", transition.to.rawValue,
            [
                "breaker": .text(transition.name), "from": .text(transition.from.rawValue),
                "reason": .text(transition.reason.rawValue), "failures": .whole(transition.failureCount),
            ])
    }

    func streamOpened() { log.log(.info, "stream", "connected", ["stream": "user"]) }

    func streamClosed(_ error: (any Error)?) {
        log.log(
            .warning, "stream", "interrupted",
            ["stream": "user", "error": .text(error.map { "\(type(of: $0))" } ?? "none")])
    }

    func drifted(missing: Int, unexpected: Int) {
        guard missing > 0 || unexpected > 0 else { return }
        log.log(
            .warning, "reconciliation", "drift", ["missing": .whole(missing), "unexpected": .whole(unexpected)])
    }

    func cycled(_ number: Int, _ result: CycleMetrics.Result, after duration: Duration) {
        log.log(
            result == .error ? .warning : .debug, "cycle", result.rawValue,
            ["cycle": .whole(number), "seconds": .seconds(duration)])
    }
}

extension TraceValue {
    /// A duration in seconds.
    static func seconds(_ duration: Duration) -> TraceValue { .number(Double(duration.wholeNanoseconds) / 1e9) }
}
