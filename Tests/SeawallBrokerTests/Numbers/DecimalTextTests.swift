import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DecimalTextTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("007", "7"), ("-1.50", "-1.5"), ("0.00000001", "0.00000001"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("0.0000000000000000000000000000000000001", "0.0000000000000000000000000000000000001"),
    ])
    func plainNumbersAreReadAndWrittenExactly(text: String, plain: String) throws {
        #expect(try #require(Decimal(strict: text)).plainText == plain)
    }

    @Test(arguments: [
        "", "-", ".", "-.", ".5", "5.", "1.2.3", "+1", " 1", "1 ", "1\n", "12abc", "abc", "1e5", "1E5", "0x10", "NaN",
        "nan", "inf", "-inf", "--1", "1-", "1_000", "1,5", "٣", "１", "1\u{0}",
        "100000000000000000000000000000000000000", "0.00000000000000000000000000000000000001",
    ])
    func everythingElseIsNone(text: String) {
        #expect(Decimal(strict: text) == nil)
    }

    @Test func theStandardParserIsWhyThereIsAStrictOne() {
        #expect(Decimal(string: "12abc") == 12)
        #expect(Decimal.nan < 5)
        #expect(!Decimal.nan.isPositive)
    }

    @Test func everyTextOfUpTo38DigitsComesBack() throws {
        var random = SeededGenerator(seed: 1, stream: "decimal")
        for _ in 0..<2_000 {
            let count = 1 + Int(random.below(38))
            let point = Int(random.below(UInt64(count)))
            var digits = (0..<count).map { _ in String(random.below(10)) }
            let fraction = digits.suffix(point).joined()
            digits.removeLast(point)
            let whole = digits.joined()
            let text = (random.chance(0.5) ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
            let number = try #require(Decimal(strict: text))
            #expect(number.plainText == canonical(text))
        }
    }

    @Test func exponentsNeverShow() {
        let large = Decimal(sign: .plus, exponent: 100, significand: 3)
        #expect(large.plainText == "3" + String(repeating: "0", count: 100))
        let small = Decimal(sign: .minus, exponent: -100, significand: 3)
        #expect(small.plainText == "-0." + String(repeating: "0", count: 99) + "3")
        #expect(Decimal.nan.plainText == "NaN")
    }

    /// The same number without zeros that say nothing, by text alone.
    private func canonical(_ text: String) -> String {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0].drop { $0 == "0" }
        var fraction = parts.count > 1 ? String(parts[1]) : ""
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if whole.isEmpty && fraction.isEmpty { return "0" }
        let sign = isNegative ? "-" : ""
        return sign + (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
