import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallBroker
@testable import SeawallChaos
@testable import SeawallCircuitBreaker
@testable import SeawallDegradation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run told by hand, line by line, to one check.
struct Story<Check: PromiseCheck> {
    private(set) var check: Check
    private var now = MonotonicInstant.origin

    /// Begins with the run line of a venue on which orders arrive within 5 s and are seen within 5 s more.
    init(_ check: Check, position: Decimal = 0) {
        self.check = check
        tell(.run(.story(position: position)))
    }

    var finding: Finding { check.finding }
    var isKept: Bool { check.finding.isKept }
    var checked: Int { check.finding.checked }

    /// The next lines are of this second.
    mutating func at(_ seconds: Int) { now = .origin.advanced(by: .seconds(seconds)) }

    mutating func tell(_ body: RunRecord.Body) { check.observe(RunRecord(at: now, boot: 0, body: body)) }

    mutating func end() { tell(.end(lines: 0, hash: 0)) }
}

extension RunHeader {
    static func story(position: Decimal = 0) -> RunHeader {
        RunHeader(
            seed: 1, scenario: "story", civilAtZero: CivilInstant(nanosecondsSinceEpoch: 0), venue: .binanceUSDM,
            symbols: ["BTC"], positions: ["BTC": position], breakers: [])
    }
}

// What the bot asks and is told.
extension Story {
    mutating func call(
        _ id: String, _ operation: BrokerOperation, intent: IntentID? = nil, target: String? = nil,
        strategy: StrategyID? = nil
    ) {
        var call = CallRecord(id: id, operation: operation)
        call.intent = intent
        call.targets = target.map { [$0] } ?? []
        call.symbol = "BTC"
        call.strategy = strategy
        tell(.call(call))
    }

    mutating func result(_ call: String, _ answer: ResultRecord.Answer, _ reason: String? = nil) {
        tell(.result(ResultRecord(call: call, answer: answer, reason: reason)))
    }
}

// What is handed over and what comes back.
extension Story {
    mutating func place(
        _ id: String, call: String? = nil, client: ClientOrderID? = "a", _ side: Side = .buy, _ quantity: Decimal = 1,
        lane: Lane = .newOrder, group: LinkID? = nil, scopes: [LimitScope] = [.account, .ip],
        change: (inout RequestRecord) -> Void = { _ in }
    ) {
        var request = RequestRecord(id: id, operation: .place)
        request.call = call
        request.lane = lane
        request.scopes = scopes
        request.weights = ["orders_10s": 1]
        request.clientID = client
        request.symbol = "BTC"
        request.side = side
        request.quantity = quantity
        request.group = group
        change(&request)
        tell(.request(request))
    }

    mutating func send(
        _ id: String, _ operation: BrokerOperation, call: String? = nil, target: String? = nil,
        quantity: Decimal? = nil, weight: Int = 1, scopes: [LimitScope] = [.ip]
    ) {
        var request = RequestRecord(id: id, operation: operation)
        request.call = call
        request.scopes = scopes
        request.weights = ["request_weight_1m": weight]
        request.targets = target.map { [$0] } ?? []
        request.clientID = target.map { ClientOrderID($0) }
        request.symbol = "BTC"
        request.quantity = quantity
        tell(.request(request))
    }

    mutating func reply(_ id: String, _ outcome: String, late: Bool = false) {
        tell(.reply(ReplyRecord(id: id, event: late ? .late : .answered, outcome: outcome)))
    }

    mutating func gaveUp(_ id: String) { tell(.reply(ReplyRecord(id: id, event: .gaveUp))) }

    mutating func limited(_ id: String, _ scope: LimitScope = .ip, until seconds: Int) {
        tell(
            .reply(
                ReplyRecord(
                    id: id, event: .answered, outcome: "rate_limited", status: 429, retryAfter: "1", limitScope: scope,
                    until: .origin.advanced(by: .seconds(seconds)))))
    }
}

// What is true at the venue.
extension Story {
    mutating func venue(
        _ kind: VenueEvent.Kind, _ request: String? = nil, order: VenueOrderID = "1", client: ClientOrderID? = "a",
        _ side: Side = .buy, quantity: Decimal = 1, remaining: Decimal? = nil, position: Decimal? = nil
    ) {
        tell(
            .venue(
                VenueEvent(
                    kind, time: now, request: request, orderID: order, clientID: client, symbol: "BTC", side: side,
                    quantity: quantity, remaining: remaining ?? quantity, position: position)))
    }
}

// What the library says.
extension Story {
    mutating func permission(
        _ event: PermissionChange.Event, _ level: Permission, id: String = "p1", scope: CauseScope = .global,
        until: Int? = nil
    ) {
        let release: Release = until.map { .at(.origin.advanced(by: .seconds($0))) } ?? .byHand
        tell(
            .layer(
                .permission(
                    PermissionChange(
                        sequence: 1, event: event,
                        cause: Cause(
                            key: CauseKey(.operatorPause, scope: scope), record: id, level: level, release: release,
                            code: "test", message: "", evidence: [], episode: id, raisedAt: now),
                        at: now))))
    }

    mutating func order(_ state: OrderStatus, client: ClientOrderID = "a", intent: IntentID = "wish") {
        tell(
            .layer(
                .order(LedgerChange(intent: intent, clientID: client, venueID: nil, symbol: "BTC", state: state))))
    }

    mutating func breaker(to state: CircuitBreaker.State) {
        tell(
            .layer(
                .breaker(
                    CircuitBreaker.Transition(
                        name: "orders", from: .closed, to: state, at: now, reason: .forced, failureCount: 0,
                        until: nil, detail: nil))))
    }
}
