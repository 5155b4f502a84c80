import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension InstrumentRules {
    /// The most digits behind the point that a drill's tick has.
    static let mostTickDigits = 10

    /// What the drill's venue asks of orders for a symbol, from what is known of its prices.
    ///
    /// - Parameters:
    ///   - price: A price of the symbol: a lot is the power of ten that is worth 5 to 50 at it.
    ///   - lowest: The lowest price: it has a thousand ticks at least, if ten digits allow.
    ///   - highest: The highest price: it leaves room to the venue's 10^12 ticks, whatever the other two ask.
    ///   - digits: How many digits behind the point prices have.
    static func drill(
        symbol: String, price: Decimal, lowest: Decimal, highest: Decimal, digits: Int
    ) -> InstrumentRules {
        var tickDigits = min(max(0, digits), mostTickDigits)
        while tickDigits < mostTickDigits, lowest < powerOfTen(3 - tickDigits) { tickDigits += 1 }
        while tickDigits > 0, highest > powerOfTen(9 - tickDigits) { tickDigits -= 1 }
        // The venue counts money in 10^-16 of the quote currency, so tick times lot must be no finer, and at most 1.
        var lotExponent = tickDigits - 16
        while lotExponent < tickDigits, price * powerOfTen(lotExponent) < 5 { lotExponent += 1 }
        let lot = powerOfTen(lotExponent)
        let (base, quote) = SymbolName.assets(symbol)
        return InstrumentRules(
            symbol: Symbol(symbol), tick: powerOfTen(-tickDigits), lot: lot, minimumQuantity: lot,
            minimumNotional: 5, base: base, quote: quote)
    }

    static func powerOfTen(_ exponent: Int) -> Decimal {
        Decimal(sign: .plus, exponent: exponent, significand: 1)
    }
}
