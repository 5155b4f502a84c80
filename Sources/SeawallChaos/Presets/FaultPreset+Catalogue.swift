internal import Seawall

extension FaultPreset {
    /// Every preset, in the order of a list: requests, reads, the venue's service, streams, the machine, all at once.
    public static let all: [FaultPreset] = requests + reads + service + streams + machine + [mix]

    private static let trading: Set<BrokerOperation> = [.place, .cancel]
    private static let bothStreams: Set<BrokerOperation> = [.userStream, .marketStream]

    private static let doubtful: [Consequence] = [
        .answered(.place, as: "ambiguous"), .answered(.cancel, as: "ambiguous"),
    ]
    private static let breaking: [Consequence] = [.cause("breaker_open"), .alert("breaker_open")]
    private static let reopening: [Consequence] = [.reopened(.userStream), .reopened(.marketStream)]
    /// What the streams did not bring is read, by rhythm.
    private static let reading: [Consequence] = [.reread(.fills), .reread(.openOrders)]

    private static let requests = [
        FaultPreset(
            name: "lost-before", summary: "requests are lost before the venue applied them", plan: .lostBefore(),
            provokes: Provocation(
                ["lost_before": trading], promises: [.cancelsGetThrough, .nothingUnproven],
                consequences: [.order(.unknown), .reread(.query)])),
        FaultPreset(
            name: "lost-after", summary: "the venue applies requests and their replies are lost", plan: .lostAfter(),
            provokes: Provocation(
                ["lost_after": trading], promises: [.oneOrderPerIntent, .cancelsGetThrough, .nothingUnproven],
                consequences: doubtful)),
        FaultPreset(
            name: "reply-lost", summary: "replies to orders, amends and cancels are lost", plan: .replyLost(),
            provokes: Provocation(
                ["lost_after": trading, "silence": [.place]],
                promises: [.oneOrderPerIntent, .cancelsGetThrough, .nothingUnproven],
                consequences: doubtful + [.givenUp(.place)])),
        FaultPreset(
            name: "duplicates", summary: "requests reach the venue twice", plan: .duplicates(),
            provokes: Provocation(
                ["duplicate": [.fills, .openOrders], "duplicate_cancel": [.cancel]], promises: [.cancelsGetThrough],
                consequences: [.answered(.cancel, as: "no_such_order")])),
        FaultPreset(
            name: "odd-answers", summary: "answers hold an error or cannot be read", plan: .oddAnswers(),
            provokes: Provocation(
                ["error_inside": trading, "unreadable": trading],
                promises: [.oneOrderPerIntent, .cancelsGetThrough, .nothingUnproven],
                consequences: doubtful + [.answered(.place, as: "rejected")])),
        FaultPreset(
            name: "fill-races", summary: "fills overtake acknowledgements and cancels", plan: .fillRaces(),
            provokes: Provocation(
                ["fill_before_ack": [.place], "fill_without_ack": [.place], "fill_during_cancel": [.cancel]],
                promises: [.oneOrderPerIntent, .nothingUnproven],
                consequences: [.givenUp(.place), .answered(.cancel, as: "no_such_order")])),
        FaultPreset(
            name: "late-fills", summary: "fills come late", plan: .lateFills(),
            provokes: Provocation(["late_fills": [.fills]], consequences: [.reread(.fills)])),
        FaultPreset(
            name: "duplicate-fills", summary: "fills come twice", plan: .duplicateFills(),
            provokes: Provocation(["duplicate_fills": [.fills]], consequences: [.reread(.fills)])),
    ]

    private static let reads = [
        FaultPreset(
            name: "empty-orders", summary: "lists of orders come back empty", plan: .emptyOrders(),
            provokes: Provocation(["empty_orders": [.openOrders]], consequences: [.reread(.query)])),
        FaultPreset(
            name: "invisible-orders", summary: "new orders are not to be seen for a while", plan: .invisibleOrders(),
            provokes: Provocation(
                ["hidden_order": [.place, .query], "reply_lost": [.place], "stream_mute": [.userStream]],
                promises: [.oneOrderPerIntent, .nothingUnproven],
                consequences: [.order(.unknown), .answered(.query, as: "no_such_order")])),
        FaultPreset(
            name: "partial-pages", summary: "pages break off or fail", plan: .partialPages(),
            provokes: Provocation(
                ["failed_page": [.openOrders], "truncated_page": [.fills, .openOrders]],
                consequences: [.answered(.openOrders, as: "ambiguous"), .reread(.openOrders), .reread(.query)])),
        FaultPreset(
            name: "old-answers", summary: "lists and queries are given again as they were", plan: .oldAnswers(),
            provokes: Provocation(["old_answer": [.openOrders]], consequences: [.reread(.openOrders)])),
        FaultPreset(
            name: "broker-read-failures", summary: "reads of balances and positions never come",
            plan: .brokerReadFailures(),
            provokes: Provocation(
                ["balances_timeout": [.balances], "positions_timeout": [.positions]],
                consequences: [.answered(.balances, as: "ambiguous"), .answered(.positions, as: "ambiguous")])),
        FaultPreset(
            name: "preview-failures", summary: "previews fail", plan: .previewFailures(),
            provokes: Provocation(["error": [.preview]], consequences: [.answered(.preview, as: "ambiguous")])),
        FaultPreset(
            name: "slippage-spike", summary: "the spread is wide and the book is thin", plan: .slippageSpike(),
            provokes: Provocation(["wider_spread": [.ticker]], promises: [.cancelsGetThrough])),
        FaultPreset(
            name: "mark-stale", summary: "prices are 0, and the stream of prices is silent", plan: .markStale(),
            provokes: Provocation(
                ["stream_mute": [.marketStream], "zero_prices": [.ticker]], promises: [.cancelsGetThrough])),
    ]

    private static let service = [
        FaultPreset(
            name: "api-outage", summary: "calls fail, limits are nearly used up, the breaker of orders opens",
            plan: .apiOutage(),
            provokes: Provocation(
                ["api_error": [.openOrders, .place], "breaker_orders": [.place]],
                promises: [.reduceOnlyHolds, .cancelsGetThrough, .nothingUnproven, .halfOpenEnds],
                consequences: breaking + [.breakerOpened("orders")])),
        FaultPreset(
            name: "mixed-failures", summary: "calls fail, limits are nearly used up, prices do not come",
            plan: .mixedFailures(),
            provokes: Provocation(["ticker_timeout": [.ticker]], consequences: [.answered(.ticker, as: "ambiguous")])),
        FaultPreset(
            name: "rate-limit-burst", summary: "reads of prices are refused with 429, three in a row",
            plan: .rateLimitBurst(),
            provokes: Provocation(
                ["rate_limited": [.ticker]], promises: [.nothingIntoABan],
                consequences: [.limited, .answered(.ticker, as: "rate_limited")])),
        FaultPreset(
            name: "rate-limited", summary: "429 with Retry-After", plan: .rateLimited(),
            provokes: Provocation(
                ["rate_limited": [.place]], promises: [.nothingIntoABan, .cancelsGetThrough],
                consequences: [.limited, .answered(.place, as: "rate_limited")])),
        FaultPreset(
            name: "ban", summary: "418 with each form of Retry-After", plan: .ban(),
            provokes: Provocation(
                ["banned": [.place]], promises: [.nothingIntoABan, .reduceOnlyHolds, .latchIsDurable],
                consequences: [.limited, .cause(.venueBan), .alert("venue_ban")])),
        FaultPreset(
            name: "outage", summary: "the venue is away for minutes", plan: .outage(),
            provokes: Provocation(
                ["outage": [.place]],
                promises: [.reduceOnlyHolds, .cancelsGetThrough, .nothingUnproven, .halfOpenEnds],
                consequences: breaking)),
        FaultPreset(
            name: "maintenance", summary: "the venue takes nothing, then cancels only, then resting orders only",
            plan: .maintenance(),
            provokes: Provocation(
                ["venue_maintenance": [.place], "venue_cancel_only": [.place], "venue_post_only": [.place]],
                consequences: [.answered(.place, as: "rejected"), .reopened(.userStream)])),
        FaultPreset(
            name: "key-expiry", summary: "the venue refuses the key", plan: .keyExpiry(),
            provokes: Provocation(
                ["authentication_expiry": [.place]],
                consequences: [.answered(.place, as: "rejected"), .reopened(.userStream)])),
        FaultPreset(
            name: "second-process", summary: "another process spends the limits", plan: .secondProcess(),
            provokes: Provocation(["second_process": [.place]], promises: [.cancelsGetThrough])),
    ]

    private static let streams = [
        FaultPreset(
            name: "ws-stale-messages", summary: "streams beat and bring nothing", plan: .wsStaleMessages(),
            provokes: Provocation(["ws_stale_messages": bothStreams], consequences: reading)),
        FaultPreset(
            name: "ws-stale-heartbeat", summary: "streams give no sign of life", plan: .wsStaleHeartbeat(),
            provokes: Provocation(["ws_stale_heartbeat": bothStreams], consequences: reading)),
        FaultPreset(
            name: "ws-disconnect", summary: "streams end and cannot be opened for a while", plan: .wsDisconnect(),
            provokes: Provocation(
                ["ws_disconnect": bothStreams, "ws_refused": bothStreams],
                consequences: reopening + [.answered(.userStream, as: "not_sent")])),
        FaultPreset(
            name: "ws-reconnect", summary: "streams break and can be opened again", plan: .wsReconnect(),
            provokes: Provocation(["ws_reconnect": bothStreams], consequences: reopening)),
        FaultPreset(
            name: "ws-gap", summary: "streams lose events", plan: .wsGap(),
            provokes: Provocation(["ws_gap": bothStreams], consequences: reading)),
        FaultPreset(
            name: "ws-error", summary: "streams break with an error", plan: .wsError(),
            provokes: Provocation(["ws_error": bothStreams], consequences: reopening)),
        FaultPreset(
            name: "ws-healthy", summary: "nothing goes wrong", plan: .wsHealthy(), provokes: Provocation()),
        FaultPreset(
            name: "flapping-stream", summary: "streams break again and again", plan: .flappingStream(),
            provokes: Provocation(["flap": bothStreams], consequences: reopening)),
        FaultPreset(
            name: "odd-streams", summary: "streams repeat, count anew, show what was, and hang", plan: .oddStreams(),
            provokes: Provocation(
                ["stream_hang": [.marketStream], "stream_repeat": [.marketStream], "stream_reset": [.marketStream]],
                consequences: reading)),
    ]

    private static let machine = [
        FaultPreset(
            name: "clock-steps", summary: "the civil clock is moved", plan: .clockSteps(),
            provokes: Provocation(
                ["clock_step": [.place]], consequences: [.alert("clock_skew"), .answered(.place, as: "clock_skew")])),
        FaultPreset(
            name: "sleep", summary: "the machine sleeps", plan: .sleep(),
            provokes: Provocation(
                ["machine_sleep": [.place]], promises: [.nothingUnproven],
                consequences: [.order(.unknown), .givenUp(.place)])),
        FaultPreset(
            name: "crash", summary: "the process ends and comes back", plan: .crash(),
            provokes: Provocation(
                ["crash_after_place": [.place], "crash_before_place": [.place], "crash_after_cancel": [.cancel]],
                promises: [.oneOrderPerIntent, .nothingUnproven],
                consequences: [.restarted, .reread(.positions)])),
        FaultPreset(
            name: "disk", summary: "the disk is full, fails, and cannot make anything safe", plan: .disk(),
            provokes: Provocation(
                ["disk_full": [.place], "disk_failing": [.place], "disk_unsyncable": [.place]],
                promises: [.reduceOnlyHolds, .oneAlertPerEpisode],
                consequences: [.cause(.stateUnwritable), .alert("state_unwritable")])),
    ]

    private static let mix = FaultPreset(
        name: "mix", summary: "lost calls, rate limits, outages, late and repeated fills, and empty lists at once",
        plan: .mix(),
        provokes: Provocation(
            ["lost_after": trading, "lost_before": trading, "late_fills": [.fills], "empty_orders": [.openOrders]],
            promises: [
                .oneOrderPerIntent, .reduceOnlyHolds, .nothingIntoABan, .cancelsGetThrough, .nothingUnproven,
            ],
            consequences: [.order(.unknown), .limited]))
}
