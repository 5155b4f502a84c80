import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DrillMarketsTests {
    private func rules(_ price: String, digits: Int) throws -> InstrumentRules {
        let price = try #require(Decimal(strict: price))
        return InstrumentRules.drill(symbol: "ABCUSD", price: price, lowest: price, highest: price, digits: digits)
    }

    @Test(arguments: [
        ("btc-usd-1m-2023-03-10_12.csv", "BTC-USD"), ("/a/b-c/BTCUSDT-1m-2023-03.csv", "BTCUSDT"),
        ("eth_usdt.csv", "ETH-USDT"), ("1000SHIBUSDT-15m.csv", "1000SHIBUSDT"), ("sol", "SOL"),
        ("BTCUSDT_2023.tar.gz", "BTCUSDT"),
    ])
    func symbolsAreReadOffFileNames(_ path: String, _ symbol: String) {
        #expect(SymbolName.inFileName(path) == symbol)
    }

    @Test(arguments: ["2023-03.csv", "1m.csv", ".csv", "", "a b.csv", "---.csv"])
    func someFileNamesNameNoSymbol(_ path: String) {
        #expect(SymbolName.inFileName(path) == nil)
    }

    @Test func namesTellBaseAndQuote() {
        #expect(SymbolName.assets("BTC-USD") == ("BTC", "USD"))
        #expect(SymbolName.assets("BTCUSDT") == ("BTC", "USDT"))
        #expect(SymbolName.assets("ETHBTC") == ("ETH", "BTC"))
        #expect(SymbolName.assets("GOLD") == ("GOLD", "USD"))
    }

    @Test func aLotIsWorthFiveToFiftyAndAPriceHasAThousandTicks() throws {
        let bitcoin = try rules("20000", digits: 2)
        #expect([bitcoin.tick, bitcoin.lot].map(\.plainText) == ["0.01", "0.001"])
        let small = try rules("0.00001234", digits: 8)
        #expect([small.tick, small.lot].map(\.plainText) == ["0.00000001", "1000000"])
        let coarse = try rules("3", digits: 0)
        #expect([coarse.tick, coarse.lot].map(\.plainText) == ["0.001", "10"])
    }

    @Test func everyPriceThatRulesAreMadeForMakesAMarket() throws {
        for exponent in -6...8 {
            for digits in [0, 2, 8, 20] {
                let price = InstrumentRules.powerOfTen(exponent) * 3
                let candle = Candle(
                    openTime: CivilInstant(nanosecondsSinceEpoch: 0), open: price, high: price, low: price,
                    close: price,
                    volume: 1)
                var recorded = RecordedCandles()
                recorded.candles = [candle]
                recorded.priceDigits = digits
                recorded.lowest = RecordedCandles.Extreme(value: price, line: 2)
                recorded.highest = recorded.lowest
                recorded.largest = RecordedCandles.Extreme(value: 1, line: 2)
                let market = try DrillMarkets.market("ABCUSD", recorded, "x.csv")
                let worth = market.rules.lot * price
                #expect(worth >= 5 && worth <= 50, "\(price): \(worth)")
            }
        }
    }

    @Test func whatTheVenueCannotCountIsNamedWithItsLine() throws {
        let header = "open_time,open,high,low,close,volume\n"
        let text = header + "1678406400,1,1,1,1,1\n1678406460,1,1e20,1,1,1\n"
        let recorded = try CandleParser.candles(in: Array(text.utf8), file: "x.csv")
        let error = #expect(throws: BadInput.self) { try DrillMarkets.market("ABCUSD", recorded, "x.csv") }
        #expect(error?.message.hasPrefix("\"x.csv\" line 3: high is 100000000000000000000, expected 1 to") == true)
    }

    @Test func madeMarketsFollowTheSeed() throws {
        let markets = try DrillMarkets(DrillOptions())
        #expect(markets.names == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
        #expect(markets.recordedHours == nil)
        #expect(try markets.markets(seed: 3).map(\.rules.symbol) == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
    }
}
