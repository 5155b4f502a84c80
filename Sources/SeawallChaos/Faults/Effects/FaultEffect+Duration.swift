extension FaultEffect {
    /// The one span of time that the effect names, where it names one.
    var duration: Duration? {
        switch self {
        case .delay(let duration), .delayedReply(let duration), .reorder(let duration), .outage(let duration, _),
            .oldAnswer(let duration), .hiddenOrder(_, let duration, _), .lateFills(let duration),
            .reorderedFills(let duration), .streamFlap(let duration), .streamReplay(let duration),
            .clockStep(let duration), .machineSleep(let duration), .diskFailure(_, let duration),
            .venueMode(_, let duration), .authenticationExpiry(let duration), .secondProcess(_, let duration),
            .fill(_, _, let duration):
            duration
        case .streamHang(let duration), .streamMute(_, let duration): duration
        case .lostBefore, .lostAfter, .duplicate, .rateLimited, .banned, .errorInside, .unreadable, .halfAmend,
            .mixedBatch, .emptyOrders, .emptyList, .truncatedPage, .failedPage, .limitUsage, .widerSpread, .zeroPrices,
            .error, .answer, .duplicateFills, .streamBreak, .streamRepeat, .streamReset, .streamGap, .crash:
            nil
        }
    }

    /// How long after its strike the effect may still be felt; nil for as long as a connection lives.
    ///
    /// A Retry-After counts, since nothing may be sent into it.
    var lasting: Duration? {
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): loss.wait
        case .streamHang(let duration), .streamMute(_, let duration): duration
        case .clockStep, .oldAnswer, .streamReplay: .zero
        case .rateLimited(let retryAfter), .banned(let retryAfter): retryAfter.wait
        default: duration ?? .zero
        }
    }
}

extension FaultRetryAfter {
    /// How long the caller is told to wait; zero where nothing says so.
    fileprivate var wait: Duration {
        switch self {
        case .absent: .zero
        case .date(let wait), .epochMilliseconds(let wait): max(.zero, wait)
        case .text(let text): Duration.seconds(Int64(text) ?? 0)
        }
    }
}
