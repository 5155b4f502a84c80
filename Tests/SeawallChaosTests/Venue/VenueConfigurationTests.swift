import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueConfigurationTests {
    private func problems(_ make: () throws -> Void) -> [String] {
        do {
            try make()
            return []
        } catch {
            return (error as? SimulatedVenueError)?.problems ?? ["\(error)"]
        }
    }

    @Test func oneErrorNamesEveryBadField() throws {
        let configuration = SimulatedVenueConfiguration(
            requestLatency: .seconds(-1) ... .zero, replyLatency: .seconds(-1) ... .zero, serviceTime: .seconds(-1),
            balances: ["USDT": -1], positions: [VenueWorld.symbol: try number("0.0001"), "NONE": 1], leverage: 0,
            fees: FeeRates(maker: try number("0.00000001"), taker: 2),
            liquidity: SimulatedLiquidity(volumePercent: -1, minimum: .nan), visibilityLag: .seconds(-1),
            requestsUntilBan: 0, streamBuffer: 0)
        let found = problems { _ = try VenueWorld(configuration: configuration) }
        #expect(found.count == 14)
        for word in ["request latency", "reply latency", "leverage", "maker fee", "taker fee", "NONE", "USDT"] {
            #expect(found.contains { $0.contains(word) }, "\(word) is missing")
        }
    }

    @Test func badMarketsAndCandlesAreNamed() throws {
        var rules = InstrumentRules.bitcoin
        rules.tick = 0
        rules.lot = .nan
        rules.minimumNotional = -1
        #expect(problems { _ = try SimulatedMarket(rules, candles: .recorded([.flat(1)])) }.count == 3)
        #expect(problems { _ = try SimulatedMarket(.bitcoin, candles: .recorded([])) }.count == 1)
        let bad: [Candle] = [
            .flat(100), .walk(100, 90, 80, 85), .flat(.nan), .flat(100, volume: -1), .flat(0),
            .walk(100, 101, 102, 100),
        ]
        let found = problems { _ = try SimulatedMarket(.bitcoin, candles: .recorded(bad)) }
        #expect(found.count == 5)
        #expect(found.first?.contains("candle 1") == true)
        let many = problems {
            _ = try SimulatedMarket(.bitcoin, candles: .recorded(Array(repeating: .flat(-1), count: 50)))
        }
        #expect(many.count == 11)
        let walk = CandleSource.randomWalk(start: 0, seed: 1, basisPoints: 0, volume: -1)
        #expect(problems { _ = try SimulatedMarket(.bitcoin, candles: walk) }.count == 3)
    }

    @Test(arguments: ["1e-120", "1e120", "99999999999999999999999999999999999999"])
    func stepsBeyondReachAreNamed(step: String) throws {
        var rules = InstrumentRules.bitcoin
        rules.tick = try number(step)
        rules.lot = try number(step)
        #expect(problems { _ = try SimulatedMarket(rules, candles: .recorded([.flat(1)])) }.isEmpty == false)
    }

    @Test func aVenueNeedsEachMarketOnce() throws {
        let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(1)]))
        #expect(problems { _ = try VenueWorld(markets: []) }.count == 1)
        #expect(problems { _ = try VenueWorld(markets: [market, market]) }.count == 1)
    }

    @Test func aProfileWithoutWindowsIsRefused() throws {
        let profile = VenueProfile.plain.with {
            $0.limits = [
                LimitRule(name: "a", scope: .ip, counts: .weight, shape: .rolling, limit: 1, window: .zero),
                LimitRule(name: "b", scope: .ip, counts: .weight, shape: .decay, limit: 1, window: .seconds(1)),
            ]
        }
        #expect(problems { _ = try VenueWorld(profile: profile) }.count == 2)
    }
}
