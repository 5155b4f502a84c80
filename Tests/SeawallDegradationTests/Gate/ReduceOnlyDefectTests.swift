import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What goes wrong where reduce-only is a flag that is believed, each as a test of its own.
@Suite struct ReduceOnlyDefectTests {
    @Test func theFlagOfTheOrderIsNotBelieved() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        let answer = fixture.reserve(.buy, 1, as: "a", isReduceOnly: true)
        #expect(answer.denial?.code == .opens)
        #expect(fixture.reserve(.sell, 1, as: "b", isReduceOnly: false).isAdmitted)
    }

    @Test func anOversizedCloseDoesNotFlipThePosition() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        let denial = fixture.reserve(.sell, 11, as: "a").denial
        #expect(denial?.code == .exceedsCapacity)
        #expect(denial?.largest == 10)
        #expect(fixture.reserve(.sell, 10, as: "b").isAdmitted)
    }

    @Test func aShortPositionIsReducedByBuying() throws {
        let fixture = try GateFixture(position: -3)
        fixture.restrict()
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .opens)
        #expect(fixture.reserve(.buy, 4, as: "b").denial?.largest == 3)
        #expect(fixture.reserve(.buy, 3, as: "c").isAdmitted)
    }

    @Test func nothingReducesAFlatPosition() throws {
        let fixture = try GateFixture(position: 0)
        fixture.restrict()
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .flat)
        #expect(fixture.reserve(.buy, 1, as: "b").denial?.code == .flat)
    }

    @Test func anUnreadPositionIsNotTakenForFlatNorForAnythingElse() throws {
        let fixture = try GateFixture()
        fixture.restrict()
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .positionUnknown)
        try fixture.gate.setPositions([])
        #expect(fixture.reserve(.sell, 1, as: "b").denial?.code == .flat)
        try fixture.gate.setPosition(5, of: GateFixture.symbol)
        fixture.gate.distrustPosition(of: GateFixture.symbol)
        #expect(fixture.reserve(.sell, 1, as: "c").denial?.code == .positionUnknown)
    }

    @Test func twoClosesInARowDoNotBothPass() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        #expect(fixture.reserve(.sell, 10, as: "a").isAdmitted)
        let denial = fixture.reserve(.sell, 10, as: "b").denial
        #expect(denial?.code == .exceedsCapacity)
        #expect(denial?.largest == nil)
        #expect(denial?.holders == [.client("a")])
    }

    @Test func twoClosesAtOnceOnRealThreadsNeverBothPass() async throws {
        for _ in 0..<300 {
            let fixture = try GateFixture(position: 10)
            fixture.restrict()
            let gate = fixture.gate
            let admitted = await withTaskGroup(of: Bool.self) { group in
                for id in ["a", "b"] as [ClientOrderID] {
                    group.addTask {
                        gate.reserve(GateFixture.order(.sell, 10), as: id).isAdmitted && gate.handOver(id).isAdmitted
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(admitted == 1)
        }
    }

    @Test func aPlainSellThatRestsHoldsCapacityThoughItIsNotFlagged() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 7, as: "plain"))
        fixture.restrict()
        #expect(fixture.reserve(.sell, 4, as: "a").denial?.largest == 3)
        #expect(fixture.reserve(.sell, 3, as: "b").isAdmitted)
    }

    @Test func anOrderAdmittedUnderOpenIsNotHandedOverAfterThePause() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.reserve(.buy, 1, as: "opening").isAdmitted)
        #expect(fixture.reserve(.sell, 11, as: "flipping").isAdmitted)
        fixture.restrict()
        #expect(fixture.gate.handOver("opening").denial?.code == .opens)
        #expect(fixture.gate.handOver("flipping").denial?.code == .exceedsCapacity)
        #expect(fixture.capacity == 10, "what was refused is given back")
        #expect(fixture.send(.sell, 10, as: "closing"))
    }

    @Test func theEndOfAPauseIsHeardWithTheDecisionThatItChanged() throws {
        let fixture = try GateFixture(position: 10)
        try fixture.gate.pauses.pauseAll(for: .seconds(5), reason: "x")
        fixture.time.advance(by: .seconds(5))
        let answer = fixture.reserve(.buy, 1, as: "a")
        #expect(answer.isAdmitted)
        #expect(answer.permission == .open)
        #expect(answer.changes.map(\.event) == [.expired])
    }

    @Test func aQuantityInQuoteCannotBeProvedToReduceAndHoldsEverythingWhileItIsOut() throws {
        let fixture = try GateFixture(position: 10)
        let quote = OrderRequest(
            symbol: GateFixture.symbol, side: .sell, quantity: .quote(100), type: .market)
        #expect(fixture.gate.reserve(quote, as: "open").isAdmitted)
        #expect(fixture.gate.handOver("open").isAdmitted)
        fixture.restrict()
        #expect(fixture.gate.reserve(quote, as: "a").denial?.code == .quoteQuantity)
        #expect(fixture.reserve(.sell, 1, as: "b").denial?.code == .exceedsCapacity)
        #expect(fixture.gate.exposure(of: GateFixture.symbol).selling == nil)
        try fixture.gate.end("open", filled: 2)
        #expect(fixture.position == 8)
        #expect(fixture.reserve(.sell, 8, as: "c").isAdmitted)
    }

    @Test(arguments: [Permission.cancelOnly, .frozen])
    func nothingPassesBelowReduceOnlyAndCancelsStopAtFrozen(level: Permission) throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict(level)
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .paused)
        #expect(fixture.gate.allowsCancels() == (level == .cancelOnly))
    }
}
