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
        #expect(world.exposure.buying == 4, "nothing shows that the leg before it was cancelled")
        try world.read(World.leg("v2", 2, filled: 1, .cancelled, at: 6))
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
            #expect(world.exposure.buying == 5)
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

    /// Of the amend the new order was taken and the cancel of the old one failed: both work, and both may fill.
    @Test func aLegThatIsNotCancelledCountsUntilItsEndIsProven() throws {
        for first in [0, 1] as [Decimal] {
            for later in [0, 1] as [Decimal] {
                for wanted in [2, 3] as [Decimal] {
                    for second in [0, 1] as [Decimal] { try HalfAmend(first, later, wanted, second).check() }
                }
            }
        }
    }

    @Test func anOrderOfWhichAnOldLegWorksHasNotEnded() throws {
        for end in [OrderStatus.cancelled, .filled, .expired] {
            var world = try World(.init())
            try world.hear(.newWorking)
            try world.read(World.leg("v2", 3, filled: end == .filled ? 3 : 0, end, at: 5), isAnswer: true)
            #expect(world.order?.status == .working)
            #expect(world.exposure.buying == (end == .filled ? 2 : 5))
            guard case .inFlight = world.core.openAmend(world.amend, as: AmendTicket(number: 9), of: "c") else {
                Issue.record("what the old leg leaves is not known")
                return
            }
            try world.read(World.leg("v1", 2, filled: 1, .cancelled, at: 6), isAnswer: true)
            #expect(world.order?.status == end)
            #expect(world.order?.filled == (end == .filled ? 4 : 1))
            #expect(world.exposure.buying == 0)
        }
    }

    @Test func aLegThatTheVenueNoLongerKnowsIsGone() throws {
        var world = try World(.init())
        try world.hear(.newWorking)
        #expect(world.core.entry("c")?.legs.doubtful.map(\.venueID) == ["v1"])
        #expect(world.core.entry("c")?.legs.doubtful.first?.isAmended == true)
        #expect(world.exposure.buying == 5)
        try world.forget("v1")
        #expect(world.core.entry("c")?.legs.doubtful.isEmpty == true)
        #expect(world.core.entry("c")?.legs.open.isEmpty == true)
        #expect(world.exposure.buying == 3)
        #expect(world.core.forget("v1", of: "c") == nil)
    }

    @Test func theAnswerToTheAmendSaysThatBothHalvesWereDone() throws {
        for isShownBefore in [true, false] {
            var world = try World(.init())
            if isShownBefore { try world.hear(.newWorking) }
            #expect(world.exposure.buying == 5)
            try world.hear(.answer)
            #expect(world.core.entry("c")?.legs.doubtful.isEmpty == true)
            #expect(world.exposure.buying == 3)
        }
    }

    /// A new process knows what was last written down, and begins with what the venue shows as open.
    @Test func afterARestartTheOrderIsStillOne() throws {
        let truths: [LegWorld.Truth] = [
            .init(first: 1), .init(first: 1, second: 1), .init(), .init(wanted: 1), .init(clock: .setBack),
            .init(first: 1, clock: .setBack),
        ]
        for truth in truths {
            for history in World.orders(of: [.oldCancelled, .newWorking, .answer]) {
                for count in 0...history.count {
                    var world = try World(truth)
                    for news in history.prefix(count) { try world.hear(news) }
                    let wasOpen = world.core.entry("c")?.legs.open.contains(world.ticket) == true
                    var after = try world.restarted(isOpen: wasOpen)
                    for news in history.dropFirst(count) where news != .answer { try after.hear(news) }
                    try after.read(after.newLatest)
                    if after.core.entry("c")?.legs.doubtful.isEmpty == false {
                        #expect(after.exposure.buying ?? 0 >= truth.remaining)
                        try after.hear(.oldCancelled)
                    }
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
    func restarted(isOpen: Bool) throws -> LegWorld {
        var next = self
        let journalled = JournalledIntent(
            request: Self.request, intent: "i", clientID: "c",
            moment: JournalMoment(ManualTime()), order: order)
        next.begin(OrderGate(environment: RuntimeEnvironment(time: ManualTime())))
        next.gate.restore(journalled)
        _ = next.core.restore(LedgerEntry(journalled, now: .origin))
        next.ticket = AmendTicket(number: 99)
        if isOpen {
            next.ticket = next.gate.restore(amend)
            if let news = next.core.inheritAmend(amend, as: next.ticket, leg: leg, of: "c") { try next.count(news) }
        }
        try next.gate.setPosition(truth.filled, of: Self.symbol)
        return next
    }
}

/// Both legs work at the venue: the old one of two, which goes on to fill `later`, and the new one, which fills `second`.
private struct HalfAmend {
    private enum News: CaseIterable { case newWorking, newFill, oldWorking, oldFill, oldLaterFill, oldLatest }

    private let truth: LegWorld.Truth
    private let later: Decimal

    init(_ first: Decimal, _ later: Decimal, _ wanted: Decimal, _ second: Decimal) {
        truth = .init(first: first, wanted: wanted, second: second)
        self.later = first + later > 2 ? 0 : later
    }

    private var isAllFilled: Bool { truth.first + later == 2 && truth.remaining == 0 }

    func check() throws {
        let news = News.allCases.filter { news in
            switch news {
            case .newFill: truth.second > 0
            case .oldFill: truth.first > 0
            case .oldLaterFill: later > 0
            case .newWorking, .oldWorking, .oldLatest: true
            }
        }
        for history in Self.orders(of: news) {
            var world = try LegWorld(truth)
            for news in history {
                try hear(news, &world)
                let (position, buying) = (world.exposure.position ?? 0, world.exposure.buying ?? 0)
                if position + buying < 2 + truth.rest || position > 2 + truth.rest {
                    Issue.record("\(self) \(history) at \(news): \(world.exposure)")
                }
                let isWorking = world.order?.status == .working
                if !isWorking, !isAllFilled { Issue.record("\(self) \(history) at \(news): it works") }
            }
            let old = LegWorld.leg("v1", 2, filled: truth.first + later, .cancelled, at: 8)
            try world.read(old, isAnswer: true)
            let order = world.order
            let isRight =
                world.exposure.buying == truth.remaining && world.exposure.position == truth.filled + later
                && order?.quantity == truth.wanted + later && order?.filled == truth.filled + later
                && order?.status == (truth.remaining == 0 ? .filled : .working)
            if !isRight { Issue.record("\(self) \(history): \(world.exposure), \(order as Any)") }
            #expect(world.core.entry("c")?.legs.open.isEmpty == true)
        }
    }

    private func hear(_ news: News, _ world: inout LegWorld) throws {
        switch news {
        case .newWorking: try world.hear(.newWorking)
        case .newFill: try world.hear(.newFill)
        case .oldWorking: try world.hear(.oldWorking)
        case .oldFill: try world.hear(.oldFill)
        case .oldLaterFill: try world.fill("f3", "v1", later)
        case .oldLatest: try world.read(LegWorld.leg("v1", 2, filled: truth.first + later, at: 7))
        }
    }

    private static func orders(of news: [News]) -> [[News]] {
        guard news.count > 1 else { return [news] }
        return news.indices.flatMap { index in
            var rest = news
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }
}
