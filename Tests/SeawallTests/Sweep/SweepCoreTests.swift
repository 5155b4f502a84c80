import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

@Suite struct SweepCoreTests {
    private static let conclusiveFrom = MonotonicInstant(nanoseconds: 100)

    private static func order(_ name: String, isKept: Bool = false) -> SweepOrder {
        SweepOrder(target: .venue(VenueOrderID(name)), venueID: VenueOrderID(name), symbol: "X", isKept: isKept)
    }

    private static func listing(_ orders: [SweepOrder], complete: Bool = true, at: Int64) -> SweepCore.Event {
        .listed(SweepListing(orders: orders, isComplete: complete, askedAt: MonotonicInstant(nanoseconds: at)))
    }

    @Test func twoEmptyListsOfTheRightTimeEndItAndAFailedOneBetweenThemChangesNothing() {
        var core = SweepCore(conclusiveFrom: Self.conclusiveFrom)
        #expect(core.handle(.latched) == [.dropQueued, .list])
        #expect(core.handle(Self.listing([], at: 50)) == [.pause(round: 1, until: Self.conclusiveFrom)])
        #expect(core.handle(.woken) == [.list])
        #expect(core.handle(Self.listing([], at: 100)) == [.pause(round: 2, until: nil)])
        _ = core.handle(.woken)
        #expect(core.handle(Self.listing([], complete: false, at: 110)) == [.pause(round: 3, until: nil)])
        _ = core.handle(.woken)
        #expect(
            core.handle(Self.listing([Self.order("k", isKept: true)], at: 120)) == [
                .end(left: [Self.order("k", isKept: true)])
            ])
        #expect(core.handle(.woken).isEmpty)
    }

    @Test func anOrderBetweenTheTwoListsBeginsTheCountAnew() {
        var core = SweepCore(conclusiveFrom: .origin)
        _ = core.handle(.latched)
        _ = core.handle(Self.listing([], at: 1))
        #expect(core.handle(.appeared(Self.order("late"))) == [.cancel([Self.order("late")])])
        _ = core.handle(.cancelled(Self.order("late").target, .done))
        _ = core.handle(.woken)
        #expect(core.handle(Self.listing([], at: 2)) == [.pause(round: 2, until: nil)])
        _ = core.handle(.woken)
        #expect(core.handle(Self.listing([], at: 3)) == [.end(left: [])])
    }

    /// Every sequence of seven events out of nine kinds.
    @Test func noSequenceOfEventsActsBeforeTheLatchOrAfterTheEndOrEndsTwice() {
        let events: [SweepCore.Event] = [
            .latched, Self.listing([], at: 200), Self.listing([], complete: false, at: 200),
            Self.listing([Self.order("a"), Self.order("k", isKept: true)], at: 200),
            .cancelled(Self.order("a").target, .done), .cancelled(Self.order("a").target, .refused),
            .appeared(Self.order("a")), .woken, .released,
        ]
        var ends = 0
        func go(_ core: SweepCore, _ depth: Int, _ isLatched: Bool, _ hasEnded: Bool, _ empties: Int) {
            guard depth > 0 else { return }
            for event in events {
                var next = core
                let wasListing = core.phase == .listing
                let actions = next.handle(event)
                var isLatched = isLatched
                if case .latched = event { isLatched = true }
                var empties = empties
                if case .listed(let listing) = event, wasListing, listing.isComplete {
                    empties = listing.orders.isEmpty ? empties + 1 : 0
                }
                for action in actions {
                    switch action {
                    case .end:
                        ends += 1
                        if hasEnded { Issue.record("it ended twice") }
                        if case .released = event { continue }
                        if empties < 2 { Issue.record("it ended after \(empties) empty lists") }
                    case .cancel(let orders):
                        if !isLatched || hasEnded { Issue.record("a cancel out of its time") }
                        if orders.contains(where: \.isKept) { Issue.record("what is kept was cancelled") }
                    case .list, .pause, .dropQueued:
                        if !isLatched || hasEnded { Issue.record("an action out of its time") }
                    }
                }
                go(next, depth - 1, isLatched, hasEnded || next.phase == .ended, empties)
            }
        }
        go(SweepCore(conclusiveFrom: Self.conclusiveFrom), 6, false, false, 0)
        #expect(ends > 0)
    }

    /// A venue on which orders still arrive, cancels are lost, and lists fail: whatever happens, at the end nothing works
    /// that the sweep did not name, and it does end.
    @Test(arguments: 0..<200)
    func whenItEndsNothingWorksThatItDoesNotName(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed), stream: "sweep")
        var working = Set((0..<random.below(4)).map { "w\($0)" })
        let kept = Set((0..<random.below(2)).map { "k\($0)" })
        let stuck = Set((0..<random.below(2)).map { "s\($0)" })
        var arriving = (0..<random.below(3)).map { (name: "a\($0)", at: Int64(random.below(100))) }
        var core = SweepCore(conclusiveFrom: Self.conclusiveFrom)
        var now: Int64 = 0
        var left: [SweepOrder]?
        var actions = core.handle(.latched)
        var steps = 0
        while left == nil {
            steps += 1
            try #require(steps < 2_000, "it does not end")
            now += Int64(random.below(10))
            for order in arriving where order.at <= now {
                working.insert(order.name)
                if random.chance(0.5) { actions += core.handle(.appeared(Self.order(order.name))) }
            }
            arriving.removeAll { $0.at <= now }
            guard !actions.isEmpty else { break }
            switch actions.remove(at: Int(random.below(UInt64(actions.count)))) {
            case .dropQueued: break
            case .list:
                let shown = working.union(kept).union(stuck).sorted().map { Self.order($0, isKept: kept.contains($0)) }
                let isComplete = random.chance(0.7)
                let part = isComplete ? shown : shown.filter { _ in random.chance(0.5) }
                let asked = now
                now += Int64(random.below(5))
                actions += core.handle(Self.listing(part, complete: isComplete, at: asked))
            case .cancel(let orders):
                for order in orders {
                    let name = order.target.description
                    if !stuck.contains(name), random.chance(0.6) { working.remove(name) }
                    actions += core.handle(.cancelled(order.target, stuck.contains(name) ? .refused : .done))
                }
            case .pause(_, let until):
                now = max(now + 1, until?.nanoseconds ?? 0)
                actions += core.handle(.woken)
            case .end(let orders): left = orders
            }
        }
        #expect(working.isEmpty)
        #expect(arriving.isEmpty)
        #expect(Set((left ?? []).map(\.target.description)) == kept.union(stuck))
    }
}
