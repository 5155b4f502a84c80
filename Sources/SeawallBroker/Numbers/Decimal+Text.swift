#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Decimal {
    /// Reads a number as venues write it: digits, perhaps a point and more digits, perhaps a minus in front.
    ///
    /// Nil for everything else: an exponent, a plus, NaN, infinity, a point without digits on both sides, spaces, any
    /// text after the number, and more than 38 digits, which a `Decimal` would round. `Decimal(string:)` takes "12abc"
    /// for 12.
    public init?(strict text: String) {
        guard text.isStrictDecimal, let number = Decimal(string: text), number.isFinite else { return nil }
        self = number
    }

    /// The exact number in digits, without an exponent, as `init(strict:)` reads it; "NaN" where it is none.
    public var plainText: String { isFinite ? description : "NaN" }

    /// True for a number above zero; false for NaN, which compares as less than 5.
    package var isPositive: Bool { isFinite && self > 0 }

    /// True for a number below 10^38 with at most 38 digits behind the point, whatever its sign.
    ///
    /// Products of three such numbers stay in range: Foundation traps where an exponent falls below -128.
    package var isInReach: Bool {
        isFinite && exponent >= -38 && magnitude < Decimal(sign: .plus, exponent: 38, significand: 1)
    }

    /// The product, rounded to 38 digits, or nil where it is out of range or either factor is NaN; never traps.
    package func product(with other: Decimal) -> Decimal? {
        guard isFinite, other.isFinite, exponent + other.exponent >= -128 else { return nil }
        let product = self * other
        return product.isFinite ? product : nil
    }
}

extension String {
    fileprivate var isStrictDecimal: Bool {
        var digits = 0
        var fraction: Int?
        for (index, byte) in utf8.enumerated() {
            switch byte {
            case 0x30...0x39:
                digits += 1
                if let count = fraction { fraction = count + 1 }
            case 0x2d where index == 0: continue
            case 0x2e where fraction == nil && digits > 0: fraction = 0
            default: return false
            }
        }
        return (1...38).contains(digits) && fraction != 0
    }
}
