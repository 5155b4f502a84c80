extension FaultEffect {
    /// The word of each effect in plans, records and reports.
    enum Kind: String, Codable, CaseIterable {
        case lostBefore = "lost_before"
        case lostAfter = "lost_after"
        case delay
        case delayedReply = "delayed_reply"
        case duplicate
        case reorder
        case rateLimited = "rate_limited"
        case banned
        case outage
        case errorInside = "error_inside"
        case unreadable
        case halfAmend = "half_amend"
        case mixedBatch = "mixed_batch"
        case emptyOrders = "empty_orders"
        case emptyList = "empty_list"
        case oldAnswer = "old_answer"
        case truncatedPage = "truncated_page"
        case failedPage = "failed_page"
        case hiddenOrder = "hidden_order"
        case limitUsage = "limit_usage"
        case widerSpread = "wider_spread"
        case zeroPrices = "zero_prices"
        case error
        case answer
        case lateFills = "late_fills"
        case duplicateFills = "duplicate_fills"
        case reorderedFills = "reordered_fills"
        case streamHang = "stream_hang"
        case streamMute = "stream_mute"
        case streamBreak = "stream_break"
        case streamFlap = "stream_flap"
        case streamRepeat = "stream_repeat"
        case streamReset = "stream_reset"
        case streamGap = "stream_gap"
        case streamReplay = "stream_replay"
        case clockStep = "clock_step"
        case machineSleep = "machine_sleep"
        case crash
        case diskFailure = "disk_failure"
        case venueMode = "venue_mode"
        case authenticationExpiry = "authentication_expiry"
        case secondProcess = "second_process"
        case fill
    }
}
