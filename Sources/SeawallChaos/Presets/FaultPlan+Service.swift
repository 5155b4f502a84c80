internal import SeawallBroker

/// The venue's service goes wrong: it fails, limits, bans, closes.
extension FaultPlan {
    /// An outage as a health check sees it: a share of calls fails, limits are nearly used up, breakers open.
    ///
    /// - Parameters:
    ///   - errorRate: The share of calls that fail with 503, 0 to 1.
    ///   - usage: How much of each limit the venue says is used, 0 to 1.
    ///   - openBreakers: The breakers that are to open: from the sixth call on, all theirs fail for two minutes.
    public static func apiOutage(
        errorRate: Double = 0.25, usage: Double = 0.95, openBreakers: [OutageBreaker] = [.orders]
    ) -> FaultPlan {
        var plan = FaultPlan()
        for breaker in openBreakers {
            plan.add(
                FaultAction(
                    .outage(for: .seconds(120), as: .status(503)), on: FaultMatch(operations: breaker.operations),
                    name: "breaker_\(breaker.rawValue)", after: 5, times: 1))
        }
        if errorRate != 0 {
            plan.add(
                FaultAction(
                    .error(serverError), on: FaultMatch(operations: orders.union(reads)), name: "api_error",
                    probability: errorRate))
        }
        if usage != 0 { plan.add(.always(.limitUsage(perMille: perMille(usage)), on: .on(.limits))) }
        return plan
    }

    /// Reads of prices are limited: exactly `after` pass, then `times` are refused with 429.
    public static func rateLimitBurst(
        after: Int = 5, times: Int = 3, retryAfter: FaultRetryAfter = .seconds(7)
    ) -> FaultPlan {
        [.after(after, .rateLimited(retryAfter: retryAfter), on: .on(.ticker), times: times)]
    }

    /// Calls are limited now and then, with two lengths of Retry-After.
    public static func rateLimited() -> FaultPlan {
        [
            FaultAction(.rateLimited(retryAfter: .seconds(7)), probability: 0.015),
            FaultAction(.rateLimited(retryAfter: .seconds(20)), probability: 0.005),
        ]
    }

    /// Bans with every form of Retry-After, one at a time, each after so many orders more.
    public static func ban(every orders: Int = 8, seconds: Int = 120) -> FaultPlan {
        FaultPlan(
            FaultAction.sequence(
                FaultRetryAfter.everyForm(seconds: seconds).map { form in
                    .after(orders, .banned(retryAfter: form), on: .on(.place), times: 1)
                }))
    }

    /// The venue is away for minutes, in each way in which that shows.
    public static func outage() -> FaultPlan {
        [
            FaultAction(.outage(for: .seconds(240), as: .reset), probability: 0.002),
            FaultAction(.outage(for: .seconds(120), as: .refused), probability: 0.002),
            FaultAction(.outage(for: .seconds(60), as: .status(503)), probability: 0.002),
        ]
    }

    /// The venue takes nothing, then cancels only, then orders that rest only: each for a time, five minutes apart.
    public static func maintenance(for duration: Duration = .seconds(120)) -> FaultPlan {
        FaultPlan(
            [VenueStatus.Mode.maintenance, .cancelOnly, .postOnly].enumerated().map { number, mode in
                FaultAction(
                    .venueMode(mode, for: duration), on: .on(.place), name: "venue_\(mode.rawValue)", times: 1,
                    from: .seconds(300 * (number + 1)))
            })
    }

    /// Trouble of several kinds in the first minute: failing calls, limits nearly used up, two prices that never come.
    public static func mixedFailures() -> FaultPlan {
        [
            FaultAction(.lostBefore(.silence(for: .seconds(5))), on: .on(.ticker), name: "ticker_timeout", times: 2),
            FaultAction(.limitUsage(perMille: 850), on: .on(.limits), times: 1),
            FaultAction(
                .error(serverError), on: FaultMatch(operations: orders.union(reads)), name: "api_error",
                probability: 0.3, until: .seconds(60)),
        ]
    }

    static let orders: Set<BrokerOperation> = [.place, .amend, .cancel, .cancelMany, .cancelAll]
    static let reads: Set<BrokerOperation> = [
        .query, .openOrders, .history, .fills, .balances, .positions, .ticker, .candles, .depth,
    ]
    static let serverError = FaultError(message: "Service Unavailable", status: 503)

    private static func perMille(_ share: Double) -> Int {
        // What is no share becomes what the plan's own check names.
        Int(exactly: (share * 1_000).rounded()) ?? -1
    }
}
