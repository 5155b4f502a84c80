import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The venue inside a deterministic simulation, with its own latencies, driver and streams.
@Suite struct VenueSimulationTests {
    private func run(seed: UInt64) throws -> (hash: UInt64, events: [VenueEvent], clean: Bool) {
        let log = EventLog()
        let market = try SimulatedMarket(.bitcoin, candles: .randomWalk(start: 100, seed: seed, basisPoints: 50))
        let report = try Simulation(seed: seed).run(hours: 1) { world in
            let venue = try SimulatedVenue(
                profile: .plain, markets: [market],
                configuration: SimulatedVenueConfiguration(
                    seed: seed, visibilityLag: .seconds(1), visibilityJitter: .seconds(2), piecesPerTrade: 3),
                environment: world.environment, observe: { log.append($0) })
            let stream = try await venue.userEvents()
            let listening = world.environment.spawner.spawn {
                do { for try await event in stream { world.note("\(event)") } } catch { world.note("\(error)") }
            }
            for count in 0..<40 {
                let id = ClientOrderID("o\(count)")
                if count == 10 { venue.setMode(.postOnly, for: .seconds(45)) }
                if count == 20 { venue.spendLimits(perMille: 500, for: .seconds(60)) }
                let ticker = try await venue.ticker(for: VenueWorld.symbol)
                let side: Side = count % 2 == 0 ? .buy : .sell
                _ = try? await venue.place(.limit(side, 1, at: ticker.last, id: id))
                if count % 5 == 0 { venue.fill(.client(id), symbol: VenueWorld.symbol, perMille: 400) }
                try await world.time.sleep(for: .seconds(30))
                _ = try? await venue.cancel(.client(id), symbol: VenueWorld.symbol)
            }
            venue.close()
            await listening.value
        }
        return (report.hash, log.events, report.isClean)
    }

    @Test func theSameSeedTellsTheSameTruthAndAnotherAnother() throws {
        let first = try run(seed: 7)
        let second = try run(seed: 7)
        #expect(first.clean)
        #expect(first.hash == second.hash)
        #expect(first.events == second.events)
        #expect(first.events.filter { $0.kind == .filled }.count > 5)
        #expect(try run(seed: 8).events != first.events)
    }

    @Test func aBotThatStopsLeavesNothingBehind() throws {
        let market = try SimulatedMarket(.bitcoin, candles: .randomWalk(start: 100, seed: 1))
        let report = try Simulation(seed: 1).run(hours: 1) { world in
            let venue = try SimulatedVenue(profile: .plain, markets: [market], environment: world.environment)
            _ = try await venue.place(.limit(.buy, 1, at: 50))
            _ = try await venue.marketEvents(for: [VenueWorld.symbol])
        }
        #expect(report.isClean, "\(report)")
    }
}
