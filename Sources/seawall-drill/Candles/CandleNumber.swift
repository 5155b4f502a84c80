import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads a number of a candle: strict digits, and behind them perhaps an exponent, as some exporters write small numbers.
enum CandleNumber {
    /// Further exponents are taken for damage: no price or volume needs them, and sums of them would not be exact.
    private static let exponents = -30...30

    /// The number in `text`, such as `20345.0`, `-1` or `6e-05`; nil for NaN, infinity and everything else.
    static func decimal(_ text: String) -> Decimal? {
        guard let (mantissa, exponent) = parts(text), let number = Decimal(strict: mantissa) else { return nil }
        if exponent == 0 { return number }
        return Decimal(sign: .plus, exponent: exponent, significand: number)
    }

    /// How many digits a number in `text` has behind the point, zeros at the end not counted.
    static func fractionDigits(_ text: String) -> Int {
        guard let (mantissa, exponent) = parts(text) else { return 0 }
        let fraction = mantissa.utf8.drop { $0 != 0x2e }.dropFirst()
        let zeros = fraction.reversed().prefix { $0 == 0x30 }.count
        return max(0, fraction.count - zeros - exponent)
    }

    private static func parts(_ text: String) -> (mantissa: String, exponent: Int)? {
        guard let mark = text.utf8.firstIndex(where: { $0 == 0x65 || $0 == 0x45 }) else { return (text, 0) }
        let digits = text[text.utf8.index(after: mark)...]
        // `Int` takes a sign and digits, and nothing else.
        guard let exponent = Int(digits), exponents.contains(exponent) else { return nil }
        return (String(text[..<mark]), exponent)
    }
}
