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
    /// Nil where the venue takes cancels by the client order id, so that nobody has to be told another.
    private let told: ToldOrders?

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
        told = profile.capabilities.contains(.cancelByClientID) ? nil : ToldOrders(pen: pen)
    }

    /// Writes the request, makes it, and writes its reply.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await intercept(call, page: nil, proceed)
    }

    /// Writes the request with the page that it asks for, makes it, and writes its reply.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await intercept(BrokerCall(.openOrders, symbol: symbol), page: page) {
            try await base.openOrders(for: symbol, page: page)
        }
    }

    /// Writes the request with the page that it asks for, makes it, and writes its reply.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await intercept(BrokerCall(.history, symbol: symbol), page: page) {
            try await base.orderHistory(for: symbol, page: page)
        }
    }

    /// Writes the request, makes it, and writes its reply, and which of the venue's ids the events tell.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        let events = try await intercept(BrokerCall(.userStream), page: nil) { try await base.userEvents() }
        return told?.listening(to: events) ?? events
    }

    private func intercept<Answer: Sendable>(
        _ call: BrokerCall, page: PageCursor?, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try pen.fence?.check()
        world.checkThread("\(call.operation.rawValue) at the venue's edge")
        let id = names.request()
        let context = RequestContext.current
        var request = request(id, call, context)
        request.page = page
        pen.append(.request(request))
        context?.onGivenUp { [pen] in pen.append(.reply(ReplyRecord(id: id, event: .gaveUp))) }
        do {
            // Between the two lines, never around them: what the layer decided and what it hands over is one step.
            await world.interleave()
            let answer = try await VenueRequest.$id.withValue(id) { try await proceed() }
            await world.interleave()
            var reply = ReplyRecord(id: id, event: event(context), outcome: "succeeded", status: 200)
            reply.next = (answer as? OrderPage)?.next
            pen.append(.reply(reply))
            told?.note(answer, to: call, request: id)
            return answer
        } catch {
            pen.append(.reply(reply(id, event(context), error, call)))
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
        let scopes = scopes(of: call, weights)
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

    /// An address, the limits that the call is charged to, and those of the account that count whatever is signed for it.
    private func scopes(of call: BrokerCall, _ weights: [String: Int]) -> Set<LimitScope> {
        var scopes: Set<LimitScope> = [.ip]
        for limit in profile.limits {
            let isCharged = (weights[limit.name] ?? 0) > 0 || profile.costsByAge[call.operation]?[limit.name] != nil
            guard isCharged || (limit.counts == .weight && limit.scope == .account) else { continue }
            scopes.insert(limit.scope)
            if limit.isPerSymbol, let symbol = call.symbol { scopes.insert(LimitScope(rawValue: "symbol:\(symbol)")) }
        }
        return scopes
    }

    private func reply(
        _ id: String, _ event: ReplyRecord.Event, _ error: any Error, _ call: BrokerCall
    ) -> ReplyRecord {
        guard let error = error as? BrokerError else {
            return ReplyRecord(id: id, event: event, outcome: "ambiguous")
        }
        let reading = AnswerReader(profile: profile, civilAtZero: civilAtZero).read(
            error, to: call.operation, symbol: call.symbol, now: world.time.now, machineNow: machineNow)
        return ReplyRecord(
            id: id, event: event, outcome: reading.outcome, status: error.status, retryAfter: error.retryAfter,
            limitScope: reading.scope, until: reading.until)
    }

    /// What the civil clock of the process says.
    private var machineNow: CivilInstant {
        let room = world.attachments.value(MachineRoom.self)
        guard let room, room.counts.boots > 0 else { return world.time.civilNow }
        return world.time.civilNow.advanced(by: room.clock.offset)
    }
}
