import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The same small histories on the simulated venue of every profile, read by the classifier of that profile.
@Suite struct VenueConformanceTests {
    private static let names = ConformanceWorld.names
    private let symbol = VenueWorld.symbol

    @Test(arguments: names)
    func anOrderIsTakenFoundAndCancelledOnce(name: String) async throws {
        let world = try ConformanceWorld(name)
        let order = try await world.rest("one")
        let found = try await world.venue.order(world.queryTarget(order), symbol: symbol)
        #expect(found.venueID == order.venueID)
        #expect(try await world.venue.openOrders(for: symbol, page: nil).orders.map(\.venueID) == [order.venueID])
        let target = world.cancelTarget(order)
        let first = await world.outcome(.cancel) { try await world.venue.cancel(target, symbol: symbol) }
        #expect(first == .succeeded)
        let again = await world.outcome(.cancel) { try await world.venue.cancel(target, symbol: symbol) }
        #expect(again.name == world.meaning(.cancelUnknown, .cancel))
        #expect(again == .noSuchOrder)
    }

    /// A call that needs what a venue has not.
    struct LackingCall: Sendable, CustomTestStringConvertible {
        var name: String
        var capability: BrokerCapability

        var testDescription: String { "\(name) without \(capability.rawValue)" }
    }

    private static let lacking = [BrokerCapability.cancelByClientID, .queryByClientID, .reduceOnly, .cancelAll]
        .flatMap { capability in
            names.filter { !has(capability, $0) }.map { LackingCall(name: $0, capability: capability) }
        }

    private static func has(_ capability: BrokerCapability, _ name: String) -> Bool {
        ConformanceWorld.profile(name)?.capabilities.contains(capability) == true
    }

    private static let reducing = names.filter { has(.reduceOnly, $0) }
    private static let amending = names.filter { has(.amend, $0) }
    private static let replacing = amending.filter { ConformanceWorld.profile($0)?.amendReplaces == true }
    private static let timed = names.filter { ConformanceWorld.profile($0)?.deadMan != nil }
    private static let untimed = names.filter { ConformanceWorld.profile($0)?.deadMan == nil }

    @Test func everyCaseIsThatOfAVenue() throws {
        #expect(Self.names.allSatisfy { ConformanceWorld.profile($0) != nil })
        #expect(Set(Self.lacking.map(\.capability)) == [.cancelByClientID, .queryByClientID, .reduceOnly, .cancelAll])
        for list in [Self.reducing, Self.amending, Self.replacing, Self.timed, Self.untimed] {
            #expect(!list.isEmpty)
        }
        #expect(Self.amending != Self.replacing, "some amends stay in place")
        let profiles = Self.names.compactMap(ConformanceWorld.profile)
        for mode in VenueStatus.Mode.allCases { #expect(profiles.contains { $0.modes.contains(mode) }, "\(mode)") }
        #expect(profiles.contains { $0.capabilities.contains(.status) && $0.modes.count > 1 })
    }

    @Test(arguments: lacking)
    func whatTheVenueLacksIsNotSent(sample: LackingCall) async throws {
        let world = try ConformanceWorld(sample.name)
        let order = try await world.rest("one")
        let arrived = world.world.events(.arrived).count
        let outcome =
            switch sample.capability {
            case .cancelByClientID:
                await world.outcome(.cancel) { try await world.venue.cancel(.client("one"), symbol: symbol) }
            case .queryByClientID:
                await world.outcome(.query) { try await world.venue.order(.client("one"), symbol: symbol) }
            case .reduceOnly:
                await world.outcome(.place) { try await world.venue.place(.market(.sell, 1, reduceOnly: true)) }
            default:
                await world.outcome(.cancelAll) { try await world.venue.cancelAll(for: symbol) }
            }
        #expect(outcome.name == "rejected")
        #expect(world.world.events(.arrived).count == arrived)
        #expect(world.venue.truth().workingOrders.map(\.venueID) == [order.venueID])
    }

    @Test(arguments: names)
    func aClientIDThatComesAgainIsTreatedByItsClass(name: String) async throws {
        let world = try ConformanceWorld(name)
        let first = try await world.rest("one")
        func again() async throws -> (outcome: Outcome, order: Order?) {
            var order: Order?
            let outcome = await world.outcome(.place) {
                let placed = try await world.rest("one")
                order = placed
                return placed
            }
            return (outcome, order)
        }
        let whileOpen = try await again()
        _ = try await world.venue.cancel(.venue(first), symbol: symbol)
        let afterwards = try await again()
        let refusal = world.meaning(.duplicate, .place)
        switch world.profile.identity {
        case .returnsOriginal:
            #expect(whileOpen.order?.venueID == first.venueID)
            #expect(afterwards.order?.venueID == first.venueID)
            #expect(world.venue.orders(named: "one").count == 1)
        case .uniqueAmongOpen:
            #expect(whileOpen.outcome.name == refusal)
            #expect(afterwards.outcome == .succeeded)
            #expect(world.venue.orders(named: "one").count == 2)
        case .uniqueForever:
            #expect(whileOpen.outcome.name == refusal)
            #expect(afterwards.outcome.name == refusal)
            #expect(world.venue.orders(named: "one").count == 1)
        case .unchecked:
            #expect(world.venue.orders(named: "one").count == 3)
        }
        // An order that may exist is never taken for one that was refused.
        #expect(!whileOpen.outcome.isProofOfNoEffect(for: .place))
    }

    @Test(arguments: names)
    func everyModeIsToldByItsName(name: String) async throws {
        let world = try ConformanceWorld(name)
        let order = try await world.rest("one")
        let reasons: [VenueStatus.Mode: RefusalReason] = [
            .maintenance: .maintenance, .cancelOnly: .cancelOnly, .postOnly: .postOnly,
        ]
        for mode in VenueStatus.Mode.allCases where world.profile.modes.contains(mode) {
            // No more than one public call a second at Kraken.
            world.time.advance(by: .seconds(1))
            world.venue.setMode(mode)
            if world.profile.capabilities.contains(.status) {
                #expect(try await world.venue.status().mode == mode)
            }
            let placed = await world.outcome(.place) { try await world.venue.place(.market(.buy, 1)) }
            let expected = try reasons[mode].map { try #require(world.meaning($0, .place)) } ?? "succeeded"
            #expect(placed.name == expected, "\(mode)")
            let cancelled = await world.outcome(.cancel) {
                try await world.venue.cancel(.venue("99"), symbol: symbol)
            }
            let reached = world.meaning(.cancelUnknown, .cancel)
            let kept = world.meaning(.maintenance, .cancel)
            #expect(cancelled.name == (mode == .maintenance ? kept : reached), "\(mode)")
        }
        world.venue.setMode(.online)
        #expect(
            await world.outcome(.cancel) { try await world.venue.cancel(.venue(order), symbol: symbol) }
                == .succeeded)
    }

    @Test(arguments: names)
    func aRequestFromAnotherTimeIsRefusedBeforeTheEngine(name: String) async throws {
        for (reason, isAhead) in [(RefusalReason.staleRequest, true), (.earlyRequest, false)] {
            let world = try ConformanceWorld(name) { configuration, profile in
                let late = profile.receiveWindow + .seconds(1)
                let early = Duration.zero - profile.clockLead - .seconds(1)
                configuration.clockOffset = isAhead ? late : early
            }
            let outcome = await world.outcome(.place) { try await world.rest("one") }
            #expect(outcome.name == world.meaning(reason, .place), "\(reason)")
            #expect(world.venue.orders(named: "one").isEmpty)
        }
        let near = try ConformanceWorld(name) { configuration, profile in
            configuration.clockOffset = profile.receiveWindow
        }
        #expect(await near.outcome(.place) { try await near.rest("one") } == .succeeded)
    }

    @Test(arguments: reducing)
    func anOrderThatOnlyReducesNeedsSomethingToReduce(name: String) async throws {
        let world = try ConformanceWorld(name)
        let flat = await world.outcome(.place) { try await world.venue.place(.market(.sell, 1, reduceOnly: true)) }
        #expect(flat.name == world.meaning(.reduceOnly, .place))
        _ = try await world.venue.place(.market(.buy, 1))
        let held = await world.outcome(.place) { try await world.venue.place(.market(.sell, 2, reduceOnly: true)) }
        #expect(held == .succeeded)
        #expect(world.world.position == 0)
    }

    @Test(arguments: names)
    func anOrderMayStayInvisibleAsLongAsTheProfileSays(name: String) async throws {
        let world = try ConformanceWorld(name) { configuration, profile in
            configuration.visibilityLag = profile.visibilityLag
        }
        let order = try await world.rest("one")
        let hidden = await world.outcome(.query) {
            try await world.venue.order(world.queryTarget(order), symbol: symbol)
        }
        #expect(hidden.name == world.meaning(.noSuchOrder, .query))
        #expect(hidden == .noSuchOrder)
        #expect(try await world.venue.openOrders(for: symbol, page: nil).orders.isEmpty)
        world.time.advance(by: world.profile.visibilityLag)
        let shown = await world.outcome(.query) {
            try await world.venue.order(world.queryTarget(order), symbol: symbol)
        }
        #expect(shown == .succeeded)
    }

    @Test(arguments: untimed)
    func whereThereIsNoDeadManTimerNoneIsSet(name: String) async throws {
        let world = try ConformanceWorld(name)
        let outcome = await world.outcome(.timer) {
            try await world.venue.setDeadManTimer(.seconds(60), symbol: symbol)
        }
        #expect(outcome.name == "rejected")
    }

    @Test(arguments: timed)
    func theDeadManTimerCancelsWhatTheProfileSays(name: String) async throws {
        let world = try ConformanceWorld(name)
        let rule = try #require(world.profile.deadMan)
        for length in [rule.shortest - .milliseconds(1), rule.longest + .milliseconds(1)] {
            let outcome = await world.outcome(.timer) { try await world.venue.setDeadManTimer(length, symbol: symbol) }
            #expect(outcome.name == world.meaning(.badParameter, .timer), "\(length)")
        }
        let order = try await world.rest("one")
        let stop = try await world.venue.place(.stop(.sell, 1, at: 80, id: "two"))
        let elsewhere = try await world.venue.place(
            OrderRequest(
                symbol: ConformanceWorld.other, side: .buy, quantity: .base(1), type: .limit(price: 90),
                clientID: "three"))
        try await world.venue.setDeadManTimer(rule.shortest, symbol: symbol)
        world.time.advance(by: rule.shortest - .nanoseconds(1))
        #expect(world.venue.truth().workingOrders.count == 3)
        world.time.advance(by: .nanoseconds(1))
        var left = Set([order.venueID, stop.venueID, elsewhere.venueID])
        left.remove(order.venueID)
        if rule.cancelsProtection { left.remove(stop.venueID) }
        if rule.scope == .account { left.remove(elsewhere.venueID) }
        #expect(Set(world.venue.truth().workingOrders.map(\.venueID)) == left)
    }

    @Test(arguments: amending)
    func anAmendStaysInPlaceOrReplaces(name: String) async throws {
        let world = try ConformanceWorld(name)
        let order = try await world.rest("one")
        let amended = try await world.venue.amend(AmendRequest(target: .venue(order), symbol: symbol, price: 91))
        #expect(amended.clientID == order.clientID)
        #expect((amended.venueID != order.venueID) == world.profile.amendReplaces)
        #expect(world.venue.truth().workingOrders.map(\.venueID) == [amended.venueID])
        let unknown = await world.outcome(.amend) {
            try await world.venue.amend(AmendRequest(target: .venue("99"), symbol: symbol, price: 91))
        }
        #expect(unknown.name == world.meaning(.noSuchOrder, .amend))
    }

    @Test(arguments: replacing)
    func aReplacementThatIsRefusedLeavesTheOldOrderCancelled(name: String) async throws {
        let world = try ConformanceWorld(name)
        let order = try await world.rest("one")
        let half = await world.outcome(.amend) {
            try await world.venue.amend(AmendRequest(target: .venue(order), symbol: symbol, quantity: 1_000_000))
        }
        #expect(half == .partial)
        #expect(world.venue.truth().workingOrders.isEmpty)
    }

    @Test(arguments: names)
    func aRefusedKeyIsToldAsWhatItMeans(name: String) async throws {
        let world = try ConformanceWorld(name)
        world.venue.expireAuthentication(for: .seconds(10))
        let outcome = await world.outcome(.place) { try await world.rest("one") }
        #expect(outcome.name == world.meaning(.authentication, .place))
        world.time.advance(by: .seconds(10))
        #expect(await world.outcome(.place) { try await world.rest("one") } == .succeeded)
    }
}
