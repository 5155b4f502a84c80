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

/// Plans that contradict themselves, or that never end.
@Suite struct FaultPlanContradictionTests {
    private let lost = FaultEffect.lostBefore(.reset(after: .zero))

    private func problems(_ plan: FaultPlan, symbols: Set<Symbol>? = nil) -> [String] {
        do {
            try plan.validate(symbols: symbols)
            return []
        } catch {
            return error.fields.map { "\($0.name) \($0.value)" }
        }
    }

    @Test func whatCanNeverStrikeIsRefused() {
        #expect(problems([FaultAction(lost, probability: 0)]) == ["actions[0].probability 0.0"])
        #expect(problems([FaultAction(lost, after: .max)]) == ["actions[0].after \(Int.max)"])
        #expect(
            problems([FaultAction(lost, from: .seconds(9), until: .seconds(3))]) == ["actions[0].until 3.0 seconds"])
        #expect(problems([.once(.halfAmend(.cancel), on: .on(.place))]) == ["actions[0].match.operations place"])
        #expect(
            problems([FaultAction(lost, on: FaultMatch(operations: [.cancel], side: .buy))])
                == ["actions[0].match.side buy"])
        #expect(
            problems([FaultAction(lost, on: FaultMatch(operations: [.balances], symbol: "BTC"))])
                == ["actions[0].match.symbol BTC"])
        #expect(
            problems([FaultAction(.streamReset, on: FaultMatch(lane: "cancel"))]) == ["actions[0].match.lane cancel"])
        #expect(problems([FaultAction(.answer(.balances([])), on: .on(.place))]).count == 1)
        let never = FaultAction.sequence([.always(lost), .once(lost)])
        #expect(problems(FaultPlan(never)).first == "actions[1].after \(Int.max)")
    }

    @Test func anUnknownSymbolIsRefusedWhereSymbolsAreKnown() {
        let plan: FaultPlan = [FaultAction(lost, on: FaultMatch(symbol: "DOGE"))]
        #expect(problems(plan) == [])
        #expect(problems(plan, symbols: ["BTC", "DOGE"]) == [])
        #expect(problems(plan, symbols: ["BTC", "ETH"]) == ["actions[0].match.symbol DOGE"])
        #expect(throws: InvalidFields.self) { try plan.validate(symbols: []) }
    }

    @Test func aFaultBehindOneThatAlwaysStrikesIsNamedWithIt() throws {
        let plan: FaultPlan = [.always(lost, on: .on(.place, .cancel)), .once(.delay(.seconds(1)), on: .on(.place))]
        let error = try #require(throws: InvalidFields.self) { try plan.validate() }
        #expect(
            error.description.contains(
                "actions[1].effect is delay, expected a place before actions[0] lost_before, which strikes every call"))
    }

    /// Every small plan of two: a fault is refused as shadowed only if no history of calls lets it strike, and such a
    /// history is found for every one that is not.
    @Test func shadowsAreExact() {
        let matches: [FaultMatch] = [
            .all, .on(.place, .cancel), FaultMatch(operations: [.place], symbol: "BTC"),
            FaultMatch(operations: [.place], side: .sell),
        ]
        let spans: [(Duration, Duration?)] = [(.zero, nil), (.seconds(2), nil), (.zero, .seconds(2))]
        var variants: [FaultAction] = []
        for match in matches {
            for after in 0...1 {
                for times in [nil, 1] as [Int?] {
                    for (from, until) in spans {
                        variants.append(
                            FaultAction(lost, on: match, after: after, times: times, from: from, until: until))
                    }
                }
            }
        }
        var calls: [BrokerCall] = [BrokerCall(.cancel, symbol: "BTC"), BrokerCall(.query, symbol: "BTC")]
        for (symbol, side) in [("BTC", .buy), ("BTC", .sell), ("ETH", .sell)] as [(Symbol, Side)] {
            let order = OrderRequest(symbol: symbol, side: side, quantity: .base(1), type: .market)
            calls.append(BrokerCall(.place, symbol: symbol, order: order))
        }
        var shadowed = 0
        for first in variants {
            for second in variants where second.times == nil {
                let plan: FaultPlan = [first, second]
                let isRefused = problems(plan) != []
                // Histories: so many calls of one kind before, then one of another, early or late.
                let strikes = calls.contains { early in
                    calls.contains { late in
                        [1, 3].contains { second in
                            (0...2).contains { count in
                                var core = FaultCore(plan: plan, seed: 1, stream: "f", start: .origin)
                                let start = MonotonicInstant.origin
                                var hits = (0..<count).map { _ in core.call(early, lane: nil, now: start) { _ in true }
                                }
                                let now = start.advanced(by: .seconds(second))
                                for _ in 0..<2 { hits.append(core.call(late, lane: nil, now: now) { _ in true }) }
                                return hits.contains { $0.call?.index == 1 }
                            }
                        }
                    }
                }
                #expect(isRefused == !strikes, "\(first) before \(second)")
                if isRefused { shadowed += 1 }
            }
        }
        #expect(shadowed > 50)
    }

    @Test func aPlanThatIsNotOverInTimeIsTold() {
        let plan: FaultPlan = [
            FaultAction(lost, until: .seconds(60)), .once(lost),
            FaultAction(.lateFills(by: .seconds(20)), until: .seconds(50)),
            FaultAction(.streamHang(for: nil), until: .seconds(10)),
            FaultAction(.venueMode(.maintenance, for: .seconds(30)), until: .seconds(30)),
            FaultAction(.banned(retryAfter: .seconds(31)), until: .seconds(30)),
        ]
        let problems = plan.problems(healingBy: .seconds(60))
        #expect(
            problems.map(\.name) == [
                "actions[1].until", "actions[2].until", "actions[3].effect.duration", "actions[5].until",
            ])
        #expect(problems.first?.expected.contains("over by 60.0 seconds") == true)
    }

    @Test func aHealedPlanIsOverInTimeAndValid() throws {
        var random = SeededGenerator(seed: 2, stream: "healing")
        var kept = 0
        for _ in 0..<300 {
            let plan = RandomFaults.plan(&random)
            let healed = plan.healed(by: .seconds(8))
            #expect(healed.problems(healingBy: .seconds(8)) == [])
            #expect(throws: Never.self) { try healed.validate() }
            #expect(healed.healed(by: .seconds(8)) == healed)
            kept += healed.actions.count
        }
        #expect(kept > 300)
    }
}
