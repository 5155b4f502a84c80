public import SeawallBroker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

extension GuardedBroker {
    /// Changes a working order.
    ///
    /// Values are absolute; what nothing proves is thrown as unknown and asked for.
    ///
    /// Under a restriction only an amend that is proved not to raise exposure passes.
    ///
    /// Where `VenueProfile.amendReplaces`, the order stays one over all its replacements: its quantity is the whole, its
    /// filled quantity what all of them have filled. While one amend of it is in flight, another is denied. An old order
    /// that no answer proves cancelled counts beside the new one; it is asked for by the venue's id, and cancelled if it
    /// works still.
    ///
    /// - Throws: `GuardError`; `CancellationError` when the task is cancelled before the amend was handed over.
    public func amend(_ amend: AmendRequest) async throws -> Order {
        var amend = amend
        if profile.amendReplaces, let entry = ledger.entry(amend.target) { amend.target = .client(entry.clientID) }
        do {
            return try await change(amend)
        } catch {
            courier.metrics.blocked(error)
            throw error
        }
    }

    private func change(_ amend: AmendRequest) async throws -> Order {
        if let entry = ledger.entry(amend.target), entry.order.status.isTerminal {
            throw GuardError(
                code: .denied, message: "order \(amend.target) has ended as \(entry.order.status.rawValue)",
                reasons: ["order_ended"], order: entry.order)
        }
        if let entry = ledger.entry(amend.target), entry.order.status == .prepared {
            throw GuardError(
                code: .denied, message: "order \(amend.target) was not sent yet; cancel it and place another",
                reasons: ["order_not_sent"], order: entry.order)
        }
        guard let named = named(amend) else {
            throw GuardError(
                code: .denied,
                message:
                    "the venue's id of order \(amend.target) is not known yet, and the venue amends by no other name",
                reasons: ["order_id_unknown"], order: ledger.entry(amend.target)?.order)
        }
        let sendBy = time.now.advanced(by: configuration.sendWithin)
        let answer = gate.reserve(amend, expires: sendBy)
        consequences.follow(answer.changes)
        let ticket: AmendTicket
        switch answer.result {
        case .failure(let denial): throw GuardError(denial)
        case .success(let reserved): ticket = reserved
        }
        let sent: AmendRequest
        var leg: JournalledLeg?
        switch evidence.open(amend, as: ticket) {
        case nil: sent = named
        case .send(let request):
            sent = request
            leg = ledger.entry(amend.target)?.legs.journalled
        case .some(let opening):
            evidence.settle(ticket, of: amend.target, applied: false)
            throw denied(amend, opening)
        }
        if let error = await journal.prepare(amend, ticket, leg: leg, by: sendBy) {
            evidence.settle(ticket, of: amend.target, applied: false)
            try Task.checkCancellation()
            throw GuardError.notSaved(amend, ledger.entry(amend.target)?.order, error)
        }
        let lane: Lane = answer.isReducing ? .reduce : .newOrder
        let carried = await courier.carry(parcel(amend, as: sent, ticket, lane, sendBy))
        let entry = ledger.entry(amend.target)
        let order = entry?.order
        // The venue has shown what the amend has made, whatever became of its answer.
        if let entry, entry.legs.isMade(by: ticket) { return entry.order }
        switch carried {
        case .arrived(.answered(let answered)):
            return order ?? answered
        case .arrived(.failed(let outcome, let error)) where isProofOfNoAmend(outcome):
            throw GuardError(
                code: outcome == .noSuchOrder ? .noSuchOrder : .rejected,
                message: "the venue did not amend \(amend.target): \(outcome.name)", reasons: [outcome.name],
                until: outcome.until, order: order, cause: error)
        case .arrived(.failed(_, let error)):
            throw unproven(amend, order, error)
        case .gaveUp:
            throw unproven(amend, order, nil)
        case .refused(let turned):
            evidence.settle(ticket, of: amend.target, applied: false)
            throw turned.error(for: order)
        }
    }

    /// The amend by the name that the venue takes; nil while that is not known.
    private func named(_ amend: AmendRequest) -> AmendRequest? {
        guard case .client = amend.target, !capabilities.contains(.cancelByClientID) else { return amend }
        guard let venueID = ledger.entry(amend.target)?.order.venueID else { return nil }
        var named = amend
        named.target = .venue(venueID)
        return named
    }

    private func parcel(
        _ amend: AmendRequest, as named: AmendRequest, _ ticket: AmendTicket, _ lane: Lane, _ sendBy: MonotonicInstant
    ) -> Parcel<Order> {
        var parcel = Parcel<Order>(
            BrokerCall(.amend, symbol: named.symbol, targets: [named.target], amend: named), lane: lane,
            breaker: lane == .newOrder ? orderBreaker : nil, sendBy: sendBy,
            timeout: configuration.orderTimeout
        ) { try await $0.amend(named) }
        parcel.lastLook = { [self] _ in
            let answer = gate.handOver(ticket)
            consequences.follow(answer.changes)
            return answer.denial.map(GuardError.init)
        }
        parcel.onGivenUp = { [self] in resolver.resolve(amend, ticket) }
        parcel.settle = { [self] arrival in
            switch arrival {
            case .answered(let order):
                evidence.seen(order, answering: amend.target, confirming: ticket)
                evidence.settle(ticket, of: amend.target, applied: true, isProven: true, isAnswered: true)
            case .failed(let outcome, _) where isProofOfNoAmend(outcome):
                evidence.settle(ticket, of: amend.target, applied: false)
            case .failed:
                resolver.resolve(amend, ticket)
            }
        }
        return parcel
    }

    /// Why an amend cannot go out at a venue whose amends replace.
    private func denied(_ amend: AmendRequest, _ opening: OrderLegs.Opening) -> GuardError {
        let (message, reason) =
            switch opening {
            case .inFlight:
                ("another amend of it is in flight, and what that one leaves is not known", "amend_in_flight")
            case .nothingLeft:
                ("as much of it is filled already; cancel it instead", "already_filled")
            case .unseen:
                ("the venue has not shown it since the restart; ask for it first", "order_not_seen")
            case .unnamed, .send:
                ("the venue's id of it is not known yet; ask for it first", "order_id_unknown")
            }
        return GuardError(
            code: .denied, message: "order \(amend.target) cannot be amended now: \(message)", reasons: [reason],
            order: ledger.entry(amend.target)?.order)
    }

    /// True where the amend changed nothing, and never will.
    ///
    /// "No such order" says nothing of what became of the order, but it says that this amend found none to change; unless
    /// amends replace, and the same one, come twice, may have found its own work done.
    private func isProofOfNoAmend(_ outcome: Outcome) -> Bool {
        (outcome == .noSuchOrder && !profile.amendReplaces) || outcome.isProofOfNoEffect(for: .amend)
    }

    private func unproven(_ amend: AmendRequest, _ order: Order?, _ cause: (any Error)?) -> GuardError {
        GuardError(
            code: .outcomeUnknown,
            message:
                "nothing proves whether \(amend.target) was amended; the larger of both quantities counts until the "
                + "venue has been asked",
            order: order, cause: cause)
    }
}
