import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a profile lacks is refused before it is sent, and what a test asks of the venue beyond the market happens.
@Suite struct VenueMannersTests {
    private static let symbol = VenueWorld.symbol

    @Test func aVenueThatCancelsByItsOwnIdsTakesNoOthers() async throws {
        let world = try VenueWorld(profile: VenueProfile.plain.with { $0.capabilities.remove(.cancelByClientID) })
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        let change = AmendRequest(target: .client("x"), symbol: Self.symbol, price: 91)
        #expect(await code { try await world.venue.cancel(.client("x"), symbol: Self.symbol) } == "unsupported")
        #expect(await code { try await world.venue.cancel([.client("x")], symbol: Self.symbol) } == "unsupported")
        #expect(await code { try await world.venue.amend(change) } == "unsupported")
        #expect(world.events(.arrived).count == 1)
        #expect(try await world.venue.cancel([.venue("1")], symbol: Self.symbol).count == 1)
    }

    @Test func aBatchHoldsNoMoreThanTheVenueTakes() async throws {
        let world = try VenueWorld(profile: VenueProfile.plain.with { $0.cancelBatchSize = 2 })
        for _ in 1...3 { _ = try await world.place(.limit(.buy, 1, at: 90)) }
        let targets = (1...3).map { OrderTarget.venue(VenueOrderID("\($0)")) }
        #expect(await code { try await world.venue.cancel(targets, symbol: Self.symbol) } == "-1102")
        #expect(world.look().workingOrders.count == 3)
        #expect(try await world.venue.cancel(Array(targets.prefix(2)), symbol: Self.symbol).count == 2)
    }

    @Test func aModeThatTheVenueLacksIsTheNextStricterOne() async throws {
        let world = try VenueWorld(profile: VenueProfile.plain.with { $0.modes = [.online, .maintenance] })
        world.venue.setMode(.postOnly, for: .seconds(5))
        #expect(try await world.venue.status().mode == .maintenance)
        world.time.advance(by: .seconds(5))
        #expect(try await world.venue.status().mode == .online)
    }

    @Test func randomModesHoldUntilTheirEndOrTheNextOne() async throws {
        var random = SeededGenerator(seed: 3, stream: "modes")
        let world = try VenueWorld()
        var last: (mode: VenueStatus.Mode, end: MonotonicInstant?) = (.online, nil)
        for _ in 0..<300 {
            world.time.advance(by: .seconds(Int64(random.below(4))))
            let mode = VenueStatus.Mode.allCases[Int(random.below(4))]
            switch random.below(4) {
            case 0:
                let length = Duration.seconds(Int64(random.below(8)))
                world.venue.setMode(mode, for: length)
                last = (mode, world.time.now.advanced(by: length))
            case 1:
                world.venue.setMode(mode)
                last = (mode, nil)
            default: break
            }
            let expected = last.end.map { world.time.now >= $0 } ?? false ? .online : last.mode
            #expect(try await world.venue.status().mode == expected)
        }
    }

    @Test func theVenueMayEndAnOrderForReasonsOfItsOwn() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        #expect(world.venue.expire(.client("x"), symbol: Self.symbol)?.status == .expired)
        #expect(world.venue.expire(.client("x"), symbol: Self.symbol) == nil)
        #expect(world.venue.expire(.client("x"), symbol: "NONE") == nil)
        #expect(world.events(.expired).map(\.request) == [nil])
    }

    @Test func aTradeMayComeInPiecesThatAddUp() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.piecesPerTrade = 5
        var counts: Set<Int> = []
        for seed in 1...30 as ClosedRange<UInt64> {
            configuration.seed = seed
            let world = try VenueWorld(configuration: configuration)
            #expect(try await world.place(.market(.buy, 2)).status == .filled)
            let fills = try await world.allFills()
            #expect(fills.map(\.quantity).reduce(0, +) == 2)
            counts.insert(fills.count)
            let again = try VenueWorld(configuration: configuration)
            _ = try await again.place(.market(.buy, 2))
            #expect(try await again.allFills() == fills)
        }
        #expect(counts == [1, 2, 3, 4, 5])
    }

    @Test func eachOrderStaysInvisibleForATimeOfItsOwn() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.visibilityLag = .seconds(1)
        configuration.visibilityJitter = .seconds(4)
        configuration.seed = 9
        let world = try VenueWorld(profile: VenueProfile.plain.with { $0.pageSize = 200 }, configuration: configuration)
        var random = SeededGenerator(seed: 9, stream: "visibility")
        var placedAt: [MonotonicInstant] = []
        var seen: Set<Int> = []
        var between = 0
        for _ in 0..<80 {
            world.time.advance(by: .milliseconds(Int64(random.below(400))))
            let order = try await world.place(.limit(.buy, try number("0.1"), at: 90))
            #expect(order.venueID?.rawValue == "\(placedAt.count + 1)")
            placedAt.append(world.time.now)
            let listed = try await world.venue.openOrders(for: nil, page: nil).orders.compactMap(\.venueID)
            for (index, start) in placedAt.enumerated() {
                let name = VenueOrderID("\(index + 1)")
                let isVisible = (try? await world.venue.order(.venue(name), symbol: Self.symbol)) != nil
                let age = start.duration(to: world.time.now)
                if age < .seconds(1) { #expect(!isVisible) }
                if age >= .seconds(5) { #expect(isVisible) }
                if age >= .seconds(1), age < .seconds(5), !isVisible { between += 1 }
                #expect(listed.contains(name) == isVisible)
                // What was seen once stays seen.
                #expect(isVisible || !seen.contains(index))
                if isVisible { seen.insert(index) }
            }
        }
        #expect(between > 50)
        configuration.visibilityJitter = .seconds(5)
        #expect(throws: SimulatedVenueError.self) { try VenueWorld(configuration: configuration) }
    }
}
