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

/// The bookkeeping of faults against a naive model, under random plans and calls.
@Suite struct FaultCoreModelTests {
    private static let operations: [BrokerOperation] = [.place, .cancel, .openOrders, .query, .limits, .amend, .fills]

    private func call(_ random: inout SeededGenerator) -> BrokerCall {
        let operation = RandomFaults.pick(Self.operations, &random)
        let symbol: Symbol = random.chance(0.5) ? "BTC-USD" : "ETH-USD"
        var order: OrderRequest?
        if operation == .place {
            order = OrderRequest(
                symbol: symbol, side: random.chance(0.5) ? .buy : .sell, quantity: .base(1), type: .market)
        }
        return BrokerCall(operation, symbol: operation == .limits ? nil : symbol, order: order)
    }

    /// A plan of faults that draw nothing and depend on nothing but the call.
    private func plan(_ random: inout SeededGenerator) -> FaultPlan {
        let kinds = FaultEffect.Kind.allCases.filter { kind in
            ![.oldAnswer, .failedPage, .hiddenOrder, .reorder, .answer, .emptyList, .crash].contains(kind)
        }
        return FaultPlan(
            (0..<(random.below(5) + 1)).map { _ in
                var action = RandomFaults.action(
                    RandomFaults.effect(RandomFaults.pick(kinds, &random), &random), &random)
                action.probability = 1
                action.match.lane = nil
                return action
            })
    }

    @Test func theCoreCountsAndChoosesAsTheModelDoes() {
        var strikes: [FaultSite: Int] = [:]
        for seed in 1...80 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "core model")
            var model = NaiveFaults(plan: plan(&random))
            var core = FaultCore(plan: model.plan, seed: seed, stream: "faults", start: .origin)
            var now = MonotonicInstant.origin
            var hits: [FaultSite: [FaultHit?]] = [:]
            for _ in 0..<60 {
                if random.chance(0.5) { now = now.advanced(by: .milliseconds(Int64(random.below(1_500)))) }
                let call = call(&random)
                model.history.append(NaiveFaults.Call(call: call, now: now))
                let verdict = core.call(call, lane: nil, now: now) { _ in true }
                hits[.world, default: []].append(verdict.world)
                hits[.call, default: []].append(verdict.call)
                hits[.fills, default: []].append(core.fills(of: call, lane: nil, now: now))
                #expect(verdict.releases == [])
            }
            for (site, hits) in hits {
                let expected = model.strikes(at: site)
                #expect(hits.map { $0?.index } == expected.map { $0?.index }, "seed \(seed), \(site), \(model.plan)")
                #expect(hits.map { $0?.number } == expected.map { $0?.number }, "seed \(seed), \(site)")
                strikes[site, default: 0] += hits.count { $0 != nil }
            }
            let struck = Set(hits.values.joined().compactMap { $0?.index })
            let unstruck = model.plan.actions.enumerated().filter { !struck.contains($0.offset) }
            // Events of streams are counted elsewhere.
            #expect(core.unstruck.map(\.index) == unstruck.map(\.offset))
            #expect(
                core.unstruck.map(\.matched)
                    == unstruck.map { $1.effect.site == .stream ? 0 : model.matched($1) })
            for operation in Self.operations {
                #expect(core.callCount(of: operation) == model.history.count { $0.call.operation == operation })
            }
        }
        #expect(strikes.values.allSatisfy { $0 > 20 } && strikes.count == 3, "\(strikes)")
    }

    @Test func removingAFaultLeavesTheDrawsOfTheOthers() {
        var moved = 0
        for seed in 1...100 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "removal")
            let lost = FaultEffect.lostBefore(.reset(after: .zero))
            let actions = (0..<4).map { number in
                FaultAction(
                    number.isMultiple(of: 2) ? lost : .delay(.seconds(1)), name: "f\(number)",
                    after: Int(random.below(4)), probability: 0.1 + 0.5 * random.unit())
            }
            let calls = (0..<80).map { _ in call(&random) }
            func winners(_ actions: [FaultAction]) -> [String?] {
                var core = FaultCore(plan: FaultPlan(actions), seed: seed, stream: "faults", start: .origin)
                return calls.map { core.call($0, lane: nil, now: .origin) { _ in true }.call?.action.name }
            }
            let whole = winners(actions)
            for left in actions.indices {
                var fewer = actions
                fewer.remove(at: left)
                for (before, after) in zip(whole, winners(fewer)) where before != "f\(left)" {
                    #expect(before == after)
                    if before != nil { moved += 1 }
                }
            }
        }
        #expect(moved > 1_000)
    }

    @Test func endingAFaultSoonerLeavesItsDrawsUntilThen() {
        let action = FaultAction(.lostBefore(.reset(after: .zero)), probability: 0.3)
        var cut = action
        cut.until = .seconds(50)
        func struck(_ action: FaultAction) -> [Bool] {
            var core = FaultCore(plan: [action], seed: 4, stream: "faults", start: .origin)
            return (0..<100).map { second in
                let now = MonotonicInstant.origin.advanced(by: .seconds(second))
                return core.call(BrokerCall(.place), lane: nil, now: now) { _ in true }.call != nil
            }
        }
        #expect(struck(cut) == struck(action).prefix(50) + Array(repeating: false, count: 50))
    }

    @Test func aHeldCallIsLetGoByTheNextThatMatchesAndNotHeldItself() {
        var core = FaultCore(
            plan: [FaultAction(.reorder(within: .seconds(10)), on: .on(.place))], seed: 1, stream: "f", start: .origin)
        func place(_ second: Int) -> FaultVerdict {
            let now = MonotonicInstant.origin.advanced(by: .seconds(second))
            return core.call(BrokerCall(.place), lane: nil, now: now) { _ in true }
        }
        #expect(place(0).call != nil)
        let other = core.call(BrokerCall(.cancel), lane: nil, now: .origin) { _ in true }
        #expect(other.releases == [] && other.call == nil)
        let partner = place(1)
        #expect(partner.call == nil && partner.releases == [0])
        #expect(place(2).call != nil)
        // The bound is over: who waited has gone, and the next may be held again.
        #expect(place(12).call != nil)
    }
}
