internal import SeawallBroker

/// What is read is missing, wrong or old.
extension FaultPlan {
    /// Bid and ask lie further apart by so many hundredths of a percent, half on each side, and little rests there.
    public static func slippageSpike(basisPoints: Int = 200) -> FaultPlan {
        [.always(.widerSpread(basisPoints: basisPoints), on: .on(.ticker, .depth))]
    }

    /// Prices are 0 where they are asked for, and the stream of prices says nothing for two minutes.
    public static func markStale() -> FaultPlan {
        [.always(.zeroPrices), .once(.streamMute(.tickers, for: .seconds(120)))]
    }

    /// The first so many previews fail.
    public static func previewFailures(_ count: Int = 5) -> FaultPlan {
        [FaultAction(.error(FaultError(message: "preview failed", status: 500)), on: .on(.preview), times: count)]
    }

    /// The first so many reads of balances, and as many of positions, never come.
    public static func brokerReadFailures(_ count: Int = 3) -> FaultPlan {
        let silence = FaultEffect.lostBefore(.silence(for: .seconds(5)))
        return [
            FaultAction(silence, on: .on(.balances), name: "balances_timeout", times: count),
            FaultAction(silence, on: .on(.positions), name: "positions_timeout", times: count),
        ]
    }

    /// Lists of orders come back empty, half of them.
    public static func emptyOrders() -> FaultPlan { [FaultAction(.emptyOrders, probability: 0.5)] }

    /// New orders are missing from lists and unknown to queries for a time, a share of them; some replies to orders are lost
    /// and the account's stream says nothing now and then, so that what is not to be seen is in doubt.
    ///
    /// Keep within the profile's `visibilityLag`: an order that hides for longer is one that the venue denies.
    public static func invisibleOrders(for duration: Duration = .seconds(4), _ share: Double = 0.3) -> FaultPlan {
        // An order can be struck by one fault of a call alone: hidden are those whose reply was lost, from their query on.
        [
            FaultAction(
                .lostAfter(.reset(after: .milliseconds(50))), on: .on(.place), name: "reply_lost",
                probability: share / 2),
            FaultAction(
                .hiddenOrder(nil, for: duration, onStreams: false), on: .on(.place, .query), probability: share),
            FaultAction(.streamMute(.content, for: duration), on: .on(.userStream), probability: share),
        ]
    }

    /// Pages break off after a row, or fail behind the first, a share of them; fills that were cut off come again.
    public static func partialPages(_ share: Double = 0.25) -> FaultPlan {
        [
            FaultAction(.failedPage(nil, as: .reset), probability: share),
            FaultAction(.truncatedPage(keeping: 1, keepsCursor: false), probability: share),
        ]
    }

    /// Lists and queries are given again as they were ten seconds ago or more, a share of them.
    public static func oldAnswers(_ share: Double = 0.2) -> FaultPlan {
        [
            FaultAction(
                .oldAnswer(age: .seconds(10)), on: .on(.openOrders, .query, .balances, .positions), probability: share)
        ]
    }
}
