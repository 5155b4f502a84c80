#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension InstrumentRules {
    /// How many lots the quantity is, exactly.
    ///
    /// Nil where it is off the grid, NaN, or more than `Int128` holds, and where the lot itself makes no sense.
    public func lotSteps(_ quantity: Decimal) -> Int128? { quantity.steps(of: lot) }

    /// The quantity of so many lots; nil where a `Decimal` cannot hold it exactly, or where the lot makes no sense.
    public func quantity(lotSteps: Int128) -> Decimal? { Decimal.exactly(lotSteps, of: lot) }

    /// How many ticks the price is, exactly.
    ///
    /// Nil where it is off the grid, NaN, or more than `Int128` holds, and where the tick itself makes no sense.
    public func tickSteps(_ price: Decimal) -> Int128? { price.steps(of: tick) }

    /// The price of so many ticks; nil where a `Decimal` cannot hold it exactly, or where the tick makes no sense.
    public func price(tickSteps: Int128) -> Decimal? { Decimal.exactly(tickSteps, of: tick) }
}
