public import SeawallBroker

/// Requests, replies and fills are lost, late, twice, or odd.
extension FaultPlan {
    /// Requests are lost before the venue applied them.
    public static func lostBefore() -> FaultPlan {
        [
            FaultAction(.lostBefore(.reset(after: .milliseconds(50))), probability: 0.05),
            FaultAction(.lostBefore(.silence(for: .seconds(30))), probability: 0.03),
        ]
    }

    /// The venue applies requests of every kind, and their replies are lost.
    public static func lostAfter() -> FaultPlan {
        [
            FaultAction(.lostAfter(.reset(after: .milliseconds(50))), probability: 0.05),
            FaultAction(.lostAfter(.silence(for: .seconds(30))), probability: 0.03),
        ]
    }

    /// The replies to orders, amends and cancels are lost, a share of them.
    public static func replyLost(_ share: Double = 0.15) -> FaultPlan {
        let match = FaultMatch.on(.place, .amend, .cancel)
        return [
            FaultAction(.lostAfter(.reset(after: .milliseconds(50))), on: match, probability: share),
            FaultAction(.lostAfter(.silence(for: .seconds(30))), on: match, name: "silence", probability: share / 2),
        ]
    }

    /// Requests reach the venue twice, a share of them; of a cancel the second answer comes back.
    ///
    /// Orders are not among them unless asked for: a venue that forgets a client order id when its order is over makes a
    /// second order of a second request, and nobody on our side can keep it from that.
    public static func duplicates(
        _ share: Double = 0.2, of operations: Set<BrokerOperation> = [.amend, .query, .openOrders, .fills, .balances]
    ) -> FaultPlan {
        [
            FaultAction(
                .duplicate(returning: .second), on: .on(.cancel), name: "duplicate_cancel", probability: share),
            FaultAction(
                .duplicate(returning: .first), on: FaultMatch(operations: operations), probability: share),
        ]
    }

    /// Answers that hold an error, or that nobody can read, whether the venue did what was asked or not.
    public static func oddAnswers(_ share: Double = 0.04) -> FaultPlan {
        let match = FaultMatch.on(.place, .cancel, .query, .openOrders)
        return FaultPlan(
            [
                .errorInside(applied: true), .errorInside(applied: false), .unreadable(.rubbish, applied: true),
                .unreadable(.empty, applied: true), .unreadable(.html(502), applied: false),
            ].map { FaultAction($0, on: match, probability: share) })
    }

    /// Fills overtake the acknowledgement of their order, which may not come at all, and the cancel that was meant to
    /// prevent them.
    public static func fillRaces(_ share: Double = 0.2) -> FaultPlan {
        [
            FaultAction(
                .fill(perMille: 500, at: .after, hold: .seconds(1)), on: .on(.place), name: "fill_before_ack",
                probability: share),
            FaultAction(
                .fill(perMille: 1_000, at: .after, hold: .seconds(60)), on: .on(.place), name: "fill_without_ack",
                probability: share / 2),
            FaultAction(
                .fill(perMille: 1_000, at: .before, hold: .zero), on: .on(.cancel), name: "fill_during_cancel",
                probability: share),
            FaultAction(.reorderedFills(within: .seconds(2)), probability: share),
        ]
    }

    /// Fills come late, half of them.
    public static func lateFills() -> FaultPlan {
        [FaultAction(.lateFills(by: .seconds(20)), probability: 0.5)]
    }

    /// Fills come twice, half of them.
    public static func duplicateFills() -> FaultPlan { [FaultAction(.duplicateFills, probability: 0.5)] }

    /// Every fault of a call and of fills at once.
    public static func mix() -> FaultPlan {
        FaultPlan(
            [lostBefore(), lostAfter(), rateLimited(), outage(), lateFills(), duplicateFills(), emptyOrders()]
                .flatMap(\.actions))
    }
}
