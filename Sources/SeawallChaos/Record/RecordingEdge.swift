public import Seawall

/// Stands at the venue's edge and writes down every request that is handed over and how it came back.
///
/// What it writes it works out by itself, from the profile's tables and the error as it came: it is the judge's eye.
public struct RecordingEdge: InterceptingBroker {
    /// The venue, or the faults before it.
    public let base: any Broker

    private let profile: VenueProfile
    private let pen: RunPen
    private let names: RunNames
    private let world: SimulatedWorld
    private let civilAtZero: CivilInstant

    init(
        base: any Broker, profile: VenueProfile, pen: RunPen, names: RunNames, world: SimulatedWorld,
        civilAtZero: CivilInstant
    ) {
        self.base = base
        self.profile = profile
        self.pen = pen
        self.names = names
        self.world = world
        self.civilAtZero = civilAtZero
    }

    /// Writes the request, makes it, and writes its reply.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try pen.fence?.check()
        world.checkThread("\(call.operation.rawValue) at the venue's edge")
        let id = names.request()
        let context = RequestContext.current
        pen.append(.request(request(id, call, context)))
        context?.onGivenUp { [pen] in pen.append(.reply(ReplyRecord(id: id, event: .gaveUp))) }
        do {
            let answer = try await VenueRequest.$id.withValue(id) { try await proceed() }
            pen.append(.reply(ReplyRecord(id: id, event: event(context), outcome: "succeeded", status: 200)))
            return answer
        } catch {
            pen.append(.reply(reply(id, event(context), error)))
            throw error
        }
    }

    private func event(_ context: RequestContext?) -> ReplyRecord.Event {
        context?.isGivenUp == true ? .late : .answered
    }

    private func request(_ id: String, _ call: BrokerCall, _ context: RequestContext?) -> RequestRecord {
        // Worked out from the profile's tables alone. Every request comes from an address, whatever it weighs.
        let weights =
            (call.symbol == nil ? profile.costsWithoutSymbol[call.operation] : nil) ?? profile.costs[call.operation]
            ?? [:]
        var scopes: Set<LimitScope> = [.ip]
        for limit in profile.limits where limit.counts == .weight || (weights[limit.name] ?? 0) > 0 {
            scopes.insert(limit.scope)
        }
        let order = call.order
        var record = RequestRecord(id: id, operation: call.operation)
        record.lane = context?.lane
        record.isProbe = context?.isProbe ?? false
        record.weights = weights
        record.scopes = scopes.sorted()
        record.clientID = order?.clientID
        record.targets = call.targets.map(\.description)
        record.symbol = call.symbol
        record.side = order?.side
        record.quantity = order?.quantity.amount ?? call.amend?.quantity
        record.isInQuote = order?.quantity.isInQuote ?? false
        record.type = order?.type.name
        record.isReduceOnly = order?.isReduceOnly ?? false
        record.group = order?.group
        record.replaces = order?.replaces
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
            id: id, event: event, outcome: error.provenOutcome, status: error.status, retryAfter: error.retryAfter)
        if error.status == 429 || error.status == 418 {
            record.limitScope = error.venueCode == "-1015" ? .account : .ip
            record.until = error.retryAfter.flatMap { until($0) }
        }
        return record
    }

    /// Seconds from now, or a point in epoch milliseconds.
    private func until(_ raw: String) -> MonotonicInstant? {
        guard let number = Int64(raw), number >= 0 else { return nil }
        if number < 100_000_000_000 { return world.time.now.advanced(by: .seconds(number)) }
        // On the venue's clock, which nobody steps.
        let instant = MonotonicInstant.origin.advanced(
            by: civilAtZero.duration(to: CivilInstant(millisecondsSinceEpoch: number)))
        return max(world.time.now, instant)
    }
}
