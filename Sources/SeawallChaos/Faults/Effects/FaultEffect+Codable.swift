internal import SeawallBroker
internal import SeawallTime

extension FaultEffect: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, loss, duration, copy, retryAfter, form, applied, body, count, keepsCursor, page, client, onStreams
        case perMille, basisPoints, error, answer, channel, clean, moment, failure, mode
    }

    /// Reads an effect: `kind`, and what that kind needs; durations are in seconds, and a key of no kind is refused.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self = try fields.effect(of: try fields.decode(Kind.self, forKey: .kind))
    }

    /// Writes an effect: `kind`, and what that kind needs; durations are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kind, forKey: .kind)
        if let duration { try fields.encodeSeconds(duration, forKey: .duration) }
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): try fields.encode(loss, forKey: .loss)
        case .duplicate(let copy): try fields.encode(copy, forKey: .copy)
        case .rateLimited(let retryAfter), .banned(let retryAfter): try fields.encode(retryAfter, forKey: .retryAfter)
        case .outage(_, let form): try fields.encode(form, forKey: .form)
        case .errorInside(let applied): try fields.encode(applied, forKey: .applied)
        case .unreadable(let body, let applied):
            try fields.encode(body, forKey: .body)
            try fields.encode(applied, forKey: .applied)
        case .truncatedPage(let count, let keepsCursor):
            try fields.encode(count, forKey: .count)
            try fields.encode(keepsCursor, forKey: .keepsCursor)
        case .failedPage(let page, let form):
            try fields.encodeIfPresent(page, forKey: .page)
            try fields.encode(form, forKey: .form)
        case .hiddenOrder(let client, _, let onStreams):
            try fields.encodeIfPresent(client, forKey: .client)
            try fields.encode(onStreams, forKey: .onStreams)
        case .limitUsage(let perMille), .secondProcess(let perMille, _): try fields.encode(perMille, forKey: .perMille)
        case .widerSpread(let basisPoints): try fields.encode(basisPoints, forKey: .basisPoints)
        case .error(let error): try fields.encode(error, forKey: .error)
        case .answer(let answer): try fields.encode(answer, forKey: .answer)
        case .streamMute(let channel, _): try fields.encode(channel, forKey: .channel)
        case .streamBreak(let clean): try fields.encode(clean, forKey: .clean)
        case .streamRepeat(let count), .streamGap(let count): try fields.encode(count, forKey: .count)
        case .crash(let moment): try fields.encode(moment, forKey: .moment)
        case .diskFailure(let failure, _): try fields.encode(failure, forKey: .failure)
        case .venueMode(let mode, _): try fields.encode(mode, forKey: .mode)
        case .fill(let perMille, let moment, _):
            try fields.encode(perMille, forKey: .perMille)
            try fields.encode(moment, forKey: .moment)
        case .delay, .delayedReply, .reorder, .halfAmend, .mixedBatch, .emptyOrders, .emptyList, .oldAnswer,
            .zeroPrices, .lateFills, .duplicateFills, .reorderedFills, .streamHang, .streamFlap, .streamReset,
            .streamReplay, .clockStep, .machineSleep, .authenticationExpiry:
            break
        }
    }
}

extension KeyedDecodingContainer<FaultEffect.CodingKeys> {
    fileprivate func effect(of kind: FaultEffect.Kind) throws -> FaultEffect {
        switch kind {
        case .lostBefore: .lostBefore(try decode(FaultLoss.self, forKey: .loss))
        case .lostAfter: .lostAfter(try decode(FaultLoss.self, forKey: .loss))
        case .delay: .delay(try duration())
        case .delayedReply: .delayedReply(try duration())
        case .duplicate: .duplicate(returning: try decode(FaultCopy.self, forKey: .copy))
        case .reorder: .reorder(within: try duration())
        case .rateLimited: .rateLimited(retryAfter: try retryAfter())
        case .banned: .banned(retryAfter: try retryAfter())
        case .outage: .outage(for: try duration(), as: try decode(FaultOutage.self, forKey: .form))
        case .errorInside: .errorInside(applied: try decode(Bool.self, forKey: .applied))
        case .unreadable:
            .unreadable(
                try decode(FaultBody.self, forKey: .body), applied: try decode(Bool.self, forKey: .applied))
        case .halfAmend: .halfAmend
        case .mixedBatch: .mixedBatch
        case .emptyOrders: .emptyOrders
        case .emptyList: .emptyList
        case .oldAnswer: .oldAnswer(age: try duration())
        case .truncatedPage:
            .truncatedPage(
                keeping: try decode(Int.self, forKey: .count), keepsCursor: try decode(Bool.self, forKey: .keepsCursor))
        case .failedPage:
            .failedPage(
                try decodeIfPresent(Int.self, forKey: .page), as: try decode(FaultOutage.self, forKey: .form))
        case .hiddenOrder:
            .hiddenOrder(
                try decodeIfPresent(ClientOrderID.self, forKey: .client), for: try duration(),
                onStreams: try decode(Bool.self, forKey: .onStreams))
        case .limitUsage: .limitUsage(perMille: try decode(Int.self, forKey: .perMille))
        case .widerSpread: .widerSpread(basisPoints: try decode(Int.self, forKey: .basisPoints))
        case .zeroPrices: .zeroPrices
        case .error: .error(try decode(FaultError.self, forKey: .error))
        case .answer: .answer(try decode(FaultAnswer.self, forKey: .answer))
        case .lateFills, .duplicateFills, .reorderedFills: try fillsEffect(of: kind)
        case .streamHang, .streamMute, .streamBreak, .streamFlap, .streamRepeat, .streamReset, .streamGap,
            .streamReplay:
            try streamEffect(of: kind)
        case .clockStep, .machineSleep, .crash, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess, .fill:
            try worldEffect(of: kind)
        }
    }

    private func fillsEffect(of kind: FaultEffect.Kind) throws -> FaultEffect {
        switch kind {
        case .lateFills: .lateFills(by: try duration())
        case .reorderedFills: .reorderedFills(within: try duration())
        default: .duplicateFills
        }
    }

    private func streamEffect(of kind: FaultEffect.Kind) throws -> FaultEffect {
        switch kind {
        case .streamHang: .streamHang(for: try decodeSecondsIfPresent(forKey: .duration))
        case .streamMute:
            .streamMute(
                try decode(FaultChannel.self, forKey: .channel), for: try decodeSecondsIfPresent(forKey: .duration))
        case .streamBreak: .streamBreak(clean: try decode(Bool.self, forKey: .clean))
        case .streamFlap: .streamFlap(every: try duration())
        case .streamRepeat: .streamRepeat(times: try decode(Int.self, forKey: .count))
        case .streamGap: .streamGap(events: try decode(Int.self, forKey: .count))
        case .streamReplay: .streamReplay(age: try duration())
        default: .streamReset
        }
    }

    private func worldEffect(of kind: FaultEffect.Kind) throws -> FaultEffect {
        switch kind {
        case .clockStep: .clockStep(try duration())
        case .machineSleep: .machineSleep(try duration())
        case .diskFailure: .diskFailure(try decode(DiskFailure.self, forKey: .failure), for: try duration())
        case .venueMode: .venueMode(try decode(VenueStatus.Mode.self, forKey: .mode), for: try duration())
        case .authenticationExpiry: .authenticationExpiry(for: try duration())
        case .secondProcess:
            .secondProcess(perMille: try decode(Int.self, forKey: .perMille), for: try duration())
        case .fill:
            .fill(
                perMille: try decode(Int.self, forKey: .perMille), at: try decode(FaultMoment.self, forKey: .moment),
                hold: try duration())
        default: .crash(try decode(FaultMoment.self, forKey: .moment))
        }
    }

    private func duration() throws -> Duration {
        guard let duration = try decodeSecondsIfPresent(forKey: .duration) else {
            throw DecodingError.keyNotFound(
                Key.duration, .init(codingPath: codingPath, debugDescription: "expected seconds"))
        }
        return duration
    }

    private func retryAfter() throws -> FaultRetryAfter {
        try decodeIfPresent(FaultRetryAfter.self, forKey: .retryAfter) ?? .absent
    }
}
