package import SeawallBroker

/// What a journal's lines come to, everything that a restart must know: a pure fold.
package struct JournalState: Sendable {
    /// The number of the last start; nil before the first.
    package private(set) var boot: Int?

    /// The causes that stand, as they were last written down.
    package private(set) var causes: [CauseKey: JournalledCause] = [:]

    /// Which stay of a cause that stands has been swept.
    package private(set) var swept: [CauseKey: String] = [:]

    /// Every intent that is remembered, by client order id.
    package private(set) var intents: [ClientOrderID: JournalledIntent] = [:]

    /// The amends of which it is not proven what became of them, by id.
    package private(set) var amends: [String: JournalledAmend] = [:]

    /// The scopes that the venue has shut, until when last.
    package private(set) var gates: [LimitScope: JournalledGate] = [:]

    /// The open episodes of alerts, by key.
    package private(set) var alerts: [String: JournalledAlert] = [:]

    /// What operators have set on circuit breakers, by the breaker's name.
    package private(set) var breakers: [String: JournalledBreaker] = [:]

    /// What other parts keep for the next start, by the name of each.
    package private(set) var memos: [String: String] = [:]

    private var bootMoment: JournalMoment?
    private let capacity: Int

    /// Which end of an intent is its last, and the ends in order; those before `forgotten` are done with.
    private var ends: [ClientOrderID: Int] = [:]
    private var queue: [(clientID: ClientOrderID, number: Int)] = []
    private var forgotten = 0
    private var lastEnd = 0

    /// Makes an empty state that remembers so many ended intents, those that ended last.
    package init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Takes in one line.
    package mutating func apply(_ record: JournalRecord) {
        switch record {
        case .boot(let boot, let moment):
            self.boot = boot
            bootMoment = moment
        case .cause(let journalled): causes[journalled.cause.key] = journalled
        case .causeEnded(let key, _):
            causes[key] = nil
            swept[key] = nil
        case .swept(let key, let id): swept[key] = id
        case .intent(let journalled):
            // A client id that was dropped and is prepared again begins anew; one that is there already stands.
            if intents[journalled.clientID] == nil { insert(journalled) }
        case .order(let clientID, let order): update(clientID, order)
        case .dropped(let clientID): drop(clientID)
        case .amend(let amend): amends[amend.id] = amend
        case .amendEnded(let id): amends[id] = nil
        case .gate(let gate): gates[gate.scope] = gate
        case .gateEnded(let scope): gates[scope] = nil
        case .alert(let alert): alerts[alert.key] = alert
        case .alertEnded(let key): alerts[key] = nil
        case .breaker(let breaker): breakers[breaker.name] = breaker
        case .breakerEnded(let name): breakers[name] = nil
        case .memo(let name, let text): memos[name] = text
        }
    }

    /// The ended intents in the order in which they ended, then the others by client order id.
    package var orderedIntents: [JournalledIntent] {
        intents.values.sorted { (ends[$0.clientID] ?? .max, $0.clientID) < (ends[$1.clientID] ?? .max, $1.clientID) }
    }

    /// The fewest records that come to the same state.
    package var records: [JournalRecord] {
        var records: [JournalRecord] = []
        if let boot, let bootMoment { records.append(.boot(boot, bootMoment)) }
        records += causes.values.sorted { $0.cause.key < $1.cause.key }.map { .cause($0) }
        records += swept.sorted { $0.key < $1.key }.map { .swept($0.key, id: $0.value) }
        for var intent in orderedIntents {
            let order = intent.order
            intent.order = nil
            records.append(.intent(intent))
            if let order { records.append(.order(intent.clientID, order)) }
        }
        records += amends.values.sorted { $0.id < $1.id }.map { .amend($0) }
        records += gates.values.sorted { $0.scope < $1.scope }.map { .gate($0) }
        records += alerts.values.sorted { $0.key < $1.key }.map { .alert($0) }
        records += breakers.values.sorted { $0.name < $1.name }.map { .breaker($0) }
        return records + memos.sorted { $0.key < $1.key }.map { .memo(name: $0.key, text: $0.value) }
    }

    private mutating func insert(_ journalled: JournalledIntent) {
        intents[journalled.clientID] = journalled
        if journalled.hasEnded { recordEnd(of: journalled.clientID) }
    }

    private mutating func drop(_ clientID: ClientOrderID) {
        intents[clientID] = nil
        ends[clientID] = nil
    }

    private mutating func update(_ clientID: ClientOrderID, _ order: Order) {
        guard let known = intents[clientID] else { return }
        intents[clientID]?.order = order
        if !order.status.isTerminal {
            ends[clientID] = nil
        } else if !known.hasEnded {
            recordEnd(of: clientID)
        }
    }

    private mutating func recordEnd(of clientID: ClientOrderID) {
        lastEnd += 1
        ends[clientID] = lastEnd
        queue.append((clientID, lastEnd))
        while ends.count > capacity, forgotten < queue.count {
            let oldest = queue[forgotten]
            forgotten += 1
            // One that came to life again, or ended again later, is not done with.
            if ends[oldest.clientID] == oldest.number { drop(oldest.clientID) }
        }
        // The forgotten front is cut off now and then, so that forgetting costs constant time on average.
        if forgotten > capacity {
            queue.removeFirst(forgotten)
            forgotten = 0
        }
    }
}
