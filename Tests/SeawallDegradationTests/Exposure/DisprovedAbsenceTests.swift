import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An order that was taken for not being at the venue counts again with the first sign of it there.
@Suite struct DisprovedAbsenceTests {
    @Test func anOrderThatWasGivenBackAndIsShownCountsAgain() throws {
        let fixture = try GateFixture(position: 10)
        fixture.send(.sell, 4, as: "a")
        fixture.gate.giveBack("a")
        #expect(fixture.capacity == 10)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 0, of: "a", venueID: "v"))
        #expect(fixture.capacity == 6)
        #expect(!fixture.reserve(.sell, 4, as: "a").isAdmitted, "its id is taken")
        try fixture.gate.apply(GateFixture.snapshot(.cancelled, .sell, 4, filled: 1, of: "a", venueID: "v"))
        #expect(fixture.position == 9)
        #expect(fixture.capacity == 9)
    }

    @Test func aFillOfAnOrderThatWasGivenBackMeansThatTheRestMayFillToo() throws {
        let fixture = try GateFixture(position: 10)
        fixture.send(.sell, 4, as: "a")
        fixture.gate.giveBack("a")
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: "a", id: "f"))
        #expect(fixture.position == 9)
        #expect(fixture.capacity == 6)
    }

    @Test func anEndThatIsToldOfAnAbsentOrderBringsNothingBack() throws {
        let fixture = try GateFixture(position: 10)
        fixture.send(.sell, 4, as: "a")
        fixture.gate.giveBack("a")
        try fixture.gate.apply(GateFixture.snapshot(.cancelled, .sell, 4, filled: 0, of: "a"))
        #expect(fixture.capacity == 10)
    }

    @Test func aReservedOrderThatIsShownIsAtTheVenueAndNoRefusalFreesIt() throws {
        let fixture = try GateFixture(position: 10)
        fixture.restrict()
        fixture.reserve(.sell, 4, as: "a", expires: fixture.time.now.advanced(by: .seconds(1)))
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 0, of: "a", venueID: "v"))
        fixture.time.advance(by: .seconds(2))
        #expect(!fixture.gate.handOver("a").isAdmitted)
        #expect(fixture.capacity == 6)
    }

    @Test func anOldSnapshotDoesNotBringBackWhatHasEnded() throws {
        let fixture = try GateFixture(position: 10)
        fixture.send(.sell, 4, as: "a")
        try fixture.gate.end("a", filled: 0)
        try fixture.gate.apply(GateFixture.snapshot(.working, .sell, 4, filled: 0, of: "a"))
        #expect(fixture.capacity == 10)
    }

    @Test func anOrderWhosePlaceAnotherTookCountsAgainUnderAllItsNames() throws {
        let fixture = try GateFixture(position: 10)
        fixture.send(.sell, 4, as: "a")
        try fixture.gate.apply(GateFixture.snapshot(.cancelled, .sell, 4, filled: 1, of: "a", venueID: "v1"))
        #expect(fixture.capacity == 9)
        try fixture.gate.apply(
            GateFixture.snapshot(.working, .sell, 6, filled: 1, of: "a", venueID: "v2"), reopens: true)
        #expect(fixture.capacity == 4)
        try fixture.gate.apply(GateFixture.fill(1, .sell, of: nil, venueID: "v1", id: "f1"))
        #expect(fixture.position == 9, "it was told before")
        try fixture.gate.apply(GateFixture.fill(2, .sell, of: nil, venueID: "v2", id: "f2"))
        #expect(fixture.position == 7)
        #expect(fixture.capacity == 4)
        try fixture.gate.apply(
            GateFixture.snapshot(.cancelled, .sell, 6, filled: 3, of: "a", venueID: "v2"), reopens: true)
        #expect(fixture.capacity == 7, "an end brings nothing back")
    }
}
