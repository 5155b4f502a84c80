internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

/// What becomes of requests: by operation, how many, how long, and why not.
final class RequestMetrics: Sendable {
    private struct Failure: Hashable, Sendable {
        var operation: BrokerOperation
        var type: String
    }

    private let successes: KnownSeries<BrokerOperation, Counter>
    private let failures: KnownSeries<Failure, Counter>
    private let durations: KnownSeries<BrokerOperation, Histogram>
    private let givenUp: KnownSeries<BrokerOperation, Counter>
    private let unreadable: KnownSeries<BrokerOperation, Counter>
    private let outstanding: Gauge

    /// The metrics of the operations that a venue has stand at zero from the first reading on.
    init(_ scope: MetricsScope, operations: [BrokerOperation]) throws {
        func series<Handle: Instrument>(
            _ family: ScopedFamily<Handle>, of operations: [BrokerOperation] = operations
        ) -> KnownSeries<BrokerOperation, Handle> {
            KnownSeries(family, of: operations, scope) { [("operation", $0.rawValue)] }
        }
        successes = series(
            try scope.counter(
                "operation_successes_total", "Requests that the venue answered as asked, late answers too.",
                "operation"))
        failures = KnownSeries(
            try scope.counter(
                "operation_failures_total", "Requests that failed, late failures too.", "error_type", "operation"),
            of: operations.flatMap { operation in
                Outcome.errorTypes.map { Failure(operation: operation, type: $0) }
            }, scope
        ) { [("operation", $0.operation.rawValue), ("error_type", $0.type)] }
        durations = series(
            try scope.histogram(
                "request_duration_seconds", "Time from the hand-over to the end of a request, late ends too.",
                "operation"))
        givenUp = series(
            try scope.counter(
                "requests_given_up_total",
                "Requests whose answer nobody waited for any more; they are counted once more when they end.",
                "operation"))
        outstanding = try scope.gauge(
            "requests_outstanding",
            "Requests handed over that have not ended; each holds its weight, even given up."
        ).with()
        unreadable = series(
            try scope.counter(
                "answers_unreadable_total", "Orders and fills whose quantities make no sense.", "operation"),
            of: [.fills, .query])
        outstanding.set(0)
    }

    func handedOver() { outstanding.add(1) }

    /// A call has ended, in time or late, or was given up and came to its end at last.
    func ended() { outstanding.add(-1) }

    func arrived(_ operation: BrokerOperation, _ outcome: String, after duration: Duration) {
        if Outcome.errorTypes.contains(outcome) {
            failures[Failure(operation: operation, type: outcome)].increment()
        } else {
            successes[operation].increment()
        }
        durations[operation].observe(duration)
    }

    func gaveUp(_ operation: BrokerOperation) { givenUp[operation].increment() }

    func unreadable(_ operation: BrokerOperation) { unreadable[operation].increment() }
}

extension Outcome {
    /// The words of all outcomes but success, as the label `error_type` has them.
    static let errorTypes = Set(
        [
            Outcome.notSent, .ambiguous, .overloaded, .rateLimited(until: .origin, scope: .ip),
            .banned(until: .origin, scope: .ip), .rejected(reason: ""), .reduceCapacity, .noSuchOrder, .duplicate,
            .partial,
            .clockSkew, .venueMode(reason: ""), .authentication, .sessionExpired, .callerCancelled,
        ].map(\.name))
}

extension BrokerOperation {
    /// The operations of a venue with these capabilities, in the order of their declaration.
    static func available(_ capabilities: Set<BrokerCapability>) -> [BrokerOperation] {
        allCases.filter { $0.isServed(with: capabilities) }
    }
}
