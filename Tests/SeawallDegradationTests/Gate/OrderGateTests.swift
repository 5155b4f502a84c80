import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OrderGateTests {
    @Test func theReservationOutlivesEverythingButProof() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        #expect(fixture.send(.sell, 6, as: "a"))
        try fixture.gate.apply(GateFixture.snapshot(.unknown, .sell, 6, filled: 0, of: "a"))
        #expect(fixture.capacity == 4)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 6, filled: 2, of: "a"))
        #expect(fixture.position == 8)
        #expect(fixture.capacity == 4)
        try fixture.gate.apply(GateFixture.snapshot(.cancelled, .sell, 6, filled: 3, of: "a"))
        #expect(fixture.position == 7)
        #expect(fixture.capacity == 7)
    }

    @Test func aVenueThatSaysFilledOfLessThanTheQuantityProvesNothing() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 6, as: "a"))
        try fixture.gate.apply(GateFixture.snapshot(.filled, .sell, 6, filled: 5, of: "a"))
        #expect(fixture.position == 5)
        #expect(fixture.capacity == 4)
    }

    @Test func aFillThatComesTwiceMovesThePositionOnce() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 6, as: "a"))
        let fill = GateFixture.fill(2, .sell, of: "a", id: "1")
        #expect(try fixture.gate.apply(fill).moved == -2)
        #expect(try fixture.gate.apply(fill).moved == 0)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 6, filled: 2, of: "a"))
        #expect(fixture.position == 8)
    }

    @Test func tradesOfTwoOrdersMayShareOneIdAsWhenWeTradeWithOurselves() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 6, as: "a"))
        #expect(fixture.send(.buy, 6, as: "b"))
        try fixture.gate.apply(GateFixture.fill(2, .sell, of: "a", venueID: "va", id: "1"))
        try fixture.gate.apply(GateFixture.fill(2, .buy, of: "b", venueID: "vb", id: "1"))
        #expect(fixture.position == 10)
        #expect(fixture.gate.exposure(of: GateFixture.symbol).selling == 4)
        #expect(fixture.gate.exposure(of: GateFixture.symbol).buying == 4)
    }

    @Test func aFillAfterTheEndStillMovesThePosition() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 6, as: "a"))
        try fixture.gate.end("a", filled: 0)
        #expect(fixture.capacity == 10)
        #expect(try fixture.gate.apply(GateFixture.fill(6, .sell, of: "a", id: "1")).position == 4)
    }

    @Test func aFillUnderTheVenuesNameIsTheSameFillOnceTheNamesAreKnownToBeOne() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 6, as: "a"))
        #expect(try fixture.gate.apply(GateFixture.fill(2, .sell, of: nil, venueID: "v", id: "1")).isStranger)
        try fixture.gate.apply(GateFixture.fill(2, .sell, of: "a", venueID: "other", id: "1"))
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 6, filled: 2, of: "a"))
        #expect(fixture.position == 6, "not known to be one order yet, so both count")
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 6, filled: 2, of: "a", venueID: "v"))
        #expect(fixture.position == 8)
        try fixture.gate.apply(GateFixture.fill(2, .sell, of: nil, venueID: "v", id: "1"))
        #expect(fixture.position == 8)
        #expect(fixture.capacity == 4)
    }

    @Test func aStrangersOrderHoldsCapacityAndItsFillsMoveThePosition() throws {
        let fixture = try GateFixture(position: 10)
        let change = try fixture.gate.apply(
            GateFixture.snapshot(.working, .sell, 4, filled: 0, of: nil, venueID: "hand"))
        #expect(change.isStranger)
        #expect(fixture.capacity == 6)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "hand", id: "1"))
        #expect(fixture.position == 9)
        #expect(fixture.capacity == 6)
    }

    @Test func aStrangersFillBeforeItsOrderIsSeenDoesNotHideWhatRests() throws {
        let fixture = try GateFixture(position: 10)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "hand", id: "1"))
        #expect(fixture.position == 9)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 1, of: nil, venueID: "hand"))
        #expect(fixture.position == 9)
        #expect(fixture.capacity == 6)
    }

    @Test func aStrangersHalfFilledOrderMakesThePositionUnknown() throws {
        let fixture = try GateFixture(position: 10)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 1, of: nil, venueID: "hand"))
        #expect(fixture.position == nil)
        try fixture.gate.setPosition(9, of: GateFixture.symbol)
        #expect(fixture.capacity == 6)
    }

    @Test func anAdoptedOrderHasItsFilledPartInThePositionAlready() throws {
        let fixture = try GateFixture()
        try fixture.gate.adopt(GateFixture.snapshot(.working, .sell, 4, filled: 1, of: "old", venueID: "v"))
        try fixture.gate.setPositions([Position(symbol: GateFixture.symbol, quantity: 9)])
        #expect(fixture.capacity == 6)
        try fixture.gate.apply(GateFixture.snapshot(.filled, .sell, 4, filled: 4, of: "old", venueID: "v"))
        #expect(fixture.position == 6)
        #expect(fixture.capacity == 6)
    }

    @Test func anAdoptedOrderIsKnownByEitherOfItsNames() throws {
        let fixture = try GateFixture()
        try fixture.gate.adopt(GateFixture.snapshot(.working, .sell, 4, filled: 0, of: "old", venueID: "v"))
        try fixture.gate.setPosition(9, of: GateFixture.symbol)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "v", id: "1"))
        #expect(fixture.position == 8)
        #expect(fixture.capacity == 5)
        try fixture.gate.end("old", filled: 2)
        #expect(fixture.position == 7)
        #expect(fixture.capacity == 7)
    }

    @Test func anOrderSeenFirstUnderTheVenuesNameIsOneOrderUnderOursToo() throws {
        let fixture = try GateFixture(position: 9)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "v", id: "1"))
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 1, of: "old", venueID: "v"))
        #expect(fixture.position == 8)
        #expect(fixture.capacity == 5)
        #expect(fixture.gate.exposure(of: GateFixture.symbol).outstanding == [.client("old")])
        try fixture.gate.end("old", filled: 1)
        #expect(fixture.capacity == 8)
    }

    @Test func aStrangersFillWithBothNamesIsKnownAgainByOne() throws {
        let fixture = try GateFixture(position: 9)
        #expect(try fixture.gate.apply(GateFixture.fill(1, .sell, of: "x", venueID: "v", id: "1")).isStranger)
        #expect(try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "v", id: "1")).moved == 0)
        #expect(fixture.position == 8)
    }

    @Test func aPositionThatIsSetContainsTheFillsItNames() throws {
        let fixture = try GateFixture(position: 0)
        #expect(fixture.send(.buy, 10, as: "a"))
        try fixture.gate.setPosition(4, of: GateFixture.symbol, containing: ["a": 4])
        try fixture.gate.apply(GateFixture.fill(4, .buy, of: "a", id: "1"))
        #expect(fixture.position == 4)
        try fixture.gate.apply(GateFixture.fill(6, .buy, of: "a", id: "2"))
        #expect(fixture.position == 10)
    }

    @Test func linkedOrdersCountOnceWhereTheVenueLinksThem() throws {
        for capabilities in [[], [.linkedGroups]] as [Set<BrokerCapability>] {
            let fixture = try GateFixture(position: 10, capabilities: capabilities)
            fixture.restrict()
            #expect(fixture.send(.sell, 10, as: "take", group: "g"))
            #expect(fixture.send(.sell, 10, as: "stop", group: "g") == capabilities.contains(.linkedGroups))
            #expect(!fixture.send(.sell, 1, as: "other"))
        }
    }

    @Test func anOrderThatJoinsItsGroupTooLateCountsOnItsOwn() throws {
        let fixture = try GateFixture(position: 10, capabilities: [.linkedGroups])
        fixture.restrict()
        #expect(fixture.send(.sell, 6, as: "take", group: "g"))
        #expect(fixture.reserve(.sell, 6, as: "stop", group: "g").isAdmitted)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: "take", id: "1"))
        #expect(fixture.gate.handOver("stop").denial?.code == .exceedsCapacity)
        #expect(fixture.send(.sell, 4, as: "smaller", group: "g"))
    }

    @Test func aLateOrderIsDroppedAndGivenBack() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        let deadline = fixture.time.now.advanced(by: .seconds(1))
        #expect(fixture.reserve(.sell, 10, as: "a", expires: deadline).isAdmitted)
        fixture.time.advance(by: .seconds(1))
        #expect(fixture.gate.handOver("a").denial?.code == .expired)
        #expect(fixture.capacity == 10)
        #expect(fixture.reserve(.sell, 10, as: "b", expires: deadline).denial?.code == .expired)
    }

    @Test func anIdIsTakenUntilItIsGivenBack() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.reserve(.sell, 1, as: "a").isAdmitted)
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .duplicateID)
        fixture.gate.giveBack("a")
        #expect(fixture.gate.handOver("a").denial?.code == .unknownOrder)
        #expect(fixture.send(.sell, 1, as: "a"))
        try fixture.gate.end("a", filled: 1)
        #expect(fixture.reserve(.sell, 1, as: "a").denial?.code == .duplicateID)
    }

    @Test func anOrderThatHasTradedIsNotGivenBack() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.send(.sell, 5, as: "a"))
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: "a", id: "1"))
        fixture.gate.giveBack("a")
        #expect(fixture.capacity == 5)
    }

    @Test func anOrderForAnotherAccountIsDeniedSinceItsPositionIsNotKeptHere() throws {
        let fixture = try GateFixture(position: 10, account: "main")
        #expect(
            fixture.gate.reserve(GateFixture.order(.sell, 1, account: "sub"), as: "a").denial?.code == .otherAccount)
        fixture.gate.pauses.raise(
            "x", scope: .account("main"), level: .cancelOnly, release: .byHand, code: "x", message: "x")
        for account in [nil, "main"] as [AccountID?] {
            let order = GateFixture.order(.sell, 1, account: account)
            #expect(fixture.gate.reserve(order, as: "b").denial?.code == .paused)
        }
    }

    @Test(arguments: [Decimal.nan, 0, -1, Decimal(sign: .plus, exponent: -19, significand: 1)])
    func aQuantityThatIsNoneIsDeniedUnderOpenToo(quantity: Decimal) throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.reserve(.sell, quantity, as: "a").denial?.code == .invalidQuantity)
        let change = AmendRequest(target: .client("a"), symbol: GateFixture.symbol, quantity: quantity)
        #expect(fixture.gate.reserve(change).denial?.code == .invalidQuantity)
        #expect(throws: GateError.self) { try fixture.gate.apply(GateFixture.fill(quantity, .sell, of: "a", id: "1")) }
        #expect(fixture.position == 10)
    }

    @Test func theLargestQuantitiesSaturateAndDoNotTrap() throws {
        let huge = Decimal(sign: .plus, exponent: 20, significand: 1)
        let fixture = try GateFixture(position: huge)
        for id in ["a", "b", "c"] as [ClientOrderID] { #expect(fixture.send(.sell, huge, as: id)) }
        fixture.restrict()
        #expect(fixture.reserve(.sell, 1, as: "d").denial?.code == .exceedsCapacity)
        for id in ["a", "b", "c"] as [ClientOrderID] { try fixture.gate.end(id, filled: huge) }
        #expect((fixture.position ?? 0) < 0)
        #expect(fixture.reserve(.sell, 1, as: "e").denial?.code == .opens)
    }

    @Test func anExplanationNamesEveryCauseThatBlocksAndWhatWouldPass() throws {
        let fixture = try GateFixture(position: 10)
        #expect(fixture.gate.explain(GateFixture.order(.buy, 1)).wouldPass)
        try fixture.gate.pauses.pauseAll(for: .seconds(60), reason: "maintenance")
        fixture.gate.pauses.raise(
            "guard", scope: .symbol(GateFixture.symbol), level: .reduceOnly, release: .whenCleared, code: .apiHealth,
            message: "errors")
        let opening = fixture.gate.explain(GateFixture.order(.buy, 1))
        #expect(opening.permission == .reduceOnly)
        #expect(opening.denial?.code == .opens)
        #expect(opening.blockers.map(\.cause.message).sorted() == ["errors", "maintenance"])
        #expect(opening.blockers.compactMap(\.remaining) == [.seconds(60)])
        #expect(opening.largest == nil)
        let closing = fixture.gate.explain(GateFixture.order(.sell, 12))
        #expect(closing.denial?.code == .exceedsCapacity)
        #expect(closing.largest == 10)
        #expect(fixture.gate.explain(GateFixture.order(.sell, 10)).wouldPass)
        #expect(fixture.reserve(.sell, 10, as: "a").isAdmitted, "explaining has reserved nothing")
    }

    @Test func aReducingOrderIsBlockedOnlyByWhatBlocksReducing() throws {
        let fixture = try GateFixture(position: 10)
        try fixture.gate.pauses.pauseAll(reason: "maintenance")
        fixture.gate.pauses.kill(reason: "runaway")
        #expect(fixture.gate.explain(GateFixture.order(.sell, 1)).blockers.map(\.cause.message) == ["runaway"])
        let opening = fixture.gate.explain(GateFixture.order(.buy, 1))
        #expect(opening.blockers.map(\.cause.message) == ["runaway", "maintenance"])
    }

    @Test func theBookForgetsOldOrdersAndStaysBounded() {
        var book = ExposureBook(memory: 10)
        book.setPositions(["A": 0])
        for index in 0..<1_000 {
            let target = OrderTarget.client(ClientOrderID("\(index)"))
            let order = ExposureOrder(
                origin: OrderOrigin(symbol: "A"), symbol: "A", side: .buy, phase: .reserved, total: 1)
            let isReserved = book.reserve(order, as: target)
            #expect(isReserved)
            book.link(VenueOrderID("v\(index)"), to: ClientOrderID("\(index)"))
            _ = book.end(target, filled: 1)
        }
        #expect(book.position(of: "A") == 1_000)
        #expect(book.orders.count == 10)
        #expect(book.clientIDs.count == 10)
        #expect(book.symbols["A"]?.outstanding.isEmpty == true)
    }
}
