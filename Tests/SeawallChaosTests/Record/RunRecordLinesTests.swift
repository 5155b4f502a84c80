import SeawallAlerts
import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos
@testable import SeawallCircuitBreaker
@testable import SeawallDegradation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One line of each kind, as a stranger reads it.
@Suite struct RunRecordLinesTests {
    private func line(_ body: RunRecord.Body) -> String {
        RunRecord(at: MonotonicInstant(nanoseconds: 1_500_000_001), boot: 2, body: body).json
    }

    /// What every line begins with here.
    private let start = #"{"t":1.500000001,"boot":2,"kind":"#

    @Test func run() {
        var header = RunHeader.story(position: 1)
        header.seed = .max
        header.symbols = ["ETH", "BTC"]
        header.venue.limits = [
            LimitRule(name: "w", scope: .ip, counts: .weight, shape: .fixed, limit: 9, window: .milliseconds(500))
        ]
        header.venue.costsByAge = [.cancel: ["w": [AgeCost(under: .seconds(5), cost: 3)]]]
        header.breakers = [RunHeader.Breaker(name: "orders", probes: 1, lease: .seconds(30))]
        #expect(
            line(.run(header)) == start
                + #""run","schema":4,"seed":18446744073709551615,"scenario":"story","#
                + #""civil_at_zero":"1970-01-01T00:00:00Z","venue":"binance-usdm","identity_class":"B","#
                + #""visibility_lag":5.000000000,"receive_window":5.000000000,"clock_lead":1.000000000,"#
                + #""default_retry_after":60.000000000,"default_ban":120.000000000,"#
                + #""lists":["openOrders","history"],"cancels_by_client_id":true,"symbols":["ETH","BTC"],"#
                + #""positions":{"BTC":"1","ETH":"0"},"hedge":false,"limits":[{"name":"w","scope":"ip","#
                + #""counts":"weight","shape":"fixed","limit":9,"window":0.500000000,"offset":0.000000000,"#
                + #""decay":0,"releases_on_fill":false,"counts_refused":true,"tells_usage":false}],"#
                + #""costs_by_age":{"cancel":{"w":[{"under":5.000000000,"cost":3}]}},"breakers":[{"name":"orders","probes":1,"lease":30.000000000}],"heals_at":null}"#
        )
    }

    @Test func call() {
        var call = CallRecord(id: "c1", operation: .place)
        call.intent = "wish"
        call.symbol = "BTC"
        call.side = .buy
        call.quantity = Decimal(sign: .plus, exponent: -3, significand: 10)
        call.strategy = "s"
        #expect(
            line(.call(call)) == start
                + #""call","call":"c1","op":"place","intent":"wish","target":null,"symbol":"BTC","side":"buy","#
                + #""quantity":"0.01","reduce_only":false,"strategy":"s","account":null}"#)
    }

    @Test func told() {
        #expect(
            line(.told(ToldRecord(request: nil, orderID: "4", clientID: "a"))) == start
                + #""told","request":null,"order_id":"4","client_id":"a"}"#)
    }

    @Test func severalTargetsAreAList() {
        var call = CallRecord(id: "c1", operation: .cancelMany)
        call.targets = ["1", "2"]
        #expect(line(.call(call)).contains(#""target":null,"targets":["1","2"],"symbol""#))
        call.targets = ["1"]
        #expect(line(.call(call)).contains(#""target":"1","symbol""#))
    }

    @Test func anAmountInQuoteIsNoQuantity() {
        var request = RequestRecord(id: "r1", operation: .place)
        request.quantity = 100
        request.isInQuote = true
        #expect(line(.request(request)).contains(#""quantity":null,"quote_quantity":"100","type""#))
    }

    @Test func result() {
        #expect(
            line(.result(ResultRecord(call: "c1", answer: .denied, reason: "denied \"x\"\n")))
                == start + #""result","call":"c1","answer":"denied","reason":"denied \"x\"\n"}"#)
    }

    @Test func request() {
        var request = RequestRecord(id: "r1", operation: .place)
        request.episode = "resolve:a"
        request.lane = .newOrder
        request.weights = ["orders_1m": 1, "orders_10s": 2]
        request.scopes = [.account, .ip]
        request.clientID = "a"
        request.symbol = "BTC"
        request.side = .sell
        request.quantity = 2
        request.type = "limit"
        request.isReduceOnly = true
        request.group = "g"
        request.replaces = "b"
        request.isProbe = true
        #expect(
            line(.request(request)) == start
                + #""request","id":"r1","call":null,"episode":"resolve:a","op":"place","lane":"new_order","#
                + #""weights":{"orders_10s":2,"orders_1m":1},"scopes":["account","ip"],"client_id":"a","#
                + #""target":null,"symbol":"BTC","side":"sell","quantity":"2","type":"limit","reduce_only":true,"#
                + #""group":"g","replaces":"b","probe":true}"#)
        request.page = "50"
        #expect(line(.request(request)).hasSuffix(#""probe":true,"page":"50"}"#))
    }

    @Test func reply() {
        var reply = ReplyRecord(id: "r1", event: .answered, outcome: "rate_limited", status: 429, retryAfter: "7")
        reply.limitScope = .ip
        reply.until = .origin.advanced(by: .seconds(8))
        #expect(
            line(.reply(reply)) == start
                + #""reply","id":"r1","event":"answered","outcome":"rate_limited","status":429,"#
                + #""retry_after":"7","limit_scope":"ip","until":8.000000000}"#)
        #expect(
            line(.reply(ReplyRecord(id: "r1", event: .gaveUp))) == start
                + #""reply","id":"r1","event":"gaveUp","outcome":null,"status":null,"retry_after":null,"#
                + #""limit_scope":null,"until":null}"#)
        var page = ReplyRecord(id: "r1", event: .answered, outcome: "succeeded", status: 200)
        page.next = "50"
        #expect(line(.reply(page)).hasSuffix(#""until":null,"next":"50"}"#))
    }

    @Test func venue() {
        let event = VenueEvent(
            .filled, time: .origin, request: "r1", orderID: "17", clientID: "a", symbol: "BTC", side: .sell,
            quantity: 2, remaining: 1, price: 100, filled: 1, fee: -1, feeAsset: "USDT", replaces: "b", position: -1)
        #expect(
            line(.venue(event)) == start
                + #""venue","event":"filled","request":"r1","order_id":"17","client_id":"a","symbol":"BTC","#
                + #""side":"sell","quantity":"2","remaining":"1","price":"100","fee":"-1","fee_asset":"USDT","#
                + #""replaces":"b","position":"-1"}"#)
    }

    @Test func limitedForEverIsNull() {
        #expect(
            line(.layer(.limited(scope: .ip, until: .distantFuture)))
                == start + #""limited","limit_scope":"ip","until":null}"#)
    }

    @Test func fault() {
        #expect(
            line(.fault(FaultRecord(fault: "lost_after", operation: .place, request: "r1")))
                == start + #""fault","fault":"lost_after","op":"place","request":"r1"}"#)
    }

    @Test func permission() {
        let cause = Cause(
            key: CauseKey(.operatorPause, scope: .symbol("BTC")), record: "p1", level: .reduceOnly,
            release: .at(.origin.advanced(by: .seconds(9))), code: "operator", message: "", evidence: [],
            episode: "e1", raisedAt: .origin)
        let change = PermissionChange(sequence: 1, event: .raised, cause: cause, at: .origin)
        #expect(
            line(.layer(.permission(change))) == start
                + #""permission","id":"p1","scope":"symbol:BTC","level":"reduce_only","cause":"operator","#
                + #""episode":"e1","event":"raised","release":"time","until":9.000000000}"#)
    }

    @Test func breaker() {
        let transition = CircuitBreaker.Transition(
            name: "orders", from: .open, to: .halfOpen, at: .origin, reason: .openTimeOver, failureCount: 0,
            until: nil, detail: nil)
        #expect(
            line(.layer(.breaker(transition)))
                == start + #""breaker","name":"orders","from":"open","to":"half_open"}"#)
    }

    @Test func order() {
        let change = LedgerChange(intent: "wish", clientID: "a", venueID: "17", symbol: "BTC", state: .unknown)
        #expect(
            line(.layer(.order(change)))
                == start + #""order","intent":"wish","client_id":"a","order_id":"17","state":"unknown"}"#)
    }

    @Test func alert() {
        let alert = Alert(
            episode: "e1", event: .begin, severity: .warning, code: "c", message: "m", causes: ["p1"], at: .origin,
            civil: CivilInstant(nanosecondsSinceEpoch: 0))
        #expect(
            line(.alert(alert, sink: "log")) == start
                + #""alert","episode":"e1","event":"begin","severity":"warning","code":"c","causes":["p1"],"#
                + #""sink":"log","delivered_at":1.500000001}"#)
    }

    @Test func sweep() {
        let sweep = SweepEvent(cause: "b0.p1", scope: .symbol("BTC"), step: .residual, orders: ["17", "18"])
        #expect(
            line(.layer(.sweep(sweep))) == start
                + #""sweep","cause":"b0.p1","scope":"symbol:BTC","event":"residual","orders":["17","18"]}"#)
    }

    @Test func disk() {
        let text = "8f3c {\"cause\":\"b0.p1\"}\n"
        #expect(
            line(.disk(DiskRecord(.append, .failed, bytes: 23, text: text))) == start
                + #""disk","op":"append","outcome":"failed","bytes":23,"text":"8f3c {\"cause\":\"b0.p1\"}\n"}"#)
        #expect(
            line(.disk(DiskRecord(.read, .damaged, bytes: 7))) == start
                + #""disk","op":"read","outcome":"damaged","bytes":7,"text":null}"#)
    }

    @Test func world() {
        #expect(
            line(.world(WorldRecord(.clockStep, step: .seconds(-3600)))) == start
                + #""world","event":"clock_step","detail":null,"step":-3600.000000000,"per_mille":null,"until":null}"#)
        let spent = WorldRecord(.secondProcess, perMille: 500, until: .origin.advanced(by: .seconds(8)))
        #expect(
            line(.world(spent)) == start
                + #""world","event":"second_process","detail":null,"step":null,"per_mille":500,"until":8.000000000}"#)
        #expect(line(.world(WorldRecord(.venueMode, detail: "maintenance"))).contains(#""detail":"maintenance""#))
    }

    @Test func crashRestartAndEnd() {
        #expect(line(.crash) == start + #""crash"}"#)
        #expect(line(.restart) == start + #""restart"}"#)
        #expect(line(.end(lines: 3, hash: 0xab)) == start + #""end","lines":3,"hash":"00000000000000ab"}"#)
    }
}
