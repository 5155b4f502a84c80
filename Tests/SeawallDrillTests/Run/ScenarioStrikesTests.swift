import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct ScenarioStrikesTests {
    @Test func onlyPreviewsAreMissingWhereAVenueHasNone() {
        for profile in VenueProfile.all {
            let obstacles = Scenario.all.compactMap { scenario in
                scenario.obstacle(at: profile).map { "\(scenario.name): \($0)" }
            }
            let expected =
                profile.capabilities.contains(.preview)
                ? [] : ["preview-failures: not put to the test at \(profile.name): no preview"]
            #expect(obstacles == expected)
        }
    }

    @Test func aVenueWithoutStreamsIsSaidToHaveNone() throws {
        var profile = VenueProfile.binanceUSDM
        profile.capabilities.subtract([.marketStream, .userStream])
        let gaps = try #require(Scenario.named("ws-gap"))
        #expect(
            gaps.obstacle(at: profile) == "not put to the test at \(profile.name): no marketStream, no userStream")
        // Prices are still read.
        #expect(try #require(Scenario.named("mark-stale")).obstacle(at: profile) == nil)
    }

    @Test func aScenarioThatCannotStrikeFailsByNameAndIsNamedAmongAll() throws {
        let sentence = "preview-failures: not put to the test at binance-usdm: no preview"
        for seeds in ["1", "2"] {
            let named = drill(
                "--scenario", "preview-failures", "--hours", "0.02", "--symbol", "BTCUSDT", "--seeds", seeds)
            #expect(named.status == 1)
            #expect(named.complaints.contains(sentence), "\(named.complaints)")
            #expect(named.printed.contains { $0.contains("not put to the test at binance-usdm: no preview") })
        }
        let every = drill("--hours", "0.001", "--symbol", "BTCUSDT")
        #expect(every.printed.last?.contains(sentence) == true)
        #expect(!every.complaints.contains { $0.contains(sentence) })
    }

    @Test func aScenarioThatCanStrikeIsPutToTheTest() throws {
        let named = drill(
            "--scenario", "preview-failures", "--hours", "0.06", "--symbol", "BTC-USD", "--venue", "coinbase-advanced")
        #expect(!named.complaints.contains { $0.contains("struck") || $0.contains("not put to the test") })
        #expect(named.printed.contains { $0.contains("faults struck: error preview ") })
    }

    @Test func faultsThatHadNoTimeToStrikeAreAFailure() {
        let short = drill("--scenario", "clock-steps", "--hours", "0.02", "--symbol", "BTCUSDT")
        #expect(short.status == 1)
        let sentence = "clock-steps, seed 1: not put to the test: no fault struck\n"
        #expect(short.complaints.contains { $0.hasPrefix(sentence) })
    }
}
