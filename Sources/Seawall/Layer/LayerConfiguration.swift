public import SeawallAlerts
public import SeawallBackoff
public import SeawallBroker
public import SeawallCircuitBreaker
public import SeawallMetrics

/// How a reliability layer behaves; every value has a default that is right for a bot that trades by the minute.
public struct LayerConfiguration: Sendable {
    /// How long an answer to a call that changes orders is waited for, then the outcome is unknown.
    ///
    /// Default 10 s.
    public var orderTimeout: Duration = .seconds(10)

    /// How long an answer to a read is waited for.
    ///
    /// Default 10 s.
    public var readTimeout: Duration = .seconds(10)

    /// How long after the call an order may still be sent, where the order does not say.
    ///
    /// Default 5 s.
    public var sendWithin: Duration = .seconds(5)

    /// How long a cancel is tried before its outcome is reported as unknown.
    ///
    /// Default 120 s.
    public var cancelPatience: Duration = .seconds(120)

    /// How reads are retried: attempts, budget, and the time between.
    ///
    /// Default: 3 attempts from 0.5 s to 10 s, full jitter.
    public var readRetry: RetryPolicy = .cex

    /// How many repeats all reads may make together; nil: as many as `readRetry` allows each.
    ///
    /// Default: 500 tokens, of which a repeat takes 14, or 5 after a throttle. Cancels and questions for an unknown outcome
    /// do not draw on it.
    public var retryBudget: RetryBudgetConfiguration? = RetryBudgetConfiguration()

    /// The delays between two tries of a cancel, or two questions for an unknown outcome.
    ///
    /// Default 0.25 s to 5 s.
    public var resolveBackoff: BackoffPolicy = LayerConfiguration.resolveBackoff

    /// How many reads run at once, of all callers together.
    ///
    /// Default 5 (seed 000).
    public var concurrentReads = 5

    /// The breaker of placing and amending.
    ///
    /// Default: 5 failures, 30 s, two successes (seed 004's exchange).
    public var orderBreaker: CircuitBreakerConfiguration = .exchange

    /// The breaker of reads.
    ///
    /// Default as for orders.
    public var readBreaker: CircuitBreakerConfiguration = .exchange

    /// How alerts are named, repeated, damped, kept and queued.
    ///
    /// Default: as an `AlertManager` of its own.
    public var alerts = AlertConfiguration()

    /// The share of each of the venue's limits that is used at all, in thousandths.
    ///
    /// Default 800. The venue's own count is held against this, whoever has used it.
    public var limitShare = 800

    /// The part of that share which this process uses, in thousandths, where several processes use one key or address.
    ///
    /// Three of them take 333 each; together at most 1,000. Default 1,000: there are no others.
    public var processShare = 1_000

    /// The scopes that the processes use together, such as `ip` for processes with an account each; nil: all of them.
    ///
    /// Default nil. Limits of other scopes are this process's own.
    public var sharedScopes: Set<LimitScope>?

    /// Whether a new order is refused when the limits that are left could not cancel it and all that lives.
    ///
    /// Counted is what the cheapest calls would take of each limit at that instant, orders in doubt and orders that are
    /// about to be sent among them; the order is refused with the reason `cancel_budget` where that is not free in time.
    /// Orders that reduce and amends are let go. Default false: cancels go first, and a part of each limit is kept for them
    /// anyway.
    public var keepsCancelBudget = false

    /// How many questions in a row must say that an order does not exist, once it can no longer arrive.
    ///
    /// Default 2.
    public var absencesRequired = 2

    /// How far the venue's clock and ours may differ, and how long the venue may take inside.
    ///
    /// Default 2 s. The profile's `clockLead` counts where it is more.
    public var clockMargin: Duration = .seconds(2)

    /// How often fills and open orders are read beside the stream.
    ///
    /// Default 15 s.
    public var pollInterval: Duration = .seconds(15)

    /// How many ended orders the ledger remembers, to know an intent that is placed again.
    ///
    /// Default 100,000.
    public var ledgerCapacity = 100_000

    /// From how many bytes on the journal is written anew in its shortest form.
    ///
    /// What must survive a restart may need more than that; then it is written anew when it has doubled. Default 4 MiB.
    public var journalBound = 4 << 20

    /// What client order ids begin with, so that a bot knows its own.
    ///
    /// Default `sw`.
    public var clientIDPrefix = "sw"

    /// Where the layer's metrics go, and under which names.
    ///
    /// Default: a registry of the layer's own, with the prefix `seawall_`.
    public var metrics = LayerMetricsConfiguration()

    /// What starts the layer's spans: `cycle`, `order_submit`, `http_request`.
    ///
    /// Default: off, which costs nothing.
    public var tracer: Tracer = .off

    /// Where the layer says what happens, part by part.
    ///
    /// The parts are `request`, `order`, `breaker`, `limiter`, `permission`, `sweep`, `stream`, `reconciliation` and
    /// `cycle`; each can have a level of its own. Default: off, which costs nothing.
    public var log: EventLog = .off

    /// Makes the default configuration.
    public init() {}

    /// 0.25 s doubling to 5 s, of which jitter takes away up to a half.
    private static let resolveBackoff: BackoffPolicy = {
        let growth = BackoffPolicy.Growth.exponential(initial: .milliseconds(250), multiplier: 2, cap: .seconds(5))
        return (try? BackoffPolicy(growth: growth, jitter: .equal)) ?? .cex
    }()

    /// How long after an order was sent "not found" begins to prove something.
    func conclusiveAfter(at profile: VenueProfile) -> Duration {
        profile.receiveWindow + profile.visibilityLag + max(clockMargin, profile.clockLead)
    }

    /// Checks every field that its own type does not.
    ///
    /// - Throws: `GuardError` of code `invalid`, which lists every bad field with its value and range.
    public func validate() throws(GuardError) {
        var problems: [String] = []
        func check(_ name: String, _ value: Duration, _ range: ClosedRange<Duration>) {
            if !range.contains(value) {
                problems.append("\(name) is \(value), allowed is \(range.lowerBound) to \(range.upperBound)")
            }
        }
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) {
            if !range.contains(value) { problems.append("\(name) is \(value), allowed is \(range)") }
        }
        let timeouts: ClosedRange<Duration> = .milliseconds(1)...(.seconds(600))
        check("orderTimeout", orderTimeout, timeouts)
        check("readTimeout", readTimeout, timeouts)
        check("sendWithin", sendWithin, timeouts)
        check("cancelPatience", cancelPatience, .milliseconds(1)...(.seconds(86_400)))
        check("clockMargin", clockMargin, .zero...(.seconds(600)))
        check("pollInterval", pollInterval, .milliseconds(100)...(.seconds(3_600)))
        check("concurrentReads", concurrentReads, 1...1_000)
        check("limitShare", limitShare, 1...1_000)
        check("processShare", processShare, 1...1_000)
        check("absencesRequired", absencesRequired, 1...100)
        check("ledgerCapacity", ledgerCapacity, 1...100_000_000)
        check("journalBound", journalBound, 4_096...(1 << 40))
        let isPrefixPlain = clientIDPrefix.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        if !isPrefixPlain || !(1...8).contains(clientIDPrefix.utf8.count) {
            problems.append("clientIDPrefix is \"\(clientIDPrefix)\", allowed are 1 to 8 of a-z and 0-9")
        }
        if !problems.isEmpty { throw GuardError(code: .invalid, message: problems.joined(separator: "; ")) }
    }
}
