import SeawallBroker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the lines of a whole run have in common.
@Suite struct WorldLogTests {
    private func lines(seed: UInt64) throws -> (lines: [String], report: SimulationReport) {
        let lines = Lines()
        let report = try Simulation(seed: seed).run(for: .seconds(60)) { world in
            world.log.onLine { lines.add($0) }
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(.binanceUSDM, markets: [market], scenario: "log")
            let faults = [FaultAction(.lostAfter(.silence(for: .seconds(20))), probability: 0.3)]
            let guarded = try world.layer(venue: .binanceUSDM, broker: try world.chaos(venue, plan: FaultPlan(faults)))
            while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
                try await world.time.sleep(for: .seconds(1))
            }
            for number in 0..<5 {
                _ = try? await guarded.broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
            }
        }
        return (lines.all, report)
    }

    @Test func theFirstLineIsTheRunAndTheLastTheEnd() throws {
        let (lines, _) = try lines(seed: 1)
        #expect(lines.first?.contains(#""kind":"run""#) == true)
        #expect(lines.last?.contains(#""kind":"end","lines":\#(lines.count - 1),"#) == true)
        for line in lines.dropFirst().dropLast() {
            #expect(!line.contains(#""kind":"run""#))
            #expect(!line.contains(#""kind":"end""#))
        }
    }

    @Test func everyReplyAndArrivalFollowsItsRequest() throws {
        let (lines, _) = try lines(seed: 2)
        var requests: Set<Substring> = []
        var replies = 0
        var arrivals = 0
        for line in lines {
            if line.contains(#""kind":"request""#), let id = field("id", of: line) {
                #expect(requests.insert(id).inserted)
            } else if line.contains(#""kind":"reply""#), let id = field("id", of: line) {
                replies += 1
                #expect(requests.contains(id))
            } else if line.contains(#""event":"arrived""#), let id = field("request", of: line) {
                arrivals += 1
                #expect(requests.contains(id))
            }
        }
        #expect(replies > 5)
        #expect(arrivals > 5)
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let first = try lines(seed: 3)
        let second = try lines(seed: 3)
        #expect(first.lines == second.lines)
        #expect(first.report.recordHash == second.report.recordHash)
        #expect(try lines(seed: 4).lines != first.lines)
    }

    @Test func everyRequestServesACallOrAnEpisode() throws {
        for line in try lines(seed: 5).lines where line.contains(#""kind":"request""#) {
            #expect(!line.contains(#""call":null,"episode":null"#), "\(line)")
        }
    }

    private func field(_ name: String, of line: String) -> Substring? {
        let parts = line.split(separator: ",").filter { $0.hasPrefix("\"\(name)\":\"") }
        return parts.first?.split(separator: "\"").last
    }
}
