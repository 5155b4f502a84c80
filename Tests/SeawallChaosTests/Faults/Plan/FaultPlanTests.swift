import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct FaultPlanTests {
    @Test func randomPlansSurviveEncoding() throws {
        var random = SeededGenerator(seed: 5, stream: "plans")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var kinds: Set<String> = []
        for _ in 0..<400 {
            let plan = RandomFaults.plan(&random)
            kinds.formUnion(plan.actions.map(\.effect.name))
            let data = try encoder.encode(plan)
            #expect(try JSONDecoder().decode(FaultPlan.self, from: data) == plan)
            #expect(try encoder.encode(plan) == data)
        }
        #expect(kinds.count == FaultEffect.Kind.allCases.count)
    }

    @Test func aPlanIsWrittenInSecondsAndWithDefaultsLeftOut() throws {
        let text = """
            {"actions": [
              {"effect": {"kind": "lost_after", "loss": {"silence": 2.5}}, "match": {"operations": ["place"]}},
              {"effect": {"kind": "outage", "duration": 30, "form": 503}, "after": 3, "times": 1},
              {"effect": {"kind": "outage", "duration": 30, "form": "refused"}, "probability": 0.25, "until": 60},
              {"effect": {"kind": "rate_limited", "retryAfter": "Wed, 21 Oct 2015 07:28:00 GMT"}, "times": 9},
              {"effect": {"kind": "late_fills", "duration": 0.1}, "name": "slow"},
              {"effect": {"kind": "banned", "retryAfter": {"date": -60}}, "match": {"operations": ["query"]}},
              {"effect": {"kind": "stream_mute", "channel": {"symbol": "ETH-USD"}}, "times": 2},
              {"effect": {"kind": "stream_hang"}},
              {"effect": {"kind": "rate_limited", "retryAfter": null}, "times": 1},
              {"effect": {"kind": "half_amend"}, "times": 1}, {"effect": {"kind": "half_amend", "half": "order"}, "times": 2},
              {"effect": {"kind": "unreadable", "body": 502, "applied": true}, "match": {"operations": ["cancel"]}},
              {"effect": {"kind": "error", "applied": true, "error": {"code": "answered", "message": "HTTP 503",
                "delivery": "answered", "status": 503}}, "match": {"operations": ["history"]}},
              {"effect": {"kind": "error", "error": {"code": "answered", "message": "slow", "delivery": "answered",
                "status": 429, "retryAfter": "3"}}, "match": {"operations": ["amend"]}}
            ]}
            """
        let plan = try JSONDecoder().decode(FaultPlan.self, from: Data(text.utf8))
        #expect(
            plan == [
                FaultAction(.lostAfter(.silence(for: .milliseconds(2_500))), on: .on(.place)),
                FaultAction(.outage(for: .seconds(30), as: .status(503)), after: 3, times: 1),
                FaultAction(.outage(for: .seconds(30), as: .refused), probability: 0.25, until: .seconds(60)),
                FaultAction(.rateLimited(retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT"), times: 9),
                FaultAction(.lateFills(by: .milliseconds(100)), name: "slow"),
                FaultAction(.banned(retryAfter: .date(in: .seconds(-60))), on: .on(.query)),
                FaultAction(.streamMute(.symbol("ETH-USD"), for: nil), times: 2),
                .always(.streamHang(for: nil)), .once(.rateLimited(retryAfter: .absent)),
                .once(.halfAmend(.cancel)), FaultAction(.halfAmend(.order), times: 2),
                FaultAction(.unreadable(.html(502), applied: true), on: .on(.cancel)),
                FaultAction(.error(FaultError(message: "HTTP 503", status: 503), applied: true), on: .on(.history)),
                FaultAction(.error(FaultError(message: "slow", status: 429, retryAfter: "3")), on: .on(.amend)),
            ])
        try plan.validate()
    }

    @Test(arguments: [
        #"{"actions": [{}]}"#, #"{"actions": [{"effect": {"kind": "meteor"}}]}"#,
        #"{"actions": [{"effect": {"kind": "delay"}}]}"#,
        #"{"actions": [{"effect": {"kind": "delay", "duration": 1e99}}]}"#,
        #"{"actions": [{"effect": {"kind": "lost_after", "loss": {}}}]}"#,
        #"{"actions": [{"effect": {"kind": "outage", "duration": 1, "form": "slow"}}]}"#,
        #"{"actions": [{"effect": {"kind": "stream_mute", "channel": "prices"}}]}"#,
        #"{"actions": [{"effect": {"kind": "unreadable", "body": "odd", "applied": true}}]}"#,
        #"{"actions": [{"effect": {"kind": "banned", "retryAfter": {"years": 1}}}]}"#, "{}", "[]",
        #"{"actions": [{"effect": {"kind": "banned"}}]}"#,
        #"{"actions": [{"effect": {"kind": "rate_limited"}}]}"#,
        #"{"actions": [{"effect": {"kind": "banned", "retryAfter": {"date": 1, "epochMilliseconds": 1}}}]}"#,
        #"{"actions": [{"effect": {"kind": "lost_after", "loss": {"reset": 1, "silence": 1}}}]}"#,
        #"{"actions": [{"effect": {"kind": "outage", "duration": 1, "form": {"status": 503}}}]}"#,
        #"{"actions": [{"effect": {"kind": "answer", "answer": {}}}]}"#,
        #"{"actions": [{"effect": {"kind": "half_amend", "half": "none"}}]}"#,
    ])
    func whatIsNoPlanIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(FaultPlan.self, from: Data(text.utf8)) }
    }

    @Test(arguments: [
        (#"{"kind": "meteor"}"#, "lost_before, lost_after, delay"),
        (#"{"kind": "half_amend", "half": "none"}"#, "cancel"),
    ])
    func aWordThatIsNoneIsRefusedWithThoseThatAre(effect: String, words: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try FaultPlan(json: #"{"actions": [{"effect": \#(effect)}]}"#)
        }
        #expect(error.map { "\($0)".contains("expected one of \(words)") } == true, "\(String(describing: error))")
    }

    /// A key that nobody reads is one that is misspelt: `tims` in place of `times` would strike for ever.
    @Test(arguments: [
        (#"{"actions":[],"acts":[]}"#, "acts", "actions"),
        (#"{"actions":[{"tims":1,"effect":{"kind":"half_amend"}}]}"#, "tims", "times"),
        (#"{"actions":[{"match":{"sybol":"BTC"},"effect":{"kind":"half_amend"}}]}"#, "sybol", "symbol"),
        (#"{"actions":[{"effect":{"kind":"delay","duraton":1,"duration":1}}]}"#, "duraton", "duration"),
        (#"{"actions":[{"effect":{"kind":"lost_after","loss":{"reset":1,"wait":2}}}]}"#, "wait", "silence"),
        (
            #"{"actions":[{"effect":{"kind":"stream_break","clean":true,"duration":5}}]}"#, "duration",
            " in stream_break, but kind, clean"
        ),
        (
            #"{"actions":[{"effect":{"kind":"duplicate_fills","copy":"first"}}]}"#, "copy",
            " in duplicate_fills, but kind"
        ),
        (
            #"{"actions":[{"effect":{"kind":"banned","retryAfter":{"date":5,"years":1}}}]}"#, "years",
            "date, epochMilliseconds"
        ),
        (
            #"{"actions":[{"effect":{"kind":"stream_mute","channel":{"symbol":"BTC","side":"buy"}}}]}"#, "side",
            "symbol"
        ),
        (
            #"{"actions":[{"effect":{"kind":"error","error":{"code":"answered","message":"no","#
                + #""delivery":"answered","stauts":503}}}]}"#, "stauts", "status"
        ),
        (
            #"{"actions":[{"effect":{"kind":"answer","answer":{"status":{"_0":{"mode":"online"}},"typo":1}}}]}"#,
            "typo", "status"
        ),
        (
            #"{"actions":[{"effect":{"kind":"answer","answer":{"status":{"_0":{"mode":"online"},"_1":1}}}}]}"#, "_1",
            "_0"
        ),
        (
            #"{"actions":[{"effect":{"kind":"answer","answer":{"status":{"_0":{"mode":"online","modes":1}}}}}]}"#,
            "modes", "mode"
        ),
        (
            #"{"actions":[{"effect":{"kind":"answer","answer":{"limits":{"_0":[{"name":"a","used":1,"limit":2},"#
                + #"{"name":"b","used":1,"limit":2,"uesd":9}]}}}}]}"#, "uesd", "used"
        ),
        (
            #"{"actions":[{"effect":{"kind":"answer","answer":{"orders":{"_0":{"orders":[],"nxt":"p2"}}}}}]}"#, "nxt",
            "orders"
        ),
    ])
    func aKeyThatNobodyReadsIsNamed(text: String, key: String, known: String) throws {
        let error = try #require(throws: DecodingError.self) { try FaultPlan(json: text) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(context.debugDescription.contains("no \"\(key)\""))
        #expect(context.debugDescription.contains(known))
    }

    /// Answers as they are written, with what may be missing there as null.
    @Test func answersAreReadAsTheyAreWritten() throws {
        let order = Order(
            venueID: "1", clientID: "c", symbol: "BTC", side: .buy, quantity: 2, type: .stopLimit(trigger: 3, price: 4),
            status: .working, updatedAt: CivilInstant(millisecondsSinceEpoch: 5))
        let fill = Fill(
            id: "f", venueID: "1", clientID: nil, symbol: "BTC", side: .buy, quantity: 1, price: 2, fee: 0,
            feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 5))
        let ticker = Ticker(symbol: "BTC", bid: 1, ask: 2, last: 1, time: nil)
        let answers: [FaultAnswer] = [
            .balances([Balance(asset: "USDT", free: 5)]), .positions([Position(symbol: "BTC", quantity: -1)]),
            .ticker(ticker), .tickers([ticker]), .order(order), .orders(OrderPage(orders: [order], next: nil)),
            .fills(FillPage(fills: [fill], cursor: "7")), .status(VenueStatus(mode: .cancelOnly)),
            .limits([LimitUsage(name: "a", used: 1, limit: 2)]),
        ]
        for answer in answers {
            let data = try JSONEncoder().encode(answer)
            #expect(try JSONDecoder().decode(FaultAnswer.self, from: data) == answer)
        }
        let text = #"{"orders":{"_0":{"orders":[],"next":null}}}"#
        #expect(
            try JSONDecoder().decode(FaultAnswer.self, from: Data(text.utf8))
                == .orders(OrderPage(orders: [], next: nil)))
    }

    @Test func oneErrorListsEveryBadField() throws {
        let plan: FaultPlan = [
            FaultAction(
                .duplicateFills, on: FaultMatch(operations: []), name: "", after: -1, times: 0, probability: .nan),
            FaultAction(.delay(.seconds(-1)), probability: 1.5, from: .seconds(-1), until: .seconds(-2)),
            FaultAction(.emptyOrders, on: .on(.place, .openOrders)),
            FaultAction(.outage(for: .zero, as: .status(200)), times: -1, from: .seconds(5), until: .seconds(5)),
            FaultAction(.lostAfter(.reset(after: .seconds(1e12)))),
            FaultAction(.error(FaultError(message: "no", status: 1_000)), probability: -0.1),
            FaultAction(.lateFills(by: .seconds(1)), on: FaultMatch(symbol: "", lane: "")),
        ]
        let error = try #require(throws: InvalidFields.self) { try plan.validate() }
        #expect(
            error.fields.map(\.name) == [
                "actions[0].name", "actions[0].match.operations", "actions[0].after", "actions[0].times",
                "actions[0].probability", "actions[1].probability", "actions[1].from", "actions[1].until",
                "actions[1].effect.duration", "actions[2].match.operations", "actions[3].times", "actions[3].until",
                "actions[3].effect.duration", "actions[3].effect.form", "actions[4].effect.loss",
                "actions[5].probability", "actions[5].effect.error.status", "actions[5].effect",
                "actions[6].match.symbol",
                "actions[6].match.lane",
            ])
        #expect(error.description.contains("actions[0].probability is nan, expected above 0 and at most 1"))
        #expect(
            error.description.contains("actions[2].match.operations is openOrders, place, expected some of history"))
        #expect(throws: InvalidFields.self) { try ChaosBroker(DeterministicBroker(), plan: plan) }
    }

    @Test func plansAreBuiltInOrder() {
        var plan = FaultPlan().adding(.once(.duplicateFills))
        plan.add(.always(.emptyOrders))
        #expect(plan.actions.map(\.name) == ["duplicate_fills", "empty_orders"])
    }

    @Test func namesAreStable() {
        var random = SeededGenerator(seed: 1, stream: "names")
        let names = FaultEffect.Kind.allCases.map { RandomFaults.effect($0, &random).name }
        #expect(
            names == [
                "lost_before", "lost_after", "delay", "delayed_reply", "duplicate", "reorder", "rate_limited", "banned",
                "outage", "error_inside", "unreadable", "half_amend", "mixed_batch", "empty_orders", "empty_list",
                "old_answer", "truncated_page", "failed_page", "hidden_order", "limit_usage", "wider_spread",
                "zero_prices", "error", "answer", "late_fills", "duplicate_fills", "reordered_fills", "stream_hang",
                "stream_mute", "stream_break", "stream_flap", "stream_repeat", "stream_reset", "stream_gap",
                "stream_replay", "clock_step", "machine_sleep", "crash", "disk_failure", "venue_mode",
                "authentication_expiry", "second_process", "fill",
            ])
    }
}
