import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OrderLedgerTests {
    private static func request(_ intent: IntentID, quantity: Int = 1) -> OrderRequest {
        OrderRequest(
            intent: intent, symbol: "BTCUSDT", side: .buy, quantity: .base(.init(quantity)), type: .market)
    }

    private static func opened(
        _ core: inout OrderLedgerCore, _ name: String, quantity: Int = 1
    ) -> OrderLedgerCore.Opening {
        core.open(request(IntentID(name), quantity: quantity), intent: IntentID(name), clientID: ClientOrderID(name))
    }

    @Test func theSameIntentReturnsTheKnownOrder() {
        var core = OrderLedgerCore(capacity: 10)
        guard case .new = Self.opened(&core, "a") else { return #expect(Bool(false), "a new intent is new") }
        _ = core.apply(.sent(at: .origin), to: "a")
        _ = core.apply(.gaveUp, to: "a")
        guard case .known(let order) = Self.opened(&core, "a") else { return #expect(Bool(false), "it is known") }
        #expect(order.status == .unknown)
    }

    @Test func anIntentWithAnotherBodyIsRefused() {
        var core = OrderLedgerCore(capacity: 10)
        _ = Self.opened(&core, "a")
        guard case .conflict = Self.opened(&core, "a", quantity: 2) else {
            return #expect(Bool(false), "another body is a conflict")
        }
    }

    @Test func twoIntentsCannotShareAClientID() {
        var core = OrderLedgerCore(capacity: 10)
        _ = Self.opened(&core, "a")
        guard case .conflict = core.open(Self.request("b"), intent: "b", clientID: "a") else {
            return #expect(Bool(false), "a client id belongs to one intent")
        }
    }

    @Test func whatWasNeverSentMayBePlacedAgainOnceItsPlacingHasEnded() {
        var core = OrderLedgerCore(capacity: 10)
        _ = Self.opened(&core, "a")
        #expect(core.apply(.withdrawn(as: .cancelled), to: "a").map(\.state) == [.cancelled])
        guard case .known(let order) = Self.opened(&core, "a") else {
            return #expect(Bool(false), "its placing goes on: another one beside it would share its client id")
        }
        #expect(order.status == .cancelled)
        core.discard("a")
        guard case .new = Self.opened(&core, "a") else { return #expect(Bool(false), "nothing was sent") }
        core.discard("a")
        guard case .new = Self.opened(&core, "a") else { return #expect(Bool(false), "nothing was announced") }
    }

    @Test func whatTheVenueHasShownIsNotForgottenAsUnsent() {
        var core = OrderLedgerCore(capacity: 10)
        _ = Self.opened(&core, "a")
        let order = Order(
            venueID: "77", clientID: "a", symbol: "BTCUSDT", side: .buy, quantity: 1, type: .market, status: .working)
        #expect(core.apply(.seen(order), to: "a").map(\.state) == [.acknowledged, .working])
        #expect(core.apply(.sent(at: .origin), to: "a").isEmpty, "it is not sent a second time")
        core.discard("a")
        guard case .known = Self.opened(&core, "a") else { return #expect(Bool(false), "it is at the venue") }
    }

    @Test func endedIntentsAreForgottenOldestFirstAndLiveOnesNever() {
        var core = OrderLedgerCore(capacity: 3)
        for number in 0..<20 {
            let name = "o\(number)"
            _ = Self.opened(&core, name)
            _ = core.apply(.sent(at: .origin), to: ClientOrderID(name))
            if number != 5 { _ = core.apply(.refused, to: ClientOrderID(name)) }
        }
        #expect(core.entry(intent: "o5")?.order.status == .sent)
        #expect(core.entry(intent: "o16") == nil)
        #expect(core.entry(intent: "o17") != nil)
        #expect(core.live.map(\.clientID) == ["o5"])
    }

    @Test func anOrderIsFoundByEitherID() {
        var core = OrderLedgerCore(capacity: 3)
        _ = Self.opened(&core, "a")
        _ = core.apply(.sent(at: .origin), to: "a")
        let order = Order(
            venueID: "77", clientID: "a", symbol: "BTCUSDT", side: .buy, quantity: 1, type: .market, status: .working)
        #expect(core.apply(.acknowledged(order), to: "a").last?.venueID == "77")
        #expect(core.entry(.venue("77"))?.intent == "a")
        #expect(core.entry(.client("a"))?.intent == "a")
        #expect(core.unknownCount == 0)
    }

    @Test(arguments: OrderStatus.allCases) func whatIsTakenOverInDoubtIsToldOnce(status: OrderStatus) {
        var core = OrderLedgerCore(capacity: 3)
        let order = Order(
            clientID: "a", intent: "a", symbol: "BTCUSDT", side: .buy, quantity: 1, type: .market, status: status)
        let journalled = JournalledIntent(
            request: Self.request("a"), intent: "a", clientID: "a", moment: JournalMoment(ManualTime()), order: order)
        let changes = core.restore(LedgerEntry(journalled, now: .origin))
        let isInDoubt = [.prepared, .sent, .unknown].contains(status)
        #expect(changes.map(\.state) == (isInDoubt ? [.unknown] : []))
        #expect(core.unknownCount == changes.count)
        #expect(core.restore(LedgerEntry(journalled, now: .origin)).isEmpty)
    }
}
