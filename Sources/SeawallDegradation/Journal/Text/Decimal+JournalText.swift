internal import SeawallBroker

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Decimal {
    /// A text that `init(journalText:)` reads back exactly: plain digits where those do, else digits and an exponent.
    var journalText: String {
        let plain = plainText
        if plain == "NaN" || Decimal(strict: plain) == self { return plain }
        return "\(isSignMinus ? "-" : "")\(significand)e\(exponent)"
    }

    /// Reads what `journalText` writes; nil for anything else.
    init?(journalText text: String) {
        if text == "NaN" {
            self = .nan
            return
        }
        if let plain = Decimal(strict: text) {
            self = plain
            return
        }
        let parts = text.split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count == 2, let exponent = Int(parts[1]), (-128...127).contains(exponent) else { return nil }
        let isNegative = parts[0].hasPrefix("-")
        guard let significand = Decimal(strict: String(isNegative ? parts[0].dropFirst() : parts[0])),
            significand.exponent >= 0 || significand.isZero, (exponent + significand.exponent) <= 127
        else { return nil }
        self = Decimal(sign: isNegative ? .minus : .plus, exponent: exponent, significand: significand)
    }
}
