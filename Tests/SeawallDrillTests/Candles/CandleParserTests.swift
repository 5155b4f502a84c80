import Seawall
import Testing

@testable import seawall_drill

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CandleParserTests {
    private static let header = "open_time,open,high,low,close,volume\n"
    private static let first = "2023-03-10T00:00:00Z,100,110.50,90,105,2\n"

    private func parse(_ text: String) throws(BadInput) -> RecordedCandles {
        try CandleParser.candles(in: Array(text.utf8), file: "x.csv")
    }

    private func complaint(_ bytes: [UInt8]) -> String? {
        do {
            _ = try CandleParser.candles(in: bytes, file: "x.csv")
            return nil
        } catch { return error.message }
    }

    @Test func aFileIsReadWithItsExtremes() throws {
        let read = try parse(Self.header + Self.first + "2023-03-10T00:01:00Z,105,106.125,80,82.1,0.5\n")
        #expect(read.candles.count == 2)
        #expect(read.candles[0].openTime == CivilInstant(iso8601: "2023-03-10T00:00:00Z"))
        #expect(read.candles[0].high == Decimal(strict: "110.5"))
        #expect(read.candles[1].close == Decimal(strict: "82.1"))
        #expect(read.filled == 0)
        #expect(read.priceDigits == 3)
        #expect(read.lowest?.value == 80 && read.lowest?.line == 3)
        #expect(read.highest?.line == 2)
        #expect(read.largest?.value == 2)
    }

    @Test func columnsMayStandInAnyOrderAmongOthers() throws {
        let read = try parse("volume,note,close,low,high,open,open_time\n2,x,105,90,110,100,2023-03-10T00:00:00Z\n")
        let candle = try #require(read.candles.first)
        #expect(candle.open == 100 && candle.high == 110 && candle.low == 90)
        #expect(candle.close == 105 && candle.volume == 2)
    }

    @Test(arguments: ["1678406400", "1678406400000", "1678406400000000", "2023-03-10T01:00:00+01:00"])
    func timesAreReadInEachForm(_ time: String) throws {
        let read = try parse(Self.header + "\(time),1,1,1,1,0\n")
        #expect(read.candles.first?.openTime == CivilInstant(iso8601: "2023-03-10T00:00:00Z"))
    }

    @Test func klinesNeedNoHeader() throws {
        let read = try parse(
            """
            1678406400000,100.10000000,110,90,105,2,1678406459999,210,12,1,105,0
            1678406460000,105,105,105,105,0,1678406519999,0,0,0,0,0
            """)
        #expect(read.candles.map(\.close) == [105, 105])
        #expect(read.priceDigits == 1)
    }

    @Test func lineEndsOfWindowsAndAByteOrderMarkAreNoData() throws {
        let text = "\u{FEFF}" + (Self.header + Self.first).split(separator: "\n").joined(separator: "\r\n")
        #expect(try parse(text).candles.count == 1)
    }

    @Test func missingMinutesCarryTheLastClose() throws {
        let read = try parse(Self.header + Self.first + "2023-03-10T00:04:00Z,1,1,1,1,7\n")
        #expect(read.candles.count == 5)
        #expect(read.filled == 3)
        for (index, candle) in read.candles[1...3].enumerated() {
            #expect(candle.openTime.millisecondsSinceEpoch == 1_678_406_400_000 + Int64(index + 1) * 60_000)
            #expect([candle.open, candle.high, candle.low, candle.close] == [105, 105, 105, 105])
            #expect(candle.volume == 0)
        }
    }

    @Test func smallVolumesMayHaveAnExponent() throws {
        let read = try parse(Self.header + "2023-03-10T00:00:00Z,1,1,1,1,6e-05\n")
        #expect(read.candles.first?.volume == Decimal(strict: "0.00006"))
    }

    @Test(arguments: [
        ("", "line 1", "is empty", "header"),
        (header, "line 2", "is missing", "at least one candle"),
        ("open_time,open,high,low,close\n1,1,1,1,1\n", "line 1", "volume", "columns open_time"),
        ("open_time,open,open,high,low,close,volume\n", "line 1", "open 2 times", "once"),
        ("open_time;open;high;low;close;volume\n", "line 1", "open_time;open", "columns open_time"),
        ("2023-03-10T00:00:00Z,1,1,1,1,1\n", "line 1", "open_time", "columns open_time"),
        (header + "2023-03-10T00:00:00Z,1,1,1,1\n", "line 2", "has 5 values", "expected 6"),
        (header + "2023-03-10T00:00:00Z,1,1,1,1,1,1\n", "line 2", "has 7 values", "expected 6"),
        (header + first + "\n" + first, "line 3", "is empty", "values"),
        (header + "2023-03-10 00:00,1,1,1,1,1\n", "line 2", "\"2023-03-10 00:00\"", "ISO 8601"),
        (header + "2023-02-30T00:00:00Z,1,1,1,1,1\n", "line 2", "\"2023-02-30T00:00:00Z\"", "ISO 8601"),
        (header + "99999999999999999999,1,1,1,1,1\n", "line 2", "\"99999999999999999999\"", "Unix"),
        (header + ",1,1,1,1,1\n", "line 2", "open_time is \"\"", "ISO 8601"),
        (header + "2023-03-10T00:00:00Z,NaN,1,1,1,1\n", "line 2", "open is \"NaN\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,inf,1,1,1\n", "line 2", "high is \"inf\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,Infinity,1,1,1\n", "line 2", "high is \"Infinity\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,-1,1,1\n", "line 2", "low is \"-1\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,1,0,1\n", "line 2", "close is \"0\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,1,12abc,1\n", "line 2", "close is \"12abc\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,1,,1\n", "line 2", "close is \"\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,1,1e99,1\n", "line 2", "close is \"1e99\"", "above 0"),
        (header + "2023-03-10T00:00:00Z,1,1,1,1,-0.1\n", "line 2", "volume is \"-0.1\"", "0 or more"),
        (header + "2023-03-10T00:00:00Z,1,1,1,1,nan\n", "line 2", "volume is \"nan\"", "0 or more"),
        (header + "2023-03-10T00:00:00Z,5,4,6,5,1\n", "line 2", "high is 4", "no less than low, 6"),
        (header + "2023-03-10T00:00:00Z,7,6,4,5,1\n", "line 2", "open is 7", "from low, 4, to high, 6"),
        (header + "2023-03-10T00:00:00Z,5,6,4,3,1\n", "line 2", "close is 3", "from low, 4, to high, 6"),
        (header + first + first, "line 3", "\"2023-03-10T00:00:00Z\"", "later than"),
        (header + first + "2023-03-09T23:59:00Z,1,1,1,1,1\n", "line 3", "23:59:00Z", "later than"),
        (header + first + "2023-03-10T00:00:30Z,1,1,1,1,1\n", "line 3", "00:00:30Z", "whole minutes"),
        (header + first + "2099-03-10T00:00:00Z,1,1,1,1,1\n", "line 3", "2099", "at most 10081"),
    ])
    func badFilesAreNamedWithLineValueAndExpectation(
        _ text: String, _ line: String, _ value: String, _ expected: String
    ) {
        let complaint = complaint(Array(text.utf8)) ?? "none"
        #expect(complaint.hasPrefix("\"x.csv\" \(line):"), "\(complaint)")
        #expect(complaint.contains(value), "\(complaint)")
        #expect(complaint.contains("expected") && complaint.contains(expected), "\(complaint)")
        #expect(complaint.isOneLine)
    }

    @Test func binaryDataIsNamed() {
        let nul = complaint(Array(Self.header.utf8) + [0x31, 0x00, 0x32])
        #expect(nul == "\"x.csv\" line 2: holds the byte 0, expected text of comma-separated values, no binary data")
        let broken = complaint(Array(Self.header.utf8) + Array(Self.first.utf8) + [0xff, 0xfe, 0x0a])
        #expect(broken?.hasPrefix("\"x.csv\" line 3: is no UTF-8") == true)
    }

    @Test func everyFileOfRandomBytesEndsInOneLineOrCandles() {
        var generator = SeededGenerator(seed: 5, stream: "bytes")
        let alphabet = Array("0123456789.,-eZT:\nopen_timehglcv\r\u{0}".utf8) + [0xff]
        for _ in 0..<2_000 {
            let start = generator.chance(0.5) ? Array(Self.header.utf8) : []
            let bytes = (0..<generator.below(60)).map { _ in alphabet[Int(generator.below(UInt64(alphabet.count)))] }
            let complaint = complaint(start + bytes)
            #expect(complaint.map { $0.isOneLine && $0.contains("expected") } ?? true)
        }
    }

    @Test func exponentsAndFractionsAreExact() {
        #expect(CandleNumber.decimal("1.5e3") == 1_500)
        #expect(CandleNumber.decimal("-6E-05") == Decimal(strict: "-0.00006"))
        #expect(CandleNumber.decimal("1e+2") == 100)
        for text in ["e5", "1e", "1e5.0", "1e31", "1ee5", "+1", " 1", "1 ", "nan", ".5", "5."] {
            #expect(CandleNumber.decimal(text) == nil, "\(text)")
        }
        #expect(CandleNumber.fractionDigits("1.2300") == 2)
        #expect(CandleNumber.fractionDigits("12") == 0)
        #expect(CandleNumber.fractionDigits("1.5e-05") == 6)
        #expect(CandleNumber.fractionDigits("1.5e5") == 0)
    }
}
