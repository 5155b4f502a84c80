internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallRateLimit
internal import SeawallTime

/// One attempt to carry a parcel that the limiter has let through.
final class Trip<Answer: Sendable>: Sendable {
    enum End: Sendable {
        case done(Carried<Answer>)
        case shutAgain
    }

    /// What is fixed at the hand-over.
    private struct Departure: Sendable {
        var context: RequestContext
        var ticket: CircuitBreaker.Ticket?
    }

    let race = Race<End>()

    private let parcel: Parcel<Answer>
    private let grant: Grant
    private let place: Precedence.Place?
    private let courier: Courier
    private let departure = Lock(Departure?.none)

    init(_ parcel: Parcel<Answer>, grant: Grant, place: Precedence.Place?, courier: Courier) {
        self.parcel = parcel
        self.grant = grant
        self.place = place
        self.courier = courier
    }

    /// Hands the parcel over, waits for what comes back, and settles it.
    func run() async {
        guard let departure = depart() else { return }
        let context = departure.context
        courier.metrics.handedOver()
        let timer = courier.environment.spawner.spawn { [self] in
            guard let deadline = context.deadline else { return }
            // Woken before its time, by an end of all tasks, nobody would ever tell the caller to go on.
            try? await courier.environment.time.sleep(until: deadline)
            giveUp(isCallerGone: false)
        }
        let arrival: Arrival<Answer>
        do {
            arrival = .answered(try await courier.call(parcel, context))
        } catch {
            arrival = .failed(classify(error), error)
        }
        // First of all the limits: from here on nothing more may go out into what the venue has shut, and what is
        // settled lets others go.
        if case .failed(let outcome, _) = arrival { courier.consequences.follow(outcome, about: parcel.call.symbol) }
        // Only now has the call ended, given up or not: until here it might still have arrived.
        courier.limiter.settle(grant)
        if parcel.call.operation == .place { courier.releases?.ended(parcel.call.order) }
        courier.metrics.ended()
        noteAges(arrival)
        settle(arrival, departure)
        timer.cancel()
    }

    /// Gives the call up, if nobody was faster: the deadline has passed, or the caller is gone.
    func giveUp(isCallerGone: Bool) {
        switch race.claim() {
        case nil:
            return
        case .here:
            race.end(.done(.refused(.callerCancelled)))
        case .away:
            let departure = departure.withLock { $0 }
            record(isCallerGone ? .ignored : .failure, departure?.ticket)
            departure?.context.giveUp()
            parcel.onGivenUp()
            courier.metrics.gaveUp(parcel.call.operation)
            race.end(.done(.gaveUp))
        }
    }

    /// Everything that must be asked in one synchronous step with the hand-over; nothing here waits.
    private func depart() -> Departure? {
        let now = courier.environment.time.now
        if courier.limiter.gateEnd(for: grant.scopes) != nil { return turnBack(.shutAgain) }
        let yields = parcel.lane == .newOrder || parcel.lane == .reduce
        if yields, courier.precedence.isHeld(for: grant.scopes) { return turnBack(.shutAgain) }
        if let sendBy = parcel.sendBy, now >= sendBy { return turnBack(.done(.refused(.late))) }
        var ticket: CircuitBreaker.Ticket?
        if let breaker = parcel.breaker {
            switch breaker.admit().admission {
            case .admitted(let admittedTicket): ticket = admittedTicket
            case .rejected(let rejection):
                courier.metrics.breakers.rejected(breaker.name)
                return turnBack(.done(.refused(.breaker(rejection))))
            }
        }
        let departure = Departure(context: context(now, ticket), ticket: ticket)
        self.departure.withLock { $0 = departure }
        guard race.prepareToDepart() else {
            record(.ignored, ticket)
            courier.limiter.giveBack(grant)
            return nil
        }
        if let refusal = parcel.lastLook(now) {
            record(.ignored, ticket)
            courier.limiter.giveBack(grant)
            race.stay()
            race.end(.done(.refused(.lastLook(refusal))))
            return nil
        }
        // Who went away during the last look left a call that goes out: its fate is unknown, not denied.
        if race.depart() { giveUp(isCallerGone: true) }
        place?.leave()
        if parcel.call.operation == .place { courier.releases?.departs(parcel.call.order, grant) }
        if let amend = parcel.call.amend, parcel.call.operation == .amend { courier.ages?.amendBegins(amend.target) }
        return departure
    }

    private func turnBack(_ end: End) -> Departure? {
        courier.limiter.giveBack(grant)
        if race.claim() != nil { race.end(end) }
        return nil
    }

    private func context(_ now: MonotonicInstant, _ ticket: CircuitBreaker.Ticket?) -> RequestContext {
        RequestContext(
            origin: parcel.origin, lane: parcel.lane, isProbe: ticket?.isProbe ?? false, sentAt: now,
            deadline: now.advanced(by: parcel.timeout), venueTime: courier.clock.venueTime(at: now),
            onHeaders: { [courier, grant, symbol = parcel.call.symbol] headers in
                courier.consequences.learn(
                    headers: headers, about: symbol, answering: grant,
                    civilNow: courier.clock.date(at: courier.environment.time.now))
            })
    }

    private func classify(_ error: any Error) -> Outcome {
        // Dates in an answer are the venue's: a machine whose clock is wrong would wait too long, or not long enough.
        let now = courier.environment.time.now
        return courier.classifier.classify(
            parcel.call.operation, error: error, now: now, civilNow: courier.clock.date(at: now))
    }

    private func settle(_ arrival: Arrival<Answer>, _ departure: Departure) {
        courier.noteClock(arrival.outcome, of: parcel.call.operation, sentAt: departure.context.sentAt)
        let isInTime = race.claim() != nil
        if isInTime { record(arrival.breakerResult, departure.ticket) }
        courier.metrics.arrived(parcel.call.operation, arrival.outcomeName, since: departure.context.sentAt)
        parcel.settle(arrival)
        if isInTime { race.end(.done(.arrived(arrival))) }
    }

    /// Every order that an answer shows is at least as old as that answer.
    private func noteAges(_ arrival: Arrival<Answer>) {
        guard let ages = courier.ages else { return }
        let now = courier.environment.time.now
        if let amend = parcel.call.amend, parcel.call.operation == .amend { ages.amendEnds(amend.target, at: now) }
        guard case .answered(let answer) = arrival else { return }
        if let order = answer as? Order {
            var names = order.names
            names += parcel.call.order?.clientID.map { [.client($0)] } ?? []
            if parcel.call.operation != .place { names += parcel.call.targets.prefix(1) }
            ages.seen(names, at: now)
        } else if let page = answer as? OrderPage {
            for order in page.orders { ages.seen(order.names, at: now) }
        }
    }

    private func record(_ result: CircuitBreaker.CallResult, _ ticket: CircuitBreaker.Ticket?) {
        guard let ticket, let breaker = parcel.breaker else { return }
        courier.metrics.breakers.recorded(result, breaker.name)
        breaker.record(result, for: ticket)
    }
}

extension Order {
    /// What the order can be called by.
    var names: [OrderTarget] {
        (venueID.map { [.venue($0)] } ?? []) + (clientID.map { [.client($0)] } ?? [])
    }
}

extension Arrival {
    /// What the breaker should make of it: only failures of the venue or of the way to it count.
    var breakerResult: CircuitBreaker.CallResult {
        switch self {
        case .answered: .success
        case .failed(let outcome, _): outcome.countsAgainstBreaker ? .failure : .ignored
        }
    }

    /// What it comes to.
    var outcome: Outcome {
        switch self {
        case .answered: .succeeded
        case .failed(let outcome, _): outcome
        }
    }

    /// The word that metrics use.
    var outcomeName: String { outcome.name }
}
