import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The time that a request is signed with, and what the venue makes of it.
@Suite struct VenueClockTests {
    private func balances(_ world: VenueWorld, signedAt offset: Duration) async -> String? {
        let signedAt = world.venue.civilStart.advanced(by: VenueClockTests.elapsed(world) + offset)
        return await VenueRequest.$signedAt.withValue(signedAt) {
            do {
                _ = try await world.venue.balances()
                return nil
            } catch {
                return (error as? BrokerError)?.message
            }
        }
    }

    private static func elapsed(_ world: VenueWorld) -> Duration { world.venue.start.duration(to: world.time.now) }

    @Test func exactlyTheReceiveWindowAndTheLeadAreTaken() async throws {
        let world = try VenueWorld(profile: VenueProfile.plain.with { $0.clockLead = .milliseconds(500) })
        #expect(await balances(world, signedAt: .seconds(-5)) == nil)
        #expect(await balances(world, signedAt: .seconds(-5) - .nanoseconds(1))?.contains("recvWindow") == true)
        #expect(await balances(world, signedAt: .milliseconds(500)) == nil)
        let early = await balances(world, signedAt: .milliseconds(500) + .nanoseconds(1))
        #expect(early?.contains("ahead") == true)
    }

    @Test func randomOffsetsAreJudgedByTheVenuesClockAlone() async throws {
        var random = SeededGenerator(seed: 5, stream: "clock")
        let world = try VenueWorld()
        var counts = [0, 0]
        for _ in 0..<300 {
            world.time.advance(by: .milliseconds(Int64(random.below(3_000))))
            let offset = Duration.milliseconds(Int64(random.below(10_000)) - 7_500)
            let fits = offset >= .seconds(-5) && offset <= .seconds(1)
            #expect((await balances(world, signedAt: offset) == nil) == fits, "\(offset)")
            counts[fits ? 1 : 0] += 1
        }
        #expect(counts.allSatisfy { $0 > 50 })
    }

    @Test func aStepOfTheMachinesClockIsFeltAndTheVenuesTimeIsNot() throws {
        let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(100)]))
        let report = try Simulation(seed: 1).run { world in
            let venue = try SimulatedVenue(
                profile: .plain, markets: [market], configuration: .instant, environment: world.environment)
            for (step, expected) in [
                (Duration.seconds(2), "-1021"), (.seconds(-2), ""), (.seconds(-6), "-1021"), (.seconds(6), ""),
            ] {
                world.stepCivil(by: step)
                var code = ""
                do { _ = try await venue.balances() } catch { code = (error as? BrokerError)?.venueCode ?? "none" }
                #expect(code == expected)
                // What needs no key needs no time, so that a clock can be set by the venue's.
                #expect(try await venue.serverTime() == venue.civilStart)
            }
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func theVenuesClockMayBeAheadFromTheStart() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.clockOffset = .seconds(6)
        let world = try VenueWorld(configuration: configuration)
        #expect(await code { try await world.venue.balances() } == "-1021")
        #expect(try await world.venue.serverTime() == world.time.civilNow.advanced(by: .seconds(6)))
        configuration.clockOffset = .seconds(-1)
        let behind = try VenueWorld(configuration: configuration)
        _ = try await behind.venue.balances()
    }
}
