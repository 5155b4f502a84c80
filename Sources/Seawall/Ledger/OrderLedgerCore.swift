internal import SeawallBroker
internal import SeawallTime

/// The core of the order ledger: every intent, the one client order id it was given, and what is proven of its order.
///
/// Intents whose order has ended are kept up to `capacity` and then forgotten, oldest end first; those that have not
/// ended are never forgotten.
struct OrderLedgerCore: Sendable {
    /// What placing an intent comes to.
    enum Opening: Sendable {
        /// A new intent: go on.
        case new(LedgerEntry)
        /// The intent is known: this is its order, and nothing is to be sent.
        case known(Order)
        /// The intent, or the client id, is known with another body.
        case conflict(OrderRequest)
    }

    /// What handing over an order comes to.
    enum Sending: Sendable {
        /// It counts as sent: hand it over.
        case sent([LedgerChange])
        /// One more may not be open.
        case full(OpenOrderLimits.Full)
        /// It was withdrawn, or is known to be at the venue.
        case overtaken
    }

    /// How many orders are unknown now.
    private(set) var unknownCount = 0

    private let capacity: Int
    private var entries: [IntentID: LedgerEntry] = [:]
    private var intentByClient: [ClientOrderID: IntentID] = [:]
    private var intentByVenue: [VenueOrderID: IntentID] = [:]
    private var unended: Set<IntentID> = []
    private var ended: [IntentID] = []
    private var forgotten = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Finds the intent, or writes it down as prepared.
    mutating func open(_ request: OrderRequest, intent: IntentID, clientID: ClientOrderID) -> Opening {
        let entry = LedgerEntry(request: request, intent: intent, clientID: clientID)
        if let known = entries[intent] {
            return known.request == entry.request ? .known(known.order) : .conflict(known.request)
        } else if let other = intentByClient[clientID], let known = entries[other] {
            return .conflict(known.request)
        }
        entries[intent] = entry
        intentByClient[clientID] = intent
        unended.insert(intent)
        return .new(entry)
    }

    /// Takes in an entry of an earlier run, unless its intent or its client id is known.
    ///
    /// What is in doubt is told once more: whoever listens to this run has not heard of it.
    mutating func restore(_ entry: LedgerEntry) -> [LedgerChange] {
        guard entries[entry.intent] == nil, intentByClient[entry.clientID] == nil else { return [] }
        entries[entry.intent] = entry
        intentByClient[entry.clientID] = entry.intent
        if let venueID = entry.order.venueID { intentByVenue[venueID] = entry.intent }
        if entry.order.status == .unknown { unknownCount += 1 }
        if entry.order.status.isTerminal { recordEnd(entry.intent) } else { unended.insert(entry.intent) }
        return entry.order.status == .unknown ? [change(entry, .unknown)] : []
    }

    /// Counts an order as sent unless one more may not be open, in one step: of two at once the second sees the first.
    mutating func send(
        _ clientID: ClientOrderID, at now: MonotonicInstant, within limits: OpenOrderLimits
    ) -> Sending {
        guard let entry = entry(clientID), entry.order.status == .prepared else { return .overtaken }
        let full = limits.reached(by: entry.request.symbol) {
            unended.compactMap { entries[$0]?.order }.filter { $0.status != .prepared }.map(\.symbol)
        }
        if let full { return .full(full) }
        return .sent(apply(.sent(at: now), to: clientID))
    }

    /// Applies what was learnt of the order with this client id.
    mutating func apply(_ event: LedgerEvent, to clientID: ClientOrderID) -> [LedgerChange] {
        guard let intent = intentByClient[clientID], var entry = entries[intent] else { return [] }
        let wasTerminal = entry.order.status.isTerminal
        let wasUnknown = entry.order.status == .unknown
        let passed = entry.apply(event)
        entries[intent] = entry
        if let venueID = entry.order.venueID { intentByVenue[venueID] = intent }
        unknownCount += (entry.order.status == .unknown ? 1 : 0) - (wasUnknown ? 1 : 0)
        if entry.order.status.isTerminal { unended.remove(intent) } else { unended.insert(intent) }
        // What was never sent stays until its placing has ended: `discard` forgets it then, and not before, so that
        // the same intent cannot be placed anew beside it.
        if entry.order.status.isTerminal, !wasTerminal, !entry.isUnsent { recordEnd(intent) }
        return passed.map { change(entry, $0) }
    }

    /// Changes what is known of an order's legs; nil where there is none of that client id.
    @discardableResult
    mutating func withLegs<Value>(of clientID: ClientOrderID, _ body: (inout OrderLegs) -> Value) -> Value? {
        // Taken out, so that its list of names is changed in place and not copied.
        guard let intent = intentByClient[clientID], var entry = entries.removeValue(forKey: intent) else { return nil }
        defer { entries[intent] = entry }
        return body(&entry.legs)
    }

    /// Learns a name that the venue has for an order beside the newest one.
    mutating func name(_ venueID: VenueOrderID, as clientID: ClientOrderID) {
        if intentByVenue[venueID] == nil { intentByVenue[venueID] = intentByClient[clientID] }
    }

    /// The first step of an intent that was admitted.
    func prepared(_ clientID: ClientOrderID) -> [LedgerChange] {
        guard let entry = entry(clientID), entry.order.status == .prepared else { return [] }
        return [change(entry, .prepared)]
    }

    /// Forgets an intent whose placing has ended with nothing sent: placed again, it is decided again.
    mutating func discard(_ clientID: ClientOrderID) {
        guard let entry = entry(clientID), entry.isUnsent else { return }
        remove(entry.intent)
    }

    func entry(_ clientID: ClientOrderID) -> LedgerEntry? {
        intentByClient[clientID].flatMap { entries[$0] }
    }

    func entry(_ target: OrderTarget) -> LedgerEntry? {
        switch target {
        case .client(let id): entry(id)
        case .venue(let id): intentByVenue[id].flatMap { entries[$0] }
        }
    }

    func entry(intent: IntentID) -> LedgerEntry? { entries[intent] }

    /// The orders that have been sent and have not ended, in the order of their client ids.
    var live: [LedgerEntry] { active.filter { $0.order.status != .prepared } }

    /// The orders that have not ended, those not sent yet too, in the order of their client ids.
    var active: [LedgerEntry] {
        unended.compactMap { entries[$0] }.sorted { $0.clientID < $1.clientID }
    }

    /// How many orders are known, by what has become of them.
    var counts: OrderLedger.Counts {
        OrderLedger.Counts(active: unended.count, ended: ended.count - forgotten, unknown: unknownCount)
    }

    private func change(_ entry: LedgerEntry, _ state: OrderStatus) -> LedgerChange {
        LedgerChange(
            intent: entry.intent, clientID: entry.clientID, venueID: entry.order.venueID, symbol: entry.order.symbol,
            state: state)
    }

    private mutating func recordEnd(_ intent: IntentID) {
        ended.append(intent)
        while ended.count - forgotten > capacity {
            let oldest = ended[forgotten]
            forgotten += 1
            if entries[oldest]?.order.status.isTerminal == true { remove(oldest) }
        }
        // The forgotten front is cut off now and then, so that forgetting costs constant time on average.
        if forgotten > capacity {
            ended.removeFirst(forgotten)
            forgotten = 0
        }
    }

    private mutating func remove(_ intent: IntentID) {
        guard let entry = entries.removeValue(forKey: intent) else { return }
        intentByClient[entry.clientID] = nil
        unended.remove(intent)
        if let venueID = entry.order.venueID { intentByVenue[venueID] = nil }
        for venueID in entry.legs.venueIDs { intentByVenue[venueID] = nil }
    }
}
