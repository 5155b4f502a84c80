import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct LedgerEntryTests {
    private static let request = OrderRequest(
        intent: "i", symbol: "BTCUSDT", side: .buy, quantity: .base(10), type: .market)

    private static func entry() -> LedgerEntry { LedgerEntry(request: request, intent: "i", clientID: "c") }

    private static func order(_ status: OrderStatus, filled: Int = 0) -> Order {
        var order = Order(
            venueID: "v", clientID: "c", symbol: "BTCUSDT", side: .buy, quantity: 10, type: .market, status: status)
        order.filled = .init(filled)
        return order
    }

    private static let events: [LedgerEvent] = [
        .sent(at: .origin), .withdrawn(as: .cancelled), .acknowledged(order(.working)),
        .acknowledged(order(.filled, filled: 10)),
        .refused, .gaveUp, .seen(order(.working, filled: 3)), .seen(order(.cancelled, filled: 3)),
        .seen(order(.filled, filled: 10)), .filled(4), .filled(10), .provenAbsent,
    ]

    /// Every history of up to five events: the rules that hold whatever happens.
    @Test func everyShortHistoryKeepsTheRules() {
        var unknowns = 0
        func explore(_ entry: LedgerEntry, depth: Int, wasSent: Bool, exists: Bool, isProven: Bool) {
            guard depth > 0 else { return }
            for event in Self.events {
                var next = entry
                let passed = next.apply(event)
                let before = entry.order
                let sent = wasSent || passed.contains(.sent)
                let shown = exists || event.showsExistence
                let proven = isProven || event.provesRefusal
                // What is filled only grows, and an end is taken back by nothing but proof of existence.
                #expect(next.order.filled >= before.filled)
                if before.status == .filled { #expect(next.order.status == .filled) }
                if before.status == .cancelled, wasSent || exists {
                    #expect([.cancelled, .filled].contains(next.order.status))
                }
                if before.status == .rejected { #expect(next.order.status == .rejected || event.showsExistence) }
                // Rejected only by proof, unknown only after it was sent.
                if passed.contains(.rejected) { #expect(proven) }
                if passed.contains(.unknown) {
                    unknowns += 1
                    #expect(sent && before.status == .sent)
                }
                if next.order.status == .working || next.order.status == .filled { #expect(shown) }
                explore(next, depth: depth - 1, wasSent: sent, exists: shown, isProven: proven)
            }
        }
        explore(Self.entry(), depth: 4, wasSent: false, exists: false, isProven: false)
        #expect(unknowns > 0)
    }

    @Test func anOrderThatWasNotSentCannotBecomeUnknown() {
        var entry = Self.entry()
        #expect(entry.apply(.gaveUp).isEmpty)
        #expect(entry.order.status == .prepared)
    }

    @Test func aLateAnswerEndsTheDoubt() {
        var entry = Self.entry()
        #expect(entry.apply(.sent(at: .origin)) == [.sent])
        #expect(entry.apply(.gaveUp) == [.unknown])
        #expect(entry.apply(.acknowledged(Self.order(.working, filled: 3))) == [.acknowledged, .working])
        #expect(entry.order.filled == 3)
    }

    @Test func proofOfAbsenceWhileTheCallIsStillOutChangesNothing() {
        var entry = Self.entry()
        _ = entry.apply(.sent(at: .origin))
        #expect(entry.apply(.provenAbsent).isEmpty)
    }

    @Test func anOldSnapshotDoesNotTakeBackAnAmend() {
        var entry = Self.entry()
        _ = entry.apply(.sent(at: .origin))
        var amended = Self.order(.working)
        amended.quantity = 12
        amended.updatedAt = CivilInstant(millisecondsSinceEpoch: 2_000)
        _ = entry.apply(.acknowledged(amended))
        var old = Self.order(.working)
        old.updatedAt = CivilInstant(millisecondsSinceEpoch: 1_000)
        _ = entry.apply(.seen(old))
        #expect(entry.order.quantity == 12)
    }

    @Test func anOrderInQuoteIsNotTakenForFilledBeforeItsBaseIsKnown() {
        var request = Self.request
        request.quantity = .quote(5)
        var entry = LedgerEntry(request: request, intent: "i", clientID: "c")
        _ = entry.apply(.sent(at: .origin))
        #expect(entry.apply(.filled(6)) == [.acknowledged, .working])
        #expect(entry.apply(.seen(Self.order(.filled, filled: 10))).last == .filled)
    }
}

extension LedgerEvent {
    fileprivate var showsExistence: Bool {
        switch self {
        case .acknowledged, .seen, .replaced, .filled: true
        case .sent, .withdrawn, .refused, .gaveUp, .amendEnded, .provenAbsent: false
        }
    }

    fileprivate var provesRefusal: Bool {
        switch self {
        case .refused, .provenAbsent: true
        case .sent, .withdrawn, .acknowledged, .seen, .replaced, .amendEnded, .filled, .gaveUp: false
        }
    }
}
