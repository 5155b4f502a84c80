#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

// One step for all symbols: no venue counts finer, and a book needs no rules of instruments before it can count.
extension Decimal {
    /// How many decimal places a step has: a step is 10^-18 of a unit.
    private static let stepPlaces = 18

    /// The number in whole steps of 10^-18, or nil where it is NaN, finer than a step, or beyond about 1.7 * 10^20.
    package var steps: Int128? {
        guard isFinite else { return nil }
        var magnitude: Int128 = 0
        var places: Int?
        var isNegative = false
        for byte in description.utf8 {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): places = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard Decimal.append(byte - UInt8(ascii: "0"), to: &magnitude, places: &places) else { return nil }
            default: return nil
            }
        }
        for _ in (places ?? 0)..<max(places ?? 0, Decimal.stepPlaces) {
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = scaled
        }
        return isNegative ? -magnitude : magnitude
    }

    private static func append(_ digit: UInt8, to magnitude: inout Int128, places: inout Int?) -> Bool {
        if let seen = places {
            // Zeros beyond the last place say nothing.
            guard seen < stepPlaces else { return digit == 0 }
            places = seen + 1
        }
        let (scaled, scaleOverflow) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = scaled.addingReportingOverflow(Int128(digit))
        guard !scaleOverflow, !sumOverflow else { return false }
        magnitude = sum
        return true
    }

    /// The number that so many steps of 10^-18 make, exactly.
    package init(steps: Int128) {
        var magnitude = steps.magnitude
        var exponent = -Decimal.stepPlaces
        guard magnitude != 0 else {
            self = 0
            return
        }
        while exponent < 0, magnitude.isMultiple(of: 10) {
            magnitude /= 10
            exponent += 1
        }
        let (rest, low) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        let (high, middle) = rest.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        let base = Decimal(sign: .plus, exponent: 18, significand: 1)
        let significand = (Decimal(UInt64(high)) * base + Decimal(UInt64(middle))) * base + Decimal(UInt64(low))
        self = Decimal(sign: steps < 0 ? .minus : .plus, exponent: exponent, significand: significand)
    }
}
