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

/// An amend that replaces, with its news in every order in which they may come.
@Suite struct OrderLegsTests {
    private typealias World = LegWorld
    private typealias News = LegWorld.News

    private static let truths: [LegWorld.Truth] = [
        .init(), .init(first: 1), .init(first: 1, second: 1), .init(first: 1, second: 2), .init(second: 1),
        .init(wanted: 1), .init(wanted: 1, second: 1), .init(first: 1, wanted: 2, second: 1, namesQuantity: false),
        .init(first: 1, wanted: 2, namesQuantity: false), .init(first: 1, second: 1, namesFills: false),
        .init(first: 1, clock: .silent), .init(first: 1, second: 1, clock: .silent),
    ]

    private static func news(of truth: LegWorld.Truth, _ answer: [LegWorld.News]) -> [LegWorld.News] {
        var news: [LegWorld.News] = [.oldCancelled, .newWorking] + answer
        if truth.first > 0 { news.append(.oldFill) }
        if truth.second > 0 { news += [.newFill, .newLatest] }
        if truth.second == 0 || truth.first == 0 { news.append(.oldWorking) }
        return news
    }

    private static func check(
        _ world: LegWorld, _ history: [LegWorld.News], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let truth = world.truth
        let (exposure, order) = (world.exposure, world.order)
        let isCounted = exposure.buying == truth.remaining && exposure.position == truth.filled
        let isKnown =
            order?.status == (truth.remaining == 0 ? .filled : .working) && order?.quantity == truth.wanted
            && order?.filled == truth.filled && order?.venueID == "v2"
        guard !isCounted || !isKnown else { return }
        Issue.record("\(truth) \(history): \(exposure), \(order as Any)", sourceLocation: sourceLocation)
    }

    @Test(arguments: truths + [.init(clock: .setBack), .init(first: 1, clock: .setBack)])
    func inWhateverOrderTheNewsComeTheOrderIsOneAndAlwaysCounted(truth: LegWorld.Truth) throws {
        let start = try World(truth)
        #expect(start.sent?.target == .venue("v1"))
        for history in World.orders(of: Self.news(of: truth, [.answer])) {
            var world = try World(truth)
            for news in history {
                try world.hear(news)
                let exposure = world.exposure
                let (position, buying) = (exposure.position ?? 0, exposure.buying ?? 0)
                // What is known to be filled, and what is counted as still to come, is never less than the whole.
                let isEnough = position + buying >= truth.wanted && position <= truth.filled
                let lives = truth.remaining == 0 || world.order?.status == .working
                if !isEnough || !lives { Issue.record("\(truth) \(history) at \(news): \(exposure)") }
            }
            Self.check(world, history)
        }
    }

    @Test(arguments: truths.prefix(6))
    func anAnswerThatIsLostOrWrongIsMadeGoodByTheNewLeg(truth: LegWorld.Truth) throws {
        for answer in [[], [News.wrongAnswer]] {
            for history in World.orders(of: Self.news(of: truth, answer)) {
                var world = try World(truth)
                for news in history {
                    try world.hear(news)
                }
                // The poll's question, and the end of the amend by the resolver.
                try world.read(world.newLatest, isAnswer: true)
                try world.settle(applied: true, isProven: true)
                // A smaller quantity is not believed against proof that the amend was not done.
                if answer.isEmpty || truth.wanted >= 2 { Self.check(world, history) }
                if world.exposure.buying ?? 0 < truth.remaining { Issue.record("\(truth) \(history)") }
            }
        }
    }

    @Test func aCancelAloneEndsNothingUntilTheAmendIsProvenNotToHaveMadeALeg() throws {
        for first in [0, 1] as [Decimal] {
            var world = try World(.init(first: first))
            try world.hear(.oldCancelled)
            #expect(world.order?.status == .working)
            #expect(world.exposure.buying == 3 - first)
            try world.read(World.leg("v1", 2, filled: first, .cancelled, at: 3), isAnswer: true)
            #expect(world.order?.status == .working)
            try world.settle(applied: false, isProven: true)
            #expect(world.order?.status == .cancelled)
            #expect(world.exposure.buying == 0)
            #expect(world.exposure.position == first)
        }
    }

    @Test func anAmendThatIsRefusedLeavesTheOrderAsItWas() throws {
        var world = try World(.init())
        try world.settle(applied: false, isProven: false)
        #expect(world.exposure.buying == 2)
        try world.read(World.leg("v1", 2, .cancelled, at: 3))
        #expect(world.order?.status == .working, "no question has been answered")
        try world.read(World.leg("v1", 2, .cancelled, at: 3), isAnswer: true)
        #expect(world.order?.status == .cancelled)
        #expect(world.exposure.buying == 0)
    }

    @Test func anOrderThatWasNeverAmendedEndsWithWhateverSaysSo() {
        var legs = OrderLegs()
        _ = legs.read(World.leg("v1", 2, at: 1), isAnswer: false)
        guard case .current(let told) = legs.read(World.leg("v1", 2, .cancelled, at: 2), isAnswer: false) else {
            Issue.record("it is the same leg")
            return
        }
        #expect(told.status == .cancelled)
    }

    @Test func aNewLegTakesAnEndBackAndItsOwnEndIsTheEnd() throws {
        var world = try World(.init(first: 1))
        try world.settle(applied: false, isProven: false)
        try world.read(World.leg("v1", 2, filled: 1, .cancelled, at: 3), isAnswer: true)
        #expect(world.order?.status == .cancelled)
        try world.hear(.newWorking)
        #expect(world.order?.status == .working)
        #expect(world.exposure.buying == 2)
        try world.hear(.oldWorking)
        #expect(world.order?.venueID == "v2")
        try world.read(World.leg("v2", 2, .cancelled, at: 5), isAnswer: true)
        #expect(world.order?.status == .cancelled)
        #expect(world.exposure.buying == 0)
        try world.hear(.newWorking)
        #expect(world.order?.status == .cancelled, "an old list shows it still")
        #expect(world.exposure.buying == 0)
    }

    @Test func aSecondAmendCountsWhatTheFirstLegFilled() throws {
        var world = try World(.init(first: 1))
        for news in [.answer, .oldFill, .oldCancelled] as [News] { try world.hear(news) }
        let again = AmendRequest(target: .client("c"), symbol: World.symbol, quantity: 5)
        let ticket = AmendTicket(number: 9)
        guard case .send(let sent) = world.core.openAmend(again, as: ticket, of: "c") else {
            Issue.record("it may be sent")
            return
        }
        #expect(sent.target == .venue("v2"))
        #expect(sent.quantity == 4)
        guard case .inFlight = world.core.openAmend(again, as: AmendTicket(number: 10), of: "c") else {
            Issue.record("one is in flight")
            return
        }
        try world.fill("f3", "v2", 1)
        try world.read(World.leg("v3", 3, at: 6))
        #expect(world.order?.quantity == 5)
        #expect(world.order?.filled == 2)
        #expect(world.exposure.buying == 3)
        let less = AmendRequest(target: .client("c"), symbol: World.symbol, quantity: 2)
        guard case .nothingLeft = world.core.openAmend(less, as: ticket, of: "c") else {
            Issue.record("so much is filled")
            return
        }
    }

    @Test func whatIsNoQuantityChangesNothing() throws {
        for (quantity, filled) in [(Decimal.nan, 0), (3, .nan), (-1, 0), (3, -1)] as [(Decimal, Decimal)] {
            var world = try World(.init())
            for venueID in ["v1", "v2"] as [VenueOrderID] {
                try world.read(World.leg(venueID, quantity, filled: filled, .cancelled, at: 5), isAnswer: true)
            }
            #expect(world.order?.venueID == "v1")
            #expect(world.order?.quantity == 2)
            #expect(world.exposure.buying == 3)
        }
    }

    @Test func aLegThatNobodyAskedForIsCountedInFull() throws {
        var world = try World(.init())
        try world.settle(applied: false, isProven: true)
        try world.read(World.leg("v9", 7, at: 8))
        #expect(world.order?.status == .working)
        #expect((world.exposure.buying ?? 0) >= 7)
        try world.fill("f1", "v1", 1)
        #expect((world.exposure.buying ?? 0) >= 7, "whatever the leg before it had filled")
    }

    /// A new process knows what was last written down, and begins with what the venue shows as open.
    @Test func afterARestartTheOrderIsStillOne() throws {
        for truth in [LegWorld.Truth(first: 1), .init(first: 1, second: 1), .init(), .init(wanted: 1)] {
            for history in World.orders(of: [.oldCancelled, .newWorking, .answer]) {
                for count in 0...history.count {
                    var world = try World(truth)
                    for news in history.prefix(count) { try world.hear(news) }
                    let wasInFlight = world.core.entry("c")?.legs.isInFlight(world.ticket) == true
                    var after = try world.restarted(isInFlight: wasInFlight)
                    for news in history.dropFirst(count) where news != .answer { try after.hear(news) }
                    try after.read(after.newLatest)
                    try after.settle(applied: true, isProven: true)
                    #expect(after.exposure.buying == truth.remaining, "\(truth) \(history) \(count)")
                    #expect(after.order?.status == .working)
                    #expect(after.order?.venueID == "v2")
                    #expect(after.order.map { $0.quantity - $0.filled } == truth.remaining)
                }
            }
        }
    }
}

extension LegWorld {
    /// The next process, with the journal of this one.
    func restarted(isInFlight: Bool) throws -> LegWorld {
        var next = self
        let journalled = JournalledIntent(
            request: Self.request, intent: "i", clientID: "c",
            moment: JournalMoment(ManualTime()), order: order)
        next.begin(OrderGate(environment: RuntimeEnvironment(time: ManualTime())))
        next.gate.restore(journalled)
        next.core.restore(LedgerEntry(journalled, now: .origin))
        next.ticket = AmendTicket(number: 99)
        if isInFlight {
            next.ticket = next.gate.restore(amend)
            next.core.inheritAmend(amend, as: next.ticket)
        }
        try next.gate.setPosition(truth.filled, of: Self.symbol)
        return next
    }
}
