internal import SeawallBroker
internal import SeawallTime

extension SwarmFault {
    /// Every kind of fault that there is, each with the calls that it is about and rates that leave a bot some chance.
    ///
    /// What strikes single calls strikes up to every eighth, what lasts for a time begins a few times a run, and what
    /// ends a process does so at most three times.
    ///
    /// A new order never reaches the venue twice: a venue that forgets a client order id with its order makes a second
    /// order of the second request, and nobody on this side can keep it from that. For a venue that never forgets, add
    /// `SwarmFault(.duplicate(returning: .first), on: .on(.place))`.
    ///
    /// Nor is an order that was taken answered with 429: where a profile says that this proves that nothing was done, it is
    /// believed. Reads and cancels are, which may be asked for again.
    public static let standard: [SwarmFault] =
        requests + refusals + answers + pages + fills + streams + worlds + bans + done

    /// Every fault that leaves orders alone: for a bot that only reads, or one that must not be refused.
    public static let reading: [SwarmFault] = standard.filter { fault in
        !fault.action.operations.contains { $0.changesOrders }
    }

    private static let lists: FaultMatch = .on(.openOrders, .history)
    private static let repeatable = FaultMatch(
        operations: FaultAction(.duplicate(returning: .first)).operations.subtracting([.place]))

    private static let requests: [SwarmFault] = [
        SwarmFault(.lostBefore(.reset(after: .milliseconds(80)))),
        SwarmFault(.lostBefore(.silence(for: .seconds(12))), name: "lost_before_silently", rate: 0.002...0.032),
        SwarmFault(.lostAfter(.reset(after: .milliseconds(80)))),
        SwarmFault(.lostAfter(.silence(for: .seconds(12))), name: "lost_after_silently", rate: 0.002...0.032),
        SwarmFault(.delay(.milliseconds(400)), rate: 0.008...0.256),
        SwarmFault(.delay(.seconds(8)), name: "long_delay", rate: 0.002...0.032),
        SwarmFault(.delayedReply(.seconds(4)), rate: 0.004...0.064),
        SwarmFault(.duplicate(returning: .first), on: repeatable),
        SwarmFault(.duplicate(returning: .second), on: repeatable, name: "duplicate_second"),
        SwarmFault(.reorder(within: .seconds(2))),
    ]

    private static let refusals: [SwarmFault] =
        FaultRetryAfter.everyForm(seconds: 3).enumerated().map { index, form in
            SwarmFault(.rateLimited(retryAfter: form), name: "rate_limited_\(index + 1)", rate: 0.001...0.032)
        } + [
            SwarmFault(.banned(retryAfter: .seconds(5)), rate: 0.0005...0.004, times: 3),
            SwarmFault(.banned(retryAfter: .absent), name: "banned_silently", rate: 0.0005...0.004, times: 3),
            SwarmFault(.outage(for: .seconds(4), as: .refused), rate: 0.0005...0.004),
            SwarmFault(.outage(for: .seconds(4), as: .reset), name: "outage_reset", rate: 0.0005...0.004),
            SwarmFault(.outage(for: .seconds(4), as: .status(503)), name: "outage_503", rate: 0.0005...0.004),
            SwarmFault(
                .error(FaultError(message: "internal error", status: 500)), name: "internal_error", rate: 0.002...0.064),
        ]

    /// Every form of Retry-After but the two that stand above.
    private static let bans: [SwarmFault] = FaultRetryAfter.everyForm(seconds: 5).enumerated()
        .filter { $0.element != .absent && $0.element != .seconds(5) }
        .map { index, form in
            SwarmFault(.banned(retryAfter: form), name: "banned_\(index + 1)", rate: 0.0005...0.004, times: 3)
        }

    /// What was done although the answer sounds as if nothing had been.
    private static let done: [SwarmFault] = [
        SwarmFault(
            .error(FaultError(message: "HTTP 503", status: 503), applied: true), name: "applied_503",
            rate: 0.002...0.064),
        SwarmFault(
            .error(FaultError(message: "too many requests", status: 429, retryAfter: "3"), applied: true),
            on: FaultMatch(operations: Set(BrokerOperation.allCases).subtracting([.place, .amend])),
            name: "applied_429", rate: 0.001...0.016),
        SwarmFault(.halfAmend(.order), on: .on(.amend), name: "half_amend_order"),
    ]

    private static let answers: [SwarmFault] = [
        SwarmFault(.errorInside(applied: false)),
        SwarmFault(.errorInside(applied: true), name: "error_inside_applied", rate: 0.002...0.064),
        SwarmFault(.unreadable(.rubbish, applied: true), rate: 0.002...0.064),
        SwarmFault(.unreadable(.html(502), applied: false), name: "unreadable_html", rate: 0.002...0.064),
        SwarmFault(.unreadable(.empty, applied: true), name: "unreadable_empty", rate: 0.002...0.064),
        SwarmFault(.halfAmend(.cancel), on: .on(.amend)),
        SwarmFault(.mixedBatch, on: .on(.cancelMany, .cancelAll)),
        SwarmFault(.emptyOrders, on: lists),
        SwarmFault(.emptyList),
        SwarmFault(.oldAnswer(age: .seconds(3))),
        SwarmFault(.hiddenOrder(nil, for: .seconds(5), onStreams: false), on: .on(.place)),
        SwarmFault(
            .hiddenOrder(nil, for: .seconds(5), onStreams: true), on: .on(.place), name: "hidden_order_everywhere"),
        SwarmFault(.limitUsage(perMille: 950), on: .on(.limits)),
        SwarmFault(.widerSpread(basisPoints: 200), on: .on(.ticker, .depth)),
        SwarmFault(.zeroPrices, on: .on(.ticker)),
        SwarmFault(.answer(.status(VenueStatus(mode: .cancelOnly))), on: .on(.status), name: "false_status"),
    ]

    private static let pages: [SwarmFault] = [
        SwarmFault(.truncatedPage(keeping: 1, keepsCursor: false), on: .on(.openOrders, .history, .fills)),
        SwarmFault(
            .truncatedPage(keeping: 1, keepsCursor: true), on: .on(.openOrders, .history, .fills),
            name: "short_page"),
        SwarmFault(.failedPage(2, as: .status(500)), on: lists),
        SwarmFault(.failedPage(nil, as: .reset), on: lists, name: "failed_pages"),
    ]

    private static let fills: [SwarmFault] = [
        SwarmFault(.lateFills(by: .seconds(3)), rate: 0.016...0.5),
        SwarmFault(.duplicateFills, rate: 0.016...0.5),
        SwarmFault(.reorderedFills(within: .seconds(2)), rate: 0.016...0.5),
        SwarmFault(.fill(perMille: 1_000, at: .before, hold: .milliseconds(300))),
        SwarmFault(.fill(perMille: 500, at: .before, hold: .zero), name: "fill_half"),
        SwarmFault(.fill(perMille: 1_000, at: .after, hold: .milliseconds(300)), name: "fill_at_once"),
    ]

    private static let streams: [SwarmFault] = [
        SwarmFault(.streamHang(for: .seconds(6)), rate: 0.001...0.008),
        SwarmFault(.streamMute(.fills, for: .seconds(6)), rate: 0.001...0.008),
        SwarmFault(.streamMute(.heartbeats, for: .seconds(6)), name: "stream_mute_heartbeats", rate: 0.001...0.008),
        SwarmFault(.streamBreak(clean: false), rate: 0.001...0.016),
        SwarmFault(.streamBreak(clean: true), name: "stream_end", rate: 0.001...0.016),
        SwarmFault(.streamFlap(every: .seconds(2)), rate: 0.064...0.5),
        SwarmFault(.streamRepeat(times: 2), rate: 0.004...0.064),
        SwarmFault(.streamReset, rate: 0.001...0.016),
        SwarmFault(.streamGap(events: 2), rate: 0.001...0.016),
        SwarmFault(.streamReplay(age: .seconds(2)), rate: 0.004...0.064),
    ]

    private static let worlds: [SwarmFault] = [
        SwarmFault(.clockStep(.seconds(90)), rate: 0.0005...0.004, times: 3),
        SwarmFault(.clockStep(.seconds(-90)), name: "clock_step_back", rate: 0.0005...0.004, times: 3),
        SwarmFault(.machineSleep(.seconds(5)), rate: 0.0005...0.004, times: 3),
        SwarmFault(.crash(.before), rate: 0.0005...0.004, times: 3),
        SwarmFault(.crash(.after), name: "crash_after", rate: 0.0005...0.004, times: 3),
        SwarmFault(.diskFailure(.full, for: .seconds(4)), rate: 0.0005...0.004, times: 3),
        SwarmFault(.diskFailure(.failing, for: .seconds(4)), name: "disk_failing", rate: 0.0005...0.004, times: 3),
        SwarmFault(
            .diskFailure(.unsyncable, for: .seconds(4)), name: "disk_unsyncable", rate: 0.0005...0.004, times: 3),
        SwarmFault(.venueMode(.maintenance, for: .seconds(5)), rate: 0.0005...0.004, times: 3),
        SwarmFault(.venueMode(.cancelOnly, for: .seconds(5)), name: "cancel_only", rate: 0.0005...0.004, times: 3),
        SwarmFault(.authenticationExpiry(for: .seconds(4)), rate: 0.0005...0.004, times: 3),
        SwarmFault(.secondProcess(perMille: 700, for: .seconds(5)), rate: 0.0005...0.004, times: 3),
    ]
}
