internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A step of prices, quantities or money as `mantissa * 10^exponent`, and the exact way between numbers and steps.
struct DecimalSteps: Hashable, Sendable {
    /// What a number is in steps.
    enum Count: Hashable {
        /// Exactly so many.
        case exact(Int128)
        /// More than so many and less than one more (towards zero).
        case between(Int128)
    }

    let mantissa: Int128
    let exponent: Int

    /// Makes a step from a number above zero; nil where it is not above zero, not finite, or too long.
    init?(_ step: Decimal) {
        guard let parts = DecimalSteps.parts(of: step), parts.mantissa > 0 else { return nil }
        mantissa = parts.mantissa
        exponent = parts.exponent
    }

    /// Makes the step `10^exponent`.
    init(exponent: Int) {
        mantissa = 1
        self.exponent = exponent
    }

    /// How many steps a number is; nil where it is not finite or does not fit.
    func count(_ number: Decimal) -> Count? {
        guard let parts = DecimalSteps.parts(of: number) else { return nil }
        let shift = parts.exponent - exponent
        if shift >= 0 {
            guard let scaled = DecimalSteps.scaled(parts.mantissa, by: shift) else { return nil }
            let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: mantissa)
            return remainder == 0 ? .exact(quotient) : .between(quotient)
        }
        guard let divisor = DecimalSteps.scaled(mantissa, by: -shift) else {
            return parts.mantissa == 0 ? .exact(0) : .between(0)
        }
        let (quotient, remainder) = parts.mantissa.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? .exact(quotient) : .between(quotient)
    }

    /// How many whole steps a number is, or nil where it is no whole number of steps.
    func exactly(_ number: Decimal) -> Int128? {
        guard case .exact(let steps)? = count(number) else { return nil }
        return steps
    }

    /// How many whole steps fit into a number, towards zero.
    func truncating(_ number: Decimal) -> Int128? {
        switch count(number) {
        case .exact(let steps), .between(let steps): steps
        case nil: nil
        }
    }

    /// How many steps the product of two steps is, or nil where it is no whole number of them or does not fit.
    ///
    /// In integers, for a product of two tiny decimals ends the process.
    func count(_ first: DecimalSteps, times second: DecimalSteps) -> Int128? {
        let (product, overflow) = first.mantissa.multipliedReportingOverflow(by: second.mantissa)
        let shift = first.exponent + second.exponent - exponent
        guard !overflow, mantissa == 1 else { return nil }
        if shift >= 0 { return DecimalSteps.scaled(product, by: shift) }
        guard let divisor = DecimalSteps.scaled(1, by: -shift), product % divisor == 0 else { return nil }
        return product / divisor
    }

    /// The number that so many steps are, without trailing zeros.
    func value(_ steps: some BinaryInteger) -> Decimal {
        var digits = Int128(steps).multipliedSaturating(by: mantissa)
        if digits == 0 { return 0 }
        var exponent = exponent
        while exponent < 0, digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        let sign: FloatingPointSign = digits < 0 ? .minus : .plus
        let magnitude = digits.magnitude
        if let small = Int64(exactly: magnitude) {
            return Decimal(sign: sign, exponent: exponent, significand: Decimal(small))
        }
        let (high, low) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        let billions = Decimal(sign: .plus, exponent: 18, significand: Decimal(UInt64(clamping: high)))
        return Decimal(sign: sign, exponent: exponent, significand: billions + Decimal(UInt64(clamping: low)))
    }

    private static func scaled(_ number: Int128, by power: Int) -> Int128? {
        if number == 0 { return 0 }
        guard power <= 38 else { return nil }
        var result = number
        for _ in 0..<power {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return result
    }

    /// A number as integer digits and a power of ten; nil for NaN and for more digits than fit.
    private static func parts(of number: Decimal) -> (mantissa: Int128, exponent: Int)? {
        guard number.isFinite else { return nil }
        var mantissa: Int128 = 0
        var exponent = 0
        var isNegative = false
        var isFraction = false
        // The text is exact and the one way to a decimal's digits that every Foundation has.
        for byte in number.description.utf8 {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
                if overflow || carry { return nil }
                mantissa = sum
                if isFraction { exponent -= 1 }
            default: return nil
            }
        }
        return (isNegative ? -mantissa : mantissa, exponent)
    }
}
