import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall

/// No lane can be starved by the ones below it.
@Suite struct LaneReservesTests {
    @Test func eachLaneOfEveryVenueFindsACallOfItsOwnUnderAllThatIsBelow() throws {
        for profile in VenueProfile.all {
            let buckets = try RateLimiterConfiguration(venue: profile, share: 800).buckets
            for bucket in buckets {
                let limit = try #require(profile.limits.first { $0.name == bucket.name })
                let reserves = LaneReserves(of: profile, in: limit, capacity: bucket.capacity)
                #expect(bucket.reserves == reserves.byLane)
                #expect(reserves.byLane.values.reduce(0, +) <= bucket.capacity / 2)
                #expect(reserves.byLane[.history] == nil)
                for operation in BrokerOperation.allCases {
                    let weight = profile.heaviest(operation, in: limit.name)
                    #expect(weight <= bucket.capacity - reserves.kept(from: operation), "\(profile.name) \(operation)")
                }
            }
        }
    }

    /// What a venue's calls fit into beside the cancels' reserve, they fit into beside all reserves.
    @Test func noVenueIsRefusedForAReserveBelowTheCancels() throws {
        for profile in VenueProfile.all {
            for share in 1...1_000 {
                let accepted = profile.limits.filter { $0.counts != .open }.allSatisfy { limit in
                    let capacity = BucketConfiguration(
                        name: "b", limit: limit.limit, marginPerMille: 800, sharePerMille: share
                    ).capacity
                    let all = BrokerOperation.allCases.map { profile.heaviest($0, in: limit.name) }.max() ?? 0
                    let cancels = LaneReserves(of: profile, in: limit, capacity: capacity).byLane[.cancel] ?? 0
                    return all <= capacity - cancels
                }
                guard accepted else { continue }
                let made = try RateLimiterConfiguration(venue: profile, share: 800, processShare: share)
                var plain = made
                for index in plain.buckets.indices { plain.buckets[index].reserves = [:] }
                // Of some limits nothing is left for so many processes.
                guard (try? plain.validate()) != nil else { continue }
                #expect(throws: Never.self, "\(profile.name) \(share)") { try made.validate() }
            }
        }
    }

    @Test func theTimerTakesNothingFromTheOthers() throws {
        let venue = VenueProfile.kraken
        let limit = try #require(venue.limits.first { $0.name == "api_counter" })
        #expect(LaneReserves(of: venue, in: limit, capacity: 240).byLane[.cancel] == 12)
    }

    @Test func aBucketOfWeightIsSharedByAllLanes() throws {
        let venue = VenueProfile.binanceSpot
        let limit = try #require(venue.limits.first { $0.counts == .weight })
        let reserves = LaneReserves(of: venue, in: limit, capacity: 4_800)
        #expect(
            reserves.byLane == [.cancel: 240, .reduce: 120, .resolve: 120, .newOrder: 120, .marketData: 120])
        #expect(reserves.kept(from: .cancel) == 0)
        #expect(reserves.kept(from: .place) == 480)
        #expect(reserves.kept(from: .history) == 720)
    }

    @Test func whereOnlyOrdersCountThoseThatReduceHaveTheLast() throws {
        let venue = VenueProfile.binanceSpot
        let limit = try #require(venue.limits.first { $0.counts == .order })
        #expect(LaneReserves(of: venue, in: limit, capacity: 80).byLane == [.reduce: 2])
        // Of so few every one counts.
        #expect(LaneReserves(of: venue, in: limit, capacity: 9).byLane.isEmpty)
        #expect(LaneReserves(of: venue, in: limit, capacity: 10).byLane == [.reduce: 1])
    }

    @Test func readersOfHistoryLeaveRoomForEveryoneAboveThem() throws {
        try Rig.run(seeds: 0..<1) { rig in
            try await rig.start(position: 5)
            let weight = try #require(rig.broker.profile.limits.first { $0.counts == .weight }).name
            func takeAll(_ lane: Lane) {
                while case .granted = rig.layer.limiter.tryAcquire([weight: 1], lane: lane) {}
            }
            takeAll(.history)
            let start = rig.time.now
            _ = try await rig.broker.ticker(for: Rig.symbol)
            takeAll(.marketData)
            let opened = try await rig.broker.place(Rig.buy("opens"))
            let target = OrderTarget.client(try #require(opened.clientID))
            takeAll(.newOrder)
            _ = try await rig.broker.order(target, symbol: Rig.symbol)
            takeAll(.resolve)
            _ = try await rig.broker.place(Rig.sell("closes"))
            takeAll(.reduce)
            _ = try await rig.broker.cancel(target, symbol: Rig.symbol)
            #expect(start.duration(to: rig.time.now) < .seconds(5))
        }
    }
}
