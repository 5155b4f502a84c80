internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// Legs that a replacement should have cancelled, and of which nothing shows that it did.
///
/// An amend that is a cancel and a new order can be done in half, and an answer that is lost does not say in which. Each
/// such leg is asked for by the venue's own name of it until its end is proven; one that works still is cancelled, if it
/// was an amend of ours that should have done so.
extension Resolver {
    /// Begins to ask for the legs in doubt of an order, unless that is going on already.
    func resolveLegs(of clientID: ClientOrderID) {
        let isNew = searchingLegs.withLock { $0.insert(clientID).inserted }
        guard isNew else { return }
        courier.environment.spawner.spawn { [self] in
            await askLegs(of: clientID)
            _ = searchingLegs.withLock { $0.remove(clientID) }
            // What came into doubt after the last look found this task still there.
            if !Task.isCancelled, ledger.entry(clientID)?.legs.doubtful.isEmpty == false { resolveLegs(of: clientID) }
        }
    }

    private func askLegs(of clientID: ClientOrderID) async {
        let origin = RequestContext.Origin.library(episode: "resolve:\(clientID)")
        let conclusiveFrom = courier.environment.time.now.advanced(by: conclusiveAfter)
        var absences: [VenueOrderID: Int] = [:]
        var tries = 0
        while !Task.isCancelled {
            tries += 1
            do { try await courier.environment.time.sleep(for: delay(afterTry: tries)) } catch { return }
            guard let entry = ledger.entry(clientID), !entry.legs.doubtful.isEmpty else { return }
            for leg in entry.legs.doubtful {
                switch await query(.venue(leg.venueID), symbol: entry.order.symbol, origin: origin) {
                case .found:
                    guard leg.isAmended, isInDoubt(leg.venueID, of: clientID) else { continue }
                    await cancel(leg.venueID, symbol: entry.order.symbol, origin)
                case .absent(let askedAt):
                    if askedAt >= conclusiveFrom { absences[leg.venueID, default: 0] += 1 }
                    let count = absences[leg.venueID] ?? 0
                    if count >= configuration.absencesRequired { evidence.gone(leg.venueID, of: clientID) }
                case .noAnswer:
                    break
                }
            }
        }
    }

    private func isInDoubt(_ leg: VenueOrderID, of clientID: ClientOrderID) -> Bool {
        ledger.entry(clientID)?.legs.doubtful.contains { $0.venueID == leg } == true
    }

    /// Cancels a leg; what that comes to is shown by its answer, or by the next question.
    private func cancel(_ leg: VenueOrderID, symbol: Symbol, _ origin: RequestContext.Origin) async {
        let target = OrderTarget.venue(leg)
        var parcel = Parcel<Order>(
            BrokerCall(.cancel, symbol: symbol, targets: [target]), lane: .cancel, origin: origin,
            timeout: configuration.orderTimeout
        ) { try await $0.cancel(target, symbol: symbol) }
        parcel.settle = { [self] arrival in
            if case .answered(let order) = arrival { evidence.seen(order, answering: target) }
        }
        _ = await courier.carry(parcel)
    }
}
