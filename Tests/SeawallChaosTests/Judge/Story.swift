import SeawallAlerts
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
    private var boot = 0

    /// Begins with the run line of a venue on which orders arrive within 5 s and are seen within 5 s more.
    init(_ check: Check, position: Decimal = 0, change: (inout RunHeader) -> Void = { _ in }) {
        self.check = check
        var header = RunHeader.story(position: position)
        change(&header)
        tell(.run(header))
    }

    var finding: Finding { check.finding }
    var isKept: Bool { check.finding.isKept }
    var checked: Int { check.finding.checked }

    /// The next lines are of this second.
    mutating func at(_ seconds: Int) { now = .origin.advanced(by: .seconds(seconds)) }

    /// The next lines are of this moment.
    mutating func at(_ duration: Duration) { now = .origin.advanced(by: duration) }

    mutating func tell(_ body: RunRecord.Body) {
        if case .restart = body { boot += 1 }
        check.observe(RunRecord(at: now, boot: boot, body: body))
    }

    /// The process dies and comes back in the same instant.
    mutating func crash() {
        tell(.crash)
        tell(.restart)
    }

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

    /// A page of a list is asked for and comes.
    mutating func page(_ id: String, _ operation: BrokerOperation, page: PageCursor? = nil, next: PageCursor? = nil) {
        var request = RequestRecord(id: id, operation: operation)
        request.symbol = "BTC"
        request.page = page
        tell(.request(request))
        var reply = ReplyRecord(id: id, event: .answered, outcome: "succeeded", status: 200)
        reply.next = next
        tell(.reply(reply))
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

// What befalls the machine.
extension Story {
    mutating func disk(
        _ operation: DiskRecord.Operation, _ outcome: DiskRecord.Outcome = .done, naming name: String? = nil
    ) {
        let text = name.map { "5f0c3a11 {\"id\":\"\($0)\"}\n" }
        tell(.disk(DiskRecord(operation, outcome, bytes: text?.utf8.count ?? 0, text: text)))
    }

    /// A name reaches the disk and is safe there.
    mutating func write(_ name: String) {
        disk(.append, naming: name)
        disk(.sync)
    }
}

// What the library says.
extension Story {
    mutating func permission(
        _ event: PermissionChange.Event, _ level: Permission, id: String = "p1", scope: CauseScope = .global,
        until: Int? = nil, release: Release = .byHand, episode: String? = nil, code: ReasonCode = "test"
    ) {
        let release: Release = until.map { .at(.origin.advanced(by: .seconds($0))) } ?? release
        tell(
            .layer(
                .permission(
                    PermissionChange(
                        sequence: 1, event: event,
                        cause: Cause(
                            key: CauseKey(.operatorPause, scope: scope), record: id, level: level, release: release,
                            code: code, message: "", evidence: [], episode: episode ?? id, raisedAt: now),
                        at: now))))
    }

    mutating func order(_ state: OrderStatus, client: ClientOrderID = "a", intent: IntentID = "wish") {
        tell(
            .layer(
                .order(LedgerChange(intent: intent, clientID: client, venueID: nil, symbol: "BTC", state: state))))
    }

    mutating func sweep(_ step: SweepEvent.Step, _ cause: String = "p1", left orders: [VenueOrderID] = []) {
        tell(.layer(.sweep(SweepEvent(cause: cause, scope: .global, step: step, orders: orders))))
    }

    mutating func alert(_ event: AlertEvent, _ episode: String = "e1", causes: [String] = ["p1"], sink: String = "log")
    {
        let alert = Alert(
            episode: episode, event: event, severity: .warning, code: "test", message: "", causes: causes, at: now,
            civil: CivilInstant(nanosecondsSinceEpoch: 0))
        tell(.alert(alert, sink: sink))
    }

    mutating func breaker(_ name: String = "orders", to state: CircuitBreaker.State) {
        tell(
            .layer(
                .breaker(
                    CircuitBreaker.Transition(
                        name: name, from: .closed, to: state, at: now, reason: .forced, failureCount: 0,
                        until: nil, detail: nil))))
    }
}
