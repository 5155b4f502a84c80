public import Seawall

/// Stands at the venue's edge and writes down every request that is handed over and how it came back.
///
/// What it writes it works out by itself, from the profile's tables and the error as it came: it is the judge's eye.
public struct RecordingEdge: InterceptingBroker {
    /// The venue, or the faults before it.
    public let base: any Broker

    private let profile: VenueProfile
    private let log: RunLog
    private let names: RunNames
    private let world: SimulatedWorld

    init(base: any Broker, profile: VenueProfile, log: RunLog, names: RunNames, world: SimulatedWorld) {
        self.base = base
        self.profile = profile
        self.log = log
        self.names = names
        self.world = world
    }

    /// Writes the request, makes it, and writes its reply.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        world.checkThread("\(call.operation.rawValue) at the venue's edge")
        let id = names.request()
        let context = RequestContext.current
        log.append(.request(request(id, call, context)))
        context?.onGivenUp { [log] in log.append(.reply(ReplyRecord(id: id, event: .gaveUp))) }
        do {
            let answer = try await VenueRequest.$id.withValue(id) { try await proceed() }
            log.append(.reply(ReplyRecord(id: id, event: event(context), outcome: "succeeded", status: 200)))
            return answer
        } catch {
            log.append(.reply(reply(id, event(context), error)))
            throw error
        }
    }

    private func event(_ context: RequestContext?) -> ReplyRecord.Event {
        context?.isGivenUp == true ? .late : .answered
    }

    private func request(_ id: String, _ call: BrokerCall, _ context: RequestContext?) -> RequestRecord {
        // Worked out from the profile's tables alone: a weight of nothing counts in the scope all the same.
        let isWithoutSymbol = call.symbol == nil
        let weights =
            (isWithoutSymbol ? profile.costsWithoutSymbol[call.operation] : nil) ?? profile.costs[call.operation] ?? [:]
        let counted = profile.limits.filter { $0.counts == .weight || (weights[$0.name] ?? 0) > 0 }
        let scopes = Set(counted.map(\.scope)).sorted()
        var record = RequestRecord(
            id: id, operation: call.operation, lane: context?.lane, weights: weights, scopes: scopes,
            clientID: call.order?.clientID, targets: call.targets.map(\.description), symbol: call.symbol,
            side: call.order?.side, quantity: call.order?.quantity.amount ?? call.amend?.quantity,
            type: call.order?.type.name, isReduceOnly: call.order?.isReduceOnly ?? false, group: call.order?.group,
            replaces: call.order?.replaces, isProbe: context?.isProbe ?? false)
        if case .client(let clientID)? = call.targets.first, call.targets.count == 1 { record.clientID = clientID }
        switch context?.origin {
        case .library(let episode): record.episode = episode
        case .bot, nil: record.call = CurrentCall.id
        }
        return record
    }

    private func reply(_ id: String, _ event: ReplyRecord.Event, _ error: any Error) -> ReplyRecord {
        guard let error = error as? BrokerError else {
            return ReplyRecord(id: id, event: event, outcome: "ambiguous")
        }
        var record = ReplyRecord(
            id: id, event: event, outcome: Self.outcome(of: error), status: error.status, retryAfter: error.retryAfter)
        if error.status == 429 || error.status == 418 {
            record.limitScope = error.venueCode == "-1015" ? "account" : "ip"
            record.until = error.retryAfter.flatMap { until($0) }
        }
        return record
    }

    /// What the answer proves to anybody, by status and code alone.
    private static func outcome(of error: BrokerError) -> String {
        switch (error.delivery, error.status, error.venueCode) {
        case (.notSent, _, _): "not_sent"
        case (.maybeSent, _, _): "ambiguous"
        case (.answered, 429?, _): "rate_limited"
        case (.answered, 418?, _): "banned"
        case (.answered, _, "-2011"?), (.answered, _, "-2013"?): "no_such_order"
        case (.answered, _, "-4116"?): "duplicate"
        case (.answered, _, "-2022"?), (.answered, _, "-4118"?): "reduce_capacity"
        case (.answered, _, "-1021"?): "clock_skew"
        case (.answered, let status?, _) where (400..<500).contains(status): "rejected"
        case (.answered, _, _): "ambiguous"
        }
    }

    /// Seconds from now, or a point in epoch milliseconds.
    private func until(_ raw: String) -> MonotonicInstant? {
        guard let number = Int64(raw), number >= 0 else { return nil }
        if number < 100_000_000_000 { return world.time.now.advanced(by: .seconds(number)) }
        let wait = world.time.civilNow.duration(to: CivilInstant(millisecondsSinceEpoch: number))
        return world.time.now.advanced(by: max(.zero, wait))
    }
}
