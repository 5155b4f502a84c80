internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

/// What becomes of requests: by operation, how many, how long, and why not.
final class RequestMetrics: Sendable {
    private struct Families: Sendable {
        var successes: ScopedFamily<Counter>
        var failures: ScopedFamily<Counter>
        var durations: ScopedFamily<Histogram>
        var givenUp: ScopedFamily<Counter>

        func series(of operation: BrokerOperation) -> Series {
            let label = ("operation", operation.rawValue)
            return Series(
                successes: successes.with(label),
                failures: Dictionary(
                    uniqueKeysWithValues: Outcome.errorTypes.map { ($0, failures.with(label, ("error_type", $0))) }),
                duration: durations.with(label), givenUp: givenUp.with(label))
        }
    }

    private struct Series: Sendable {
        var successes: Counter
        var failures: [String: Counter]
        var duration: Histogram
        var givenUp: Counter
    }

    private let families: Families
    private let known: [BrokerOperation: Series]
    private let outstanding: Gauge
    private let unreadable: [BrokerOperation: Counter]

    /// The metrics of the operations that a venue has stand at zero from the start.
    init(_ scope: MetricsScope, operations: [BrokerOperation]) throws {
        let families = Families(
            successes: try scope.counter(
                "operation_successes_total", "Requests that the venue answered as asked, late answers too.",
                "operation"),
            failures: try scope.counter(
                "operation_failures_total", "Requests that failed, late failures too.", "error_type", "operation"),
            durations: try scope.histogram(
                "request_duration_seconds", "Time from the hand-over to the end of a request, late ends too.",
                "operation"),
            givenUp: try scope.counter(
                "requests_given_up_total",
                "Requests whose answer nobody waited for any more; they are counted once more when they end.",
                "operation"))
        self.families = families
        known = Dictionary(uniqueKeysWithValues: operations.map { ($0, families.series(of: $0)) })
        outstanding = try scope.gauge(
            "requests_outstanding",
            "Requests handed over that have not ended; each holds its weight, even given up."
        ).with()
        let unreadable = try scope.counter(
            "answers_unreadable_total", "Orders and fills whose quantities make no sense.", "operation")
        self.unreadable = Dictionary(
            uniqueKeysWithValues: [BrokerOperation.fills, .query].map {
                ($0, unreadable.with(("operation", $0.rawValue)))
            })
        outstanding.set(0)
    }

    func handedOver() { outstanding.add(1) }

    /// A call has ended, in time or late, or was given up and came to its end at last.
    func ended() { outstanding.add(-1) }

    func arrived(_ operation: BrokerOperation, _ outcome: String, after duration: Duration) {
        let series = series(of: operation)
        (series.failures[outcome] ?? series.successes).increment()
        series.duration.observe(duration)
    }

    func gaveUp(_ operation: BrokerOperation) { series(of: operation).givenUp.increment() }

    func unreadable(_ operation: BrokerOperation) { unreadable[operation]?.increment() }

    private func series(of operation: BrokerOperation) -> Series {
        // One that the venue does not have may be asked for all the same.
        known[operation] ?? families.series(of: operation)
    }
}

extension Outcome {
    /// The words of all outcomes but success, as the label `error_type` has them.
    static let errorTypes = [
        Outcome.notSent, .ambiguous, .overloaded, .rateLimited(until: .origin, scope: .ip),
        .banned(until: .origin, scope: .ip), .rejected(reason: ""), .reduceCapacity, .noSuchOrder, .duplicate, .partial,
        .clockSkew, .venueMode(reason: ""), .authentication, .sessionExpired, .callerCancelled,
    ].map(\.name)
}

extension BrokerOperation {
    /// The operations of a venue with these capabilities, in the order of their declaration.
    static func available(_ capabilities: Set<BrokerCapability>) -> [BrokerOperation] {
        allCases.filter { $0.isServed(with: capabilities) }
    }
}
