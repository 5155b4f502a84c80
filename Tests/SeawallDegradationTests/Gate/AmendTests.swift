import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AmendTests {
    private func amend(
        _ id: ClientOrderID, to quantity: Decimal? = nil, price: Decimal? = nil
    ) -> AmendRequest {
        AmendRequest(target: .client(id), symbol: GateFixture.symbol, quantity: quantity, price: price)
    }

    private func ticket(_ answer: GateAnswer<AmendTicket>) throws -> AmendTicket { try answer.result.get() }

    @Test func theLargerQuantityCountsWhileAnAmendIsInFlight() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 4, as: "a"))
        let larger = try ticket(fixture.gate.reserve(amend("a", to: 7)))
        #expect(fixture.capacity == 3)
        fixture.gate.settle(larger, applied: false)
        #expect(fixture.capacity == 6)
        let smaller = try ticket(fixture.gate.reserve(amend("a", to: 1)))
        #expect(fixture.capacity == 6, "it may not have arrived")
        fixture.gate.settle(smaller, applied: true)
        #expect(fixture.capacity == 9)
    }

    @Test func anAmendWhoseFateIsUnknownCountsUntilTheOrderEnds() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 4, as: "a"))
        let unknown = try ticket(fixture.gate.reserve(amend("a", to: 7)))
        #expect(fixture.gate.handOver(unknown).isAdmitted)
        #expect(fixture.capacity == 3)
        try fixture.gate.end("a", filled: 4)
        #expect(fixture.capacity == 6)
        fixture.gate.settle(unknown, applied: true)
        #expect(fixture.capacity == 6)
    }

    @Test func twoAmendsInFlightTogetherMayHaveArrivedInEitherOrder() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 4, as: "a"))
        let first = try ticket(fixture.gate.reserve(amend("a", to: 7)))
        let second = try ticket(fixture.gate.reserve(amend("a", to: 2)))
        fixture.gate.settle(first, applied: true)
        fixture.gate.settle(second, applied: true)
        #expect(fixture.capacity == 3)
    }

    @Test func anAmendOfAnEarlierRunCountsAsSoonAsItsOrderDoesByWhateverName() throws {
        for (name, shown) in [
            (OrderTarget.venue("v"), ClientOrderID?.none), (.venue("v"), "a"), (.client("a"), "a"),
        ] {
            let fixture = try GateFixture(position: 10)
            let ticket = fixture.gate.restore(
                AmendRequest(target: name, symbol: GateFixture.symbol, quantity: 7))
            #expect(fixture.capacity == 10, "nothing rests")
            let order = GateFixture.snapshot(.working, .sell, 4, filled: 0, of: shown, venueID: "v")
            try fixture.gate.adopt(order)
            #expect(fixture.capacity == 3)
            try fixture.gate.apply(order)
            #expect(fixture.capacity == 3, "a list of before proves nothing")
            fixture.gate.settle(ticket, applied: false)
            #expect(fixture.capacity == 6)
        }
    }

    @Test func anAmendOfAnEarlierRunOutlivesTheFillOfAnOrderThatWasOnlyGlimpsed() throws {
        let fixture = try GateFixture(position: 10)
        _ = fixture.gate.restore(AmendRequest(target: .venue("v"), symbol: GateFixture.symbol, quantity: 7))
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "v", id: "f"))
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 1, of: nil, venueID: "v"))
        #expect(fixture.position == 9)
        #expect(fixture.capacity == 3)
    }

    @Test func anOpeningOrderIsNeitherEnlargedNorRepricedBelowOpenButMayShrink() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.buy, 4, as: "a"))
        fixture.restrict()
        #expect(fixture.gate.reserve(amend("a", to: 5)).denial?.code == .opens)
        #expect(fixture.gate.reserve(amend("a", price: 9)).denial?.code == .opens)
        #expect(fixture.gate.reserve(amend("a", to: 3, price: 9)).denial?.code == .opens)
        #expect(fixture.gate.reserve(amend("a", to: 3)).isAdmitted)
    }

    @Test func aReducingOrderIsRepricedAndEnlargedAsFarAsItFits() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        #expect(fixture.send(.sell, 4, as: "a"))
        #expect(fixture.send(.sell, 3, as: "b"))
        #expect(fixture.gate.reserve(amend("a", price: 9)).isAdmitted)
        let denial = fixture.gate.reserve(amend("a", to: 8)).denial
        #expect(denial?.code == .exceedsCapacity)
        #expect(denial?.largest == 7)
        #expect(fixture.gate.reserve(amend("a", to: 7)).isAdmitted)
        #expect(!fixture.send(.sell, 1, as: "c"))
    }

    @Test func anAmendCountsWhatIsFilledAlready() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        #expect(fixture.send(.sell, 4, as: "a"))
        try fixture.gate.apply(GateFixture.fill(2, .sell, of: "a", id: "1"))
        #expect(fixture.gate.reserve(amend("a", to: 11)).denial?.largest == 10)
        #expect(fixture.gate.reserve(amend("a", to: 10)).isAdmitted)
    }

    @Test func anOrderThatCanFlipIsNotRepricedBelowOpen() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 30, as: "a"))
        fixture.restrict()
        #expect(fixture.gate.reserve(amend("a", price: 9)).denial?.code == .exceedsCapacity)
        let smaller = try ticket(fixture.gate.reserve(amend("a", to: 10)))
        fixture.gate.settle(smaller, applied: true)
        #expect(fixture.gate.reserve(amend("a", price: 9)).isAdmitted)
    }

    @Test func anAmendAdmittedUnderOpenIsDecidedAgainAtTheHandOver() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 4, as: "a"))
        let larger = try ticket(fixture.gate.reserve(amend("a", to: 12)))
        let fitting = try ticket(fixture.gate.reserve(amend("a", to: 10)))
        fixture.restrict()
        #expect(fixture.gate.handOver(larger).denial?.code == .exceedsCapacity)
        #expect(fixture.capacity == 0)
        #expect(fixture.gate.handOver(fitting).isAdmitted)
        fixture.restrict(.cancelOnly)
        #expect(fixture.gate.handOver(fitting).denial?.code == .paused)
        #expect(fixture.capacity == 0, "it is in flight, whatever is asked later")
    }

    @Test func aLateAmendIsDroppedAndGivenBack() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 4, as: "a"))
        let deadline = fixture.time.now.advanced(by: .seconds(1))
        let late = try ticket(fixture.gate.reserve(amend("a", to: 8), expires: deadline))
        fixture.time.advance(by: .seconds(1))
        #expect(fixture.gate.handOver(late).denial?.code == .expired)
        #expect(fixture.capacity == 6)
    }

    @Test func whatIsNotOutstandingIsNotAmended() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.gate.reserve(amend("ghost", to: 1)).denial?.code == .unknownOrder)
        #expect(fixture.send(.sell, 4, as: "a"))
        try fixture.gate.end("a", filled: 4)
        #expect(fixture.gate.reserve(amend("a", to: 5)).denial?.code == .unknownOrder)
    }
}
