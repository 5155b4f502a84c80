internal import SeawallBroker

extension FaultEffect {
    /// What kinds of effects need beside their kind, each by its key in JSON.
    struct Fields: Sendable {
        var loss: FaultLoss?
        var duration: Duration?
        var copy: FaultCopy?
        var retryAfter: FaultRetryAfter?
        var form: FaultOutage?
        var applied: Bool?
        var body: FaultBody?
        var half: FaultHalf?
        var count: Int?
        var keepsCursor: Bool?
        var page: Int?
        var client: ClientOrderID?
        var onStreams: Bool?
        var perMille: Int?
        var basisPoints: Int?
        var error: FaultError?
        var answer: FaultAnswer?
        var channel: FaultChannel?
        var clean: Bool?
        var moment: FaultMoment?
        var failure: DiskFailure?
        var mode: VenueStatus.Mode?
    }

    /// The effect taken apart; `init(reading:)` puts it together.
    var parts: (kind: Kind, fields: Fields) {
        switch self {
        case .lostBefore(let loss): (.lostBefore, Fields(loss: loss))
        case .lostAfter(let loss): (.lostAfter, Fields(loss: loss))
        case .delay(let duration): (.delay, Fields(duration: duration))
        case .delayedReply(let duration): (.delayedReply, Fields(duration: duration))
        case .duplicate(let copy): (.duplicate, Fields(copy: copy))
        case .reorder(let duration): (.reorder, Fields(duration: duration))
        case .rateLimited(let retryAfter): (.rateLimited, Fields(retryAfter: retryAfter))
        case .banned(let retryAfter): (.banned, Fields(retryAfter: retryAfter))
        case .outage(let duration, let form): (.outage, Fields(duration: duration, form: form))
        case .errorInside(let applied): (.errorInside, Fields(applied: applied))
        case .unreadable(let body, let applied): (.unreadable, Fields(applied: applied, body: body))
        case .halfAmend(let half): (.halfAmend, Fields(half: half))
        case .mixedBatch: (.mixedBatch, Fields())
        case .emptyOrders: (.emptyOrders, Fields())
        case .emptyList: (.emptyList, Fields())
        case .oldAnswer(let age): (.oldAnswer, Fields(duration: age))
        case .truncatedPage(let count, let keeps): (.truncatedPage, Fields(count: count, keepsCursor: keeps))
        case .failedPage(let page, let form): (.failedPage, Fields(form: form, page: page))
        case .hiddenOrder(let client, let duration, let onStreams):
            (.hiddenOrder, Fields(duration: duration, client: client, onStreams: onStreams))
        case .limitUsage(let perMille): (.limitUsage, Fields(perMille: perMille))
        case .widerSpread(let basisPoints): (.widerSpread, Fields(basisPoints: basisPoints))
        case .zeroPrices: (.zeroPrices, Fields())
        case .error(let error, let applied):
            (.error, Fields(applied: applied ? true : nil, error: error))
        case .answer(let answer): (.answer, Fields(answer: answer))
        case .lateFills(let duration): (.lateFills, Fields(duration: duration))
        case .duplicateFills: (.duplicateFills, Fields())
        case .reorderedFills(let duration): (.reorderedFills, Fields(duration: duration))
        case .streamHang(let duration): (.streamHang, Fields(duration: duration))
        case .streamMute(let channel, let duration): (.streamMute, Fields(duration: duration, channel: channel))
        case .streamBreak(let clean): (.streamBreak, Fields(clean: clean))
        case .streamFlap(let life): (.streamFlap, Fields(duration: life))
        case .streamRepeat(let count): (.streamRepeat, Fields(count: count))
        case .streamReset: (.streamReset, Fields())
        case .streamGap(let count): (.streamGap, Fields(count: count))
        case .streamReplay(let age): (.streamReplay, Fields(duration: age))
        case .clockStep(let step): (.clockStep, Fields(duration: step))
        case .machineSleep(let duration): (.machineSleep, Fields(duration: duration))
        case .crash(let moment): (.crash, Fields(moment: moment))
        case .diskFailure(let failure, let duration): (.diskFailure, Fields(duration: duration, failure: failure))
        case .venueMode(let mode, let duration): (.venueMode, Fields(duration: duration, mode: mode))
        case .authenticationExpiry(let duration): (.authenticationExpiry, Fields(duration: duration))
        case .secondProcess(let perMille, let duration):
            (.secondProcess, Fields(duration: duration, perMille: perMille))
        case .fill(let perMille, let moment, let hold):
            (.fill, Fields(duration: hold, perMille: perMille, moment: moment))
        }
    }

    var kind: Kind { parts.kind }

    /// The one span of time that the effect names, where it names one.
    var duration: Duration? { parts.fields.duration }
}
