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
