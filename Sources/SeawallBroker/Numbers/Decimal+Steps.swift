#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Decimal {
    /// How many times `step` this number is, exactly.
    ///
    /// Nil where it is no whole number of steps, where either is NaN, where the step is not above zero, and where the
    /// count leaves `Int128`. Integer arithmetic throughout: `Decimal` division rounds.
    func steps(of step: Decimal) -> Int128? {
        guard isFinite, step.isPositive else { return nil }
        if self == 0 { return 0 }
        guard var count = UInt128(significand.description), var divisor = UInt128(step.significand.description) else {
            return nil
        }
        let common = greatestCommonDivisor(count, divisor)
        count /= common
        divisor /= common
        var shift = exponent - step.exponent
        while shift < 0 {
            guard count % 10 == 0 else { return nil }
            count /= 10
            shift += 1
        }
        while shift > 0 {
            // One factor of ten, less what of it the divisor takes away.
            var factor: UInt128 = 10
            for prime in [2, 5] as [UInt128] where divisor % prime == 0 {
                divisor /= prime
                factor /= prime
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            count = product
            shift -= 1
        }
        guard divisor == 1 else { return nil }
        return isSignMinus ? negated(count) : Int128(exactly: count)
    }

    /// The number that is `count` times `step`, or nil where a `Decimal` cannot hold it exactly.
    static func exactly(_ count: Int128, of step: Decimal) -> Decimal? {
        guard step.isPositive, let factor = Decimal(string: count.description) else { return nil }
        guard let product = factor.product(with: step), product.steps(of: step) == count else { return nil }
        return product
    }
}

private func negated(_ magnitude: UInt128) -> Int128? {
    magnitude == Int128.min.magnitude ? .min : Int128(exactly: magnitude).map { -$0 }
}

private func greatestCommonDivisor(_ first: UInt128, _ second: UInt128) -> UInt128 {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return max(larger, 1)
}
