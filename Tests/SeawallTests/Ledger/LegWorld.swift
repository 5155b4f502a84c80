import SeawallBroker
import SeawallDegradation
import SeawallTime

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One order of two in all, amended once at a venue whose amends replace, and the news of it in any order.
struct LegWorld {
    static let symbol: Symbol = "BTCUSDT"

    /// What really happens: `first` of the old leg fills, then it is amended, then `second` of the new leg fills.
    struct Truth: Hashable {
        var first: Decimal = 0
        var wanted: Decimal = 3
        var second: Decimal = 0
        /// False where only the price is amended.
        var namesQuantity = true
        /// Whether fills carry our own name of the order.
        var namesFills = true
        var clock = Clock.right

        var rest: Decimal { wanted - first }
        var remaining: Decimal { rest - second }
        var filled: Decimal { first + second }
    }

    /// What the venue says of the time of a change.
    enum Clock: Hashable {
        case right
        /// It says none.
        case silent
        /// It is set back just when the order is replaced.
        case setBack
    }

    /// Something that the layer hears.
    enum News: Hashable {
        /// The old leg as it was before the amend, late.
        case oldWorking
        /// The old leg's end.
        case oldCancelled
        /// The new leg as it was made.
        case newWorking
        /// The new leg as it stands in the end.
        case newLatest
        /// The amend's own answer.
        case answer
        /// An answer to the amend that takes it for not done, though it was.
        case wrongAnswer
        case oldFill
        case newFill
    }

    let truth: Truth
    private(set) var gate: OrderGate
    var core: OrderLedgerCore
    var ticket: AmendTicket
    private(set) var sent: AmendRequest?
    private(set) var leg: JournalledLeg?

    init(_ truth: Truth) throws {
        self.truth = truth
        gate = OrderGate(environment: RuntimeEnvironment(time: ManualTime()))
        core = OrderLedgerCore(capacity: 10)
        try gate.setPosition(0, of: Self.symbol)
        _ = gate.reserve(Self.request, as: "c")
        _ = gate.handOver("c")
        _ = core.open(Self.request, intent: "i", clientID: "c")
        _ = core.apply(.sent(at: .origin), to: "c")
        ticket = AmendTicket(number: 0)
        try read(timed(Self.leg("v1", 2, at: 1)), isAnswer: true)
        guard case .success(let ticket) = gate.reserve(amend).result else { throw Unexpected() }
        _ = gate.handOver(ticket)
        self.ticket = ticket
        if case .send(let request) = core.openAmend(amend, as: ticket, of: "c") { sent = request }
        leg = core.entry("c")?.legs.journalled
        gate.count(beside: core.entry("c")?.legs.beside ?? 0, of: "c")
    }

    struct Unexpected: Error {}

    /// Begins anew with nothing known.
    mutating func begin(_ gate: OrderGate) {
        self.gate = gate
        core = OrderLedgerCore(capacity: 10)
    }

    static let request = OrderRequest(
        intent: "i", symbol: symbol, side: .buy, quantity: .base(2), type: .limit(price: 100), clientID: "c")

    var amend: AmendRequest {
        AmendRequest(
            target: .client("c"), symbol: Self.symbol, quantity: truth.namesQuantity ? truth.wanted : nil, price: 101)
    }

    static func leg(
        _ venueID: VenueOrderID, _ quantity: Decimal, filled: Decimal = 0, _ status: OrderStatus = .working,
        at milliseconds: Int64
    ) -> Order {
        Order(
            venueID: venueID, clientID: "c", symbol: symbol, side: .buy, quantity: quantity, filled: filled,
            type: .limit(price: 100), status: status,
            updatedAt: CivilInstant(millisecondsSinceEpoch: milliseconds))
    }

    var newLatest: Order {
        new(filled: truth.second, truth.remaining == 0 ? .filled : .working, at: 4)
    }

    /// The new leg, by the venue's clock.
    private func new(filled: Decimal = 0, _ status: OrderStatus = .working, at time: Int64) -> Order {
        timed(Self.leg("v2", truth.rest, filled: filled, status, at: truth.clock == .setBack ? time - 10 : time))
    }

    private func timed(_ leg: Order) -> Order {
        var leg = leg
        if truth.clock == .silent { leg.updatedAt = nil }
        return leg
    }

    var order: Order? { core.entry("c")?.order }
    var exposure: SymbolExposure { gate.exposure(of: Self.symbol) }

    /// Learns as the evidence does.
    mutating func read(_ order: Order, isAnswer: Bool = false, confirming ticket: AmendTicket? = nil) throws {
        if let news = core.read(order, isAnswer: isAnswer, confirming: ticket, of: "c") { try count(news) }
    }

    mutating func settle(applied: Bool, isProven: Bool, isAnswered: Bool = false) throws {
        gate.settle(ticket, applied: applied)
        let news = core.endAmend(ticket, of: "c", isProven: isProven, isAnswered: isAnswered)
        if let news { try count(news) }
    }

    mutating func forget(_ leg: VenueOrderID) throws {
        if let news = core.forget(leg, of: "c") { try count(news) }
    }

    mutating func count(_ news: LegNews) throws {
        gate.count(beside: news.beside, of: "c", raisesOnly: true)
        if let told = news.told { try gate.apply(told, reopens: news.reopens) }
        for ticket in news.made { gate.settle(ticket, applied: news.isSure) }
        if !news.made.isEmpty, let told = news.told { try gate.apply(told) }
        gate.count(beside: news.beside, of: "c")
    }

    mutating func fill(_ id: FillID, _ venueID: VenueOrderID, _ quantity: Decimal) throws {
        let fill = Fill(
            id: id, venueID: venueID, clientID: truth.namesFills ? "c" : nil, symbol: Self.symbol, side: .buy,
            quantity: quantity, price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 2))
        let total = try gate.apply(fill).filled
        let target: OrderTarget = truth.namesFills ? .client("c") : .venue(venueID)
        if let total, let clientID = core.entry(target)?.clientID { _ = core.apply(.filled(total), to: clientID) }
    }

    mutating func hear(_ news: News) throws {
        switch news {
        case .oldWorking: try read(timed(Self.leg("v1", 2, filled: truth.first, at: 2)))
        case .oldCancelled: try read(timed(Self.leg("v1", 2, filled: truth.first, .cancelled, at: 3)))
        case .newWorking: try read(new(at: 3))
        case .newLatest: try read(newLatest)
        case .answer:
            try read(new(at: 3), isAnswer: true, confirming: ticket)
            try settle(applied: true, isProven: true, isAnswered: true)
        case .wrongAnswer: try settle(applied: false, isProven: false)
        case .oldFill: try fill("f1", "v1", truth.first)
        case .newFill: try fill("f2", "v2", truth.second)
        }
    }

    /// The same news in every order.
    static func orders(of news: [News]) -> [[News]] {
        guard news.count > 1 else { return [news] }
        return news.indices.flatMap { index in
            var rest = news
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }
}
