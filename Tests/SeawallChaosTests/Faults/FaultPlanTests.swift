import SeawallBroker
import SeawallChaos
import SeawallRateLimit
import SeawallTime
import Testing

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
        for _ in 0..<300 {
            let plan = FaultPlan((0..<random.below(5)).map { _ in randomAction(&random) })
            try plan.validate()
            let data = try encoder.encode(plan)
            #expect(try JSONDecoder().decode(FaultPlan.self, from: data) == plan)
            #expect(try encoder.encode(plan) == data)
        }
    }

    @Test func aPlanIsWrittenInSecondsAndWithDefaultsLeftOut() throws {
        let text = """
            {"actions": [
              {"effect": {"kind": "lost_after", "loss": {"silence": 2.5}}, "match": {"operations": ["place"]}},
              {"effect": {"kind": "outage", "duration": 30, "form": 503}, "after": 3, "times": 1},
              {"effect": {"kind": "outage", "duration": 30, "form": "refused"}, "probability": 0.25, "until": 60},
              {"effect": {"kind": "rate_limited", "retryAfter": "Wed, 21 Oct 2015 07:28:00 GMT"}},
              {"effect": {"kind": "late_fills", "duration": 0.1}, "name": "slow"}
            ]}
            """
        let plan = try JSONDecoder().decode(FaultPlan.self, from: Data(text.utf8))
        #expect(
            plan == [
                FaultAction(.lostAfter(.silence(for: .milliseconds(2_500))), on: .on(.place)),
                FaultAction(.outage(for: .seconds(30), as: .status(503)), after: 3, times: 1),
                FaultAction(.outage(for: .seconds(30), as: .refused), probability: 0.25, until: .seconds(60)),
                FaultAction(.rateLimited(retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT")),
                FaultAction(.lateFills(by: .milliseconds(100)), name: "slow"),
            ])
        try plan.validate()
    }

    @Test(arguments: [
        #"{"actions": [{}]}"#, #"{"actions": [{"effect": {"kind": "meteor"}}]}"#,
        #"{"actions": [{"effect": {"kind": "delay"}}]}"#,
        #"{"actions": [{"effect": {"kind": "delay", "duration": 1e99}}]}"#,
        #"{"actions": [{"effect": {"kind": "lost_after", "loss": {}}}]}"#,
        #"{"actions": [{"effect": {"kind": "outage", "duration": 1, "form": "slow"}}]}"#, "{}", "[]",
    ])
    func whatIsNoPlanIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(FaultPlan.self, from: Data(text.utf8)) }
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
                "actions[5].probability", "actions[5].effect.error.status", "actions[6].match.symbol",
                "actions[6].match.lane",
            ])
        #expect(error.description.contains("actions[0].probability is nan, expected 0 to 1"))
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
        let loss = FaultLoss.reset(after: .zero)
        let effects: [FaultEffect] = [
            .lostBefore(loss), .lostAfter(loss), .delay(.zero), .rateLimited(retryAfter: nil), .banned(retryAfter: nil),
            .outage(for: .zero, as: .reset), .lateFills(by: .zero), .duplicateFills, .emptyOrders,
            .error(FaultError(message: "")), .answer(.balances([])), .clockStep(.zero), .machineSleep(.zero),
            .crash(.before), .diskFailure(.full, for: .zero), .venueMode(.online, for: .zero),
            .authenticationExpiry(for: .zero), .secondProcess(perMille: 1, for: .zero),
            .fill(perMille: 1, at: .after, hold: .zero),
        ]
        #expect(
            effects.map(\.name) == [
                "lost_before", "lost_after", "delay", "rate_limited", "banned", "outage", "late_fills",
                "duplicate_fills", "empty_orders", "error", "answer", "clock_step", "machine_sleep", "crash",
                "disk_failure", "venue_mode", "authentication_expiry", "second_process", "fill",
            ])
    }

    private func randomAction(_ random: inout SeededGenerator) -> FaultAction {
        let effect = randomEffect(&random)
        let from = Duration.milliseconds(Int64(random.below(5_000)))
        var match = FaultMatch(
            symbol: random.chance(0.5) ? "BTCUSDT" : nil, side: random.chance(0.5) ? .sell : nil,
            lane: random.chance(0.5) ? "cancel" : nil)
        switch effect {
        case .lateFills, .duplicateFills: match.operations = random.chance(0.5) ? [.fills, .userStream] : nil
        case .emptyOrders: match.operations = random.chance(0.5) ? [.history] : nil
        case .fill: match.operations = random.chance(0.5) ? [.amend] : nil
        default: match.operations = random.chance(0.5) ? [.place, .cancel, .query, .amend] : nil
        }
        return FaultAction(
            effect, on: match, name: random.chance(0.5) ? "named" : nil, after: Int(random.below(10)),
            times: random.chance(0.5) ? Int(random.below(10)) + 1 : nil, probability: random.unit(), from: from,
            until: random.chance(0.5) ? from + .milliseconds(Int64(random.below(5_000)) + 1) : nil)
    }

    private func randomEffect(_ random: inout SeededGenerator) -> FaultEffect {
        let duration = Duration.milliseconds(Int64(random.below(100_000)) + 1)
        let loss = random.chance(0.5) ? FaultLoss.reset(after: duration) : .silence(for: duration)
        let retryAfter = random.chance(0.5) ? "30" : nil
        let moment: FaultMoment = random.chance(0.5) ? .before : .after
        switch random.below(19) {
        case 11: return .clockStep(random.chance(0.5) ? duration : .zero - duration)
        case 12: return .machineSleep(duration)
        case 13: return .crash(moment)
        case 14: return .diskFailure(random.chance(0.5) ? .unsyncable : .failing, for: duration)
        case 15: return .venueMode(random.chance(0.5) ? .postOnly : .maintenance, for: duration)
        case 16: return .authenticationExpiry(for: duration)
        case 17: return .secondProcess(perMille: Int(random.below(1_000)) + 1, for: duration)
        case 18: return .fill(perMille: Int(random.below(1_000)) + 1, at: moment, hold: duration)
        case 0: return .lostBefore(loss)
        case 1: return .lostAfter(loss)
        case 2: return .delay(duration)
        case 3: return .rateLimited(retryAfter: retryAfter)
        case 4: return .banned(retryAfter: retryAfter)
        case 5: return .outage(for: duration, as: random.chance(0.5) ? .reset : .status(502))
        case 6: return .lateFills(by: duration)
        case 7: return .duplicateFills
        case 8: return .emptyOrders
        case 9: return .error(FaultError(message: "no", status: 400, venueCode: "-2010", body: "{}"))
        default: return .answer(.balances([Balance(asset: "USDT", free: 5)]))
        }
    }
}
