internal import SeawallBroker
internal import SeawallTime

extension FaultEffect: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, loss, duration, copy, retryAfter, form, applied, body, half, count, keepsCursor, page, client
        case onStreams, perMille, basisPoints, error, answer, channel, clean, moment, failure, mode
    }

    /// Reads an effect: `kind`, and what that kind needs; durations are in seconds.
    ///
    /// A key that the kind does not take is refused by its name.
    public init(from decoder: any Decoder) throws {
        var reader = FaultEffectReader(fields: try decoder.strictContainer(keyedBy: CodingKeys.self))
        let kind: Kind = try reader.read(.kind)
        self = try FaultEffect(kind, reading: &reader)
        try decoder.refuseKeys(besides: reader.asked.map(\.stringValue), of: kind.rawValue)
    }

    /// Writes an effect: `kind`, and what that kind needs; durations are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let (kind, fields) = parts
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(fields.loss, forKey: .loss)
        if let duration = fields.duration { try container.encodeSeconds(duration, forKey: .duration) }
        try container.encodeIfPresent(fields.copy, forKey: .copy)
        try container.encodeIfPresent(fields.retryAfter, forKey: .retryAfter)
        try container.encodeIfPresent(fields.form, forKey: .form)
        try container.encodeIfPresent(fields.applied, forKey: .applied)
        try container.encodeIfPresent(fields.body, forKey: .body)
        try container.encodeIfPresent(fields.half, forKey: .half)
        try container.encodeIfPresent(fields.count, forKey: .count)
        try container.encodeIfPresent(fields.keepsCursor, forKey: .keepsCursor)
        try container.encodeIfPresent(fields.page, forKey: .page)
        try container.encodeIfPresent(fields.client, forKey: .client)
        try container.encodeIfPresent(fields.onStreams, forKey: .onStreams)
        try container.encodeIfPresent(fields.perMille, forKey: .perMille)
        try container.encodeIfPresent(fields.basisPoints, forKey: .basisPoints)
        try container.encodeIfPresent(fields.error, forKey: .error)
        try container.encodeIfPresent(fields.answer, forKey: .answer)
        try container.encodeIfPresent(fields.channel, forKey: .channel)
        try container.encodeIfPresent(fields.clean, forKey: .clean)
        try container.encodeIfPresent(fields.moment, forKey: .moment)
        try container.encodeIfPresent(fields.failure, forKey: .failure)
        try container.encodeIfPresent(fields.mode, forKey: .mode)
    }

    private init(_ kind: Kind, reading reader: inout FaultEffectReader) throws {
        self =
            switch kind {
            case .lostBefore: .lostBefore(try reader.read(.loss))
            case .lostAfter: .lostAfter(try reader.read(.loss))
            case .delay: .delay(try reader.duration())
            case .delayedReply: .delayedReply(try reader.duration())
            case .duplicate: .duplicate(returning: try reader.read(.copy))
            case .reorder: .reorder(within: try reader.duration())
            case .rateLimited: .rateLimited(retryAfter: try reader.retryAfter())
            case .banned: .banned(retryAfter: try reader.retryAfter())
            case .outage: .outage(for: try reader.duration(), as: try reader.read(.form))
            case .errorInside: .errorInside(applied: try reader.read(.applied))
            case .unreadable: .unreadable(try reader.read(.body), applied: try reader.read(.applied))
            case .halfAmend: .halfAmend(try reader.readIfPresent(.half) ?? .cancel)
            case .mixedBatch: .mixedBatch
            case .emptyOrders: .emptyOrders
            case .emptyList: .emptyList
            case .oldAnswer: .oldAnswer(age: try reader.duration())
            case .truncatedPage:
                .truncatedPage(keeping: try reader.read(.count), keepsCursor: try reader.read(.keepsCursor))
            case .failedPage: .failedPage(try reader.readIfPresent(.page), as: try reader.read(.form))
            case .hiddenOrder:
                .hiddenOrder(
                    try reader.readIfPresent(.client), for: try reader.duration(),
                    onStreams: try reader.read(.onStreams))
            case .limitUsage: .limitUsage(perMille: try reader.read(.perMille))
            case .widerSpread: .widerSpread(basisPoints: try reader.read(.basisPoints))
            case .zeroPrices: .zeroPrices
            case .error: .error(try reader.read(.error), applied: try reader.readIfPresent(.applied) ?? false)
            case .answer: .answer(try reader.read(.answer))
            case .lateFills: .lateFills(by: try reader.duration())
            case .duplicateFills: .duplicateFills
            case .reorderedFills: .reorderedFills(within: try reader.duration())
            case .streamHang: .streamHang(for: try reader.durationIfPresent())
            case .streamMute: .streamMute(try reader.read(.channel), for: try reader.durationIfPresent())
            case .streamBreak: .streamBreak(clean: try reader.read(.clean))
            case .streamFlap: .streamFlap(every: try reader.duration())
            case .streamRepeat: .streamRepeat(times: try reader.read(.count))
            case .streamReset: .streamReset
            case .streamGap: .streamGap(events: try reader.read(.count))
            case .streamReplay: .streamReplay(age: try reader.duration())
            case .clockStep: .clockStep(try reader.duration())
            case .machineSleep: .machineSleep(try reader.duration())
            case .crash: .crash(try reader.read(.moment))
            case .diskFailure: .diskFailure(try reader.read(.failure), for: try reader.duration())
            case .venueMode: .venueMode(try reader.read(.mode), for: try reader.duration())
            case .authenticationExpiry: .authenticationExpiry(for: try reader.duration())
            case .secondProcess: .secondProcess(perMille: try reader.read(.perMille), for: try reader.duration())
            case .fill:
                .fill(
                    perMille: try reader.read(.perMille), at: try reader.read(.moment), hold: try reader.duration())
            }
    }
}
