import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// A second process on the same address, seen by what it leaves of the limits.
@Suite struct VenueSpenderTests {
    private func profile(_ shape: LimitRule.Shape) -> VenueProfile {
        VenueProfile.plain.with {
            $0.limits = [
                LimitRule(
                    name: "w", scope: .ip, counts: .weight, shape: shape, limit: 10, window: .seconds(10), decay: 1)
            ]
            $0.costs = [.time: ["w": 1]]
            $0.usageHeaders = ["w": "X-USED"]
        }
    }

    private func used(_ world: VenueWorld) async throws -> Int { try await world.venue.limits()[0].used }

    @Test(arguments: [LimitRule.Shape.fixed, .rolling, .decay])
    func itHoldsItsShareAgainAndAgainUntilItsTimeIsOver(shape: LimitRule.Shape) async throws {
        let world = try VenueWorld(profile: profile(shape))
        world.venue.spendLimits(perMille: 600, for: .seconds(100))
        for second in 0..<100 {
            #expect(try await used(world) == 6, "\(second)")
            world.time.advance(by: .seconds(1))
        }
        world.time.advance(by: .seconds(10))
        #expect(try await used(world) == 0)
        #expect(world.look().counts.requests == 101)
        #expect(world.events(.limited).isEmpty)
    }

    @Test(arguments: [LimitRule.Shape.fixed, .rolling])
    func whatItLeavesIsOursAndItTakesNoMoreThanThereIs(shape: LimitRule.Shape) async throws {
        let world = try VenueWorld(profile: profile(shape))
        for _ in 1...7 { _ = try await world.venue.serverTime() }
        world.venue.spendLimits(perMille: 800, for: .seconds(1_000))
        // Ten are used: seven of ours, and it obeys.
        #expect(try await used(world) == 10)
        #expect(world.events(.limited).isEmpty)
        world.time.advance(by: .seconds(10))
        for _ in 1...2 { _ = try await world.venue.serverTime() }
        #expect(try await used(world) == 10)
        #expect(await code { try await world.venue.serverTime() } == "-1003")
    }

    @Test func itListensToALimitThatWeRanInto() async throws {
        let world = try VenueWorld(profile: profile(.fixed))
        world.venue.spendLimits(perMille: 500, for: .seconds(1_000))
        for _ in 1...5 { _ = try await world.venue.serverTime() }
        #expect(await code { try await world.venue.serverTime() } == "-1003")
        for _ in 1...3 { _ = await code { try await world.venue.serverTime() } }
        let until = try #require(world.events(.banned).last?.until)
        world.time.advance(by: .seconds(30))
        // Its share would be five; in the ban only our own call that asks is counted.
        let counted = world.venue.state.withLock { state in
            state.gate.usage(at: world.time.now, open: 0, openOfOne: 0)[0].used
        }
        #expect(counted == 0)
        world.time.advance(by: world.time.now.duration(to: until) + .seconds(30))
        #expect(try await used(world) == 5)
    }

    @Test func thousandthsBeyondTheEndsAreTakenToThem() async throws {
        let world = try VenueWorld(profile: profile(.fixed))
        world.venue.spendLimits(perMille: 5_000, for: .seconds(10))
        #expect(try await used(world) == 10)
        world.time.advance(by: .seconds(10))
        world.venue.spendLimits(perMille: -1, for: .seconds(10))
        #expect(try await used(world) == 0)
    }
}
