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

@Suite struct FaultCoreTests {
    private let lost = FaultEffect.lostBefore(.reset(after: .zero))

    private func core(_ plan: FaultPlan, seed: UInt64 = 1) -> FaultCore {
        FaultCore(plan: plan, seed: seed, stream: "faults", start: .origin)
    }

    /// Which fault strikes each of a number of calls, by name.
    private func strikes(
        _ plan: FaultPlan, calls: Int = 6, seed: UInt64 = 1, of call: BrokerCall = BrokerCall(.place)
    ) -> [String?] {
        var core = core(plan, seed: seed)
        return (0..<calls).map { _ in core.call(call, lane: nil, now: .origin) { _ in true }.call?.action.name }
    }

    private func named(_ name: String, _ action: FaultAction) -> FaultAction {
        var action = action
        action.name = name
        return action
    }

    @Test func afterLetsExactlySoManyCallsThrough() {
        #expect(strikes([.after(2, lost)], calls: 4) == [nil, nil, "lost_before", "lost_before"])
        #expect(strikes([.after(2, lost, times: 1)], calls: 4) == [nil, nil, "lost_before", nil])
        #expect(strikes([.after(0, lost)], calls: 1) == ["lost_before"])
        #expect(strikes([.after(1, lost)], calls: 2) == [nil, "lost_before"])
    }

    @Test func onceAndAlwaysDoAsTheySay() {
        #expect(strikes([.once(lost)], calls: 3) == ["lost_before", nil, nil])
        #expect(strikes([.always(lost)], calls: 3) == ["lost_before", "lost_before", "lost_before"])
    }

    @Test func theFirstThatMatchesWinsAndTheNextOneStillHasItsTurn() {
        let plan: FaultPlan = [named("a", .once(lost)), named("b", .once(lost)), named("c", .after(3, lost))]
        #expect(strikes(plan) == ["a", "b", nil, "c", "c", "c"])
    }

    @Test func whatHasNothingToStrikeIsPassedOverAndKeepsItsTurns() {
        var core = core([named("a", .once(.crash(.before))), named("b", .once(.clockStep(.seconds(1))))])
        let call = BrokerCall(.place)
        let first = core.call(call, lane: nil, now: .origin, hindrances: [0: "no machine"]) { _ in true }
        #expect(first.world?.action.name == "b")
        let second = core.call(call, lane: nil, now: .origin, hindrances: [0: "no machine"]) { _ in true }
        #expect(second.world == nil)
        #expect(core.unstruck == [UnstruckFault(index: 0, fault: "a", matched: 2, reason: "no machine")])
        #expect(core.report == [FaultCount(fault: "b", operation: .place, count: 1)])
        let third = core.call(call, lane: nil, now: .origin) { _ in true }
        #expect(third.world?.action.name == "a")
        #expect(third.world?.number == 3)
        #expect(core.unstruck == [])
    }

    @Test func aSequenceTakesTurnsAndForeverStaysForever() {
        let steps = FaultAction.sequence([
            named("a", .once(lost)), named("b", .after(1, lost, times: 2)), named("c", .always(lost)),
            named("d", .once(lost)),
        ])
        #expect(strikes(FaultPlan(steps)) == ["a", nil, "b", "b", "c", "c"])
    }

    @Test func onlyMatchingCallsAreCounted() {
        var core = core([
            named("btc", FaultAction(lost, on: FaultMatch(operations: [.place], symbol: "BTC"), after: 1)),
            named("sell", FaultAction(lost, on: FaultMatch(side: .sell))),
            named("lane", FaultAction(lost, on: FaultMatch(lane: "cancel"))),
        ])
        func strike(_ call: BrokerCall, lane: String? = nil) -> String? {
            core.call(call, lane: lane.map { .init(rawValue: $0) }, now: .origin) { _ in true }.call?.action.name
        }
        func place(_ symbol: Symbol, _ side: Side = .buy) -> BrokerCall {
            let order = OrderRequest(symbol: symbol, side: side, quantity: .base(1), type: .market)
            return BrokerCall(.place, symbol: symbol, order: order)
        }
        #expect(strike(place("BTC")) == nil)
        #expect(strike(place("ETH")) == nil)
        #expect(strike(BrokerCall(.cancel, symbol: "BTC")) == nil)
        #expect(strike(place("BTC")) == "btc")
        #expect(strike(place("ETH", .sell)) == "sell")
        #expect(strike(BrokerCall(.cancel, symbol: "ETH"), lane: "cancel") == "lane")
        #expect(core.callCount(of: .place) == 4)
        #expect(core.callCount(of: .cancel) == 2)
        #expect(core.callCount(of: .query) == 0)
        #expect(
            core.report == [
                FaultCount(fault: "btc", operation: .place, count: 1),
                FaultCount(fault: "lane", operation: .cancel, count: 1),
                FaultCount(fault: "sell", operation: .place, count: 1),
            ])
    }

    @Test func aSymbolAmongSeveralMatches() {
        let plan: FaultPlan = [FaultAction(lost, on: FaultMatch(symbol: "BTC"))]
        #expect(strikes(plan, calls: 1, of: BrokerCall(.ticker, symbols: ["ETH", "BTC"])) == ["lost_before"])
        #expect(strikes(plan, calls: 1, of: BrokerCall(.ticker, symbols: ["ETH"])) == [nil])
        #expect(strikes(plan, calls: 1, of: BrokerCall(.balances)) == [nil])
    }

    @Test func aWindowOfTimeIsHalfOpen() {
        var core = core([FaultAction(lost, from: .seconds(10), until: .seconds(20))])
        let struck = [9, 10, 19, 20].map { second in
            core.call(BrokerCall(.place), lane: nil, now: .origin.advanced(by: .seconds(second))) { _ in true }.call
                != nil
        }
        #expect(struck == [false, true, true, false])
    }

    @Test func anOutageLastsFromItsFirstStrikeWhateverElseIsSaid() {
        var core = core([
            FaultAction(.outage(for: .seconds(5), as: .refused), after: 1, times: 1, until: .seconds(3))
        ])
        let struck = [0, 2, 3, 6, 7, 8].map { second in
            core.call(BrokerCall(.place), lane: nil, now: .origin.advanced(by: .seconds(second))) { _ in true }.call
                != nil
        }
        #expect(struck == [false, true, true, true, false, false])
    }

    @Test func anEffectThatDoesNotFitTheAnswerDoesNotStrike() {
        var core = core([.always(.emptyOrders), .always(lost)])
        let action = core.call(BrokerCall(.place), lane: nil, now: .origin) { $0.fits(Order.self) }.call?.action
        #expect(action?.effect == lost)
        let list = core.call(BrokerCall(.openOrders), lane: nil, now: .origin) { $0.fits(OrderPage.self) }.call?.action
        #expect(list?.effect == .emptyOrders)
    }

    @Test func fillsAndCallsAreSeparate() {
        var core = core([.once(.duplicateFills), .once(lost)])
        #expect(core.fills(of: BrokerCall(.userStream), lane: nil, now: .origin)?.action.effect == .duplicateFills)
        #expect(core.call(BrokerCall(.fills), lane: nil, now: .origin) { _ in true }.call?.action.effect == lost)
        #expect(core.fills(of: BrokerCall(.fills), lane: nil, now: .origin) == nil)
    }

    @Test func aProbabilityStrikesItsShareAndEverySeedItsOwnCalls() {
        for probability in [0.1, 0.5, 0.9] {
            let plan: FaultPlan = [FaultAction(lost, probability: probability)]
            var seen: Set<[String?]> = []
            for seed in 1...5 as ClosedRange<UInt64> {
                let struck = strikes(plan, calls: 2_000, seed: seed)
                let share = Double(struck.count { $0 != nil }) / 2_000
                // Five standard deviations of a share of 2000 draws.
                #expect(abs(share - probability) < 5 * (probability * (1 - probability) / 2_000).squareRoot())
                #expect(strikes(plan, calls: 2_000, seed: seed) == struck)
                seen.insert(struck)
            }
            #expect(seen.count == 5)
        }
        #expect(strikes([FaultAction(lost, probability: 0)], calls: 500).allSatisfy { $0 == nil })
        #expect(strikes([FaultAction(lost, probability: 1)], calls: 500).allSatisfy { $0 != nil })
    }

    @Test func takingAFaultOutMovesNoOther() {
        let first = named("a", FaultAction(lost, on: .on(.place), probability: 0.3))
        let second = named("b", FaultAction(.delay(.zero), on: .on(.place), probability: 0.3))
        let both = strikes([first, second], calls: 500)
        let alone = strikes([second], calls: 500)
        for (with, without) in zip(both, alone) where with != "a" {
            #expect(with == without)
        }
        #expect(both.count { $0 == "b" } > 50)
    }

    @Test func twoEqualFaultsDrawApart() {
        let action = FaultAction(lost, probability: 0.5)
        let share = Double(strikes([action, action], calls: 2_000).count { $0 != nil }) / 2_000
        #expect(abs(share - 0.75) < 0.05)
    }
}
