import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// A plan made of strikes strikes those calls and no others.
@Suite struct FaultPlanExplicitTests {
    private struct Seen: Equatable {
        var fault: String
        var call: Int
    }

    private let operations: [BrokerOperation] = [.place, .cancel, .openOrders, .query]

    /// Plays a history of calls and says which faults struck which of them.
    private func play(_ plan: FaultPlan, seed: UInt64, calls: Int = 200) -> ([Seen], [FaultStrike]) {
        var core = FaultCore(plan: plan, seed: seed, stream: "faults", start: .origin)
        var history = SeededGenerator(seed: seed, stream: "history")
        var now = MonotonicInstant.origin
        var seen: [Seen] = []
        var strikes: [FaultStrike] = []
        for number in 0..<calls {
            // Many calls share an instant.
            if history.chance(0.4) { now = now.advanced(by: .seconds(1)) }
            let call = BrokerCall(operations[Int(history.below(4))], symbol: history.chance(0.5) ? "BTC" : "ETH")
            let hits = core.call(call, lane: nil, now: now) { effect in
                call.operation == .openOrders || effect != .emptyOrders
            }
            for hit in [hits.world, hits.call].compactMap(\.self) {
                seen.append(Seen(fault: hit.action.name, call: number))
                strikes.append(
                    FaultStrike(
                        action: hit.action, number: hit.number, operation: call.operation, call: call, context: nil,
                        time: now))
            }
        }
        return (seen, strikes)
    }

    @Test func theSameCallsAreStruck() throws {
        let plan: FaultPlan = [
            FaultAction(.lostAfter(.reset(after: .zero)), on: .on(.place, .cancel), probability: 0.3),
            FaultAction(.outage(for: .seconds(5), as: .reset), on: FaultMatch(symbol: "ETH"), probability: 0.1),
            FaultAction(.emptyOrders, after: 3, probability: 0.5),
            FaultAction(.clockStep(.seconds(1)), probability: 0.1, from: .seconds(10), until: .seconds(60)),
            FaultAction(.fill(perMille: 5, at: .before, hold: .zero), probability: 0.4),
        ]
        for seed in 1...40 as ClosedRange<UInt64> {
            let (seen, strikes) = play(plan, seed: seed)
            #expect(Set(seen.map(\.fault)).count == 5)
            let explicit = FaultPlan.explicit(strikes)
            try explicit.validate()
            #expect(play(explicit, seed: seed).0 == seen)
        }
    }

    @Test func oneStrikeLessIsOneStrikeLess() {
        let plan: FaultPlan = [FaultAction(.lostBefore(.reset(after: .zero)), probability: 0.2)]
        let (seen, strikes) = play(plan, seed: 9)
        for left in strikes.indices {
            var fewer = strikes
            fewer.remove(at: left)
            var expected = seen
            expected.remove(at: left)
            #expect(play(.explicit(fewer), seed: 9).0 == expected)
        }
    }
}
