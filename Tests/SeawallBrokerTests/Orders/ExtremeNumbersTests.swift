import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whatever numbers come, checks answer and never trap.
@Suite struct ExtremeNumbersTests {
    private let extremes: [Decimal] = [
        .nan, 0, 1, -1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
        -.leastNonzeroMagnitude, number("99999999999999999999999999999999999999"),
        number("0.0000000000000000000000000000000000001"), number("3"), number("0.1"),
    ]

    @Test func everyPairOfExtremesIsJudged() {
        var judged = 0
        for lot in extremes {
            for amount in extremes {
                let grid = rules(tick: amount, lot: lot)
                _ = grid.lotSteps(amount)
                _ = grid.tickSteps(lot)
                for steps in [Int128.min, -1, 0, 1, .max] { _ = grid.quantity(lotSteps: steps) }
                let order = OrderRequest(
                    symbol: "BTCUSDT", side: .buy, quantity: .base(amount), type: .stopLimit(trigger: lot, price: lot))
                var least = rules(tick: lot, lot: amount)
                least.minimumNotional = lot
                least.minimumQuantity = amount
                for checked in [grid, least] {
                    guard (try? order.validate(against: checked, profile: .binanceUSDM, now: civilNow)) != nil else {
                        continue
                    }
                    #expect(amount > 0 && lot > 0, "\(amount) at \(lot)")
                    #expect(amount.isInReach && lot.isInReach, "\(amount) at \(lot)")
                }
                judged += 1
            }
        }
        #expect(judged == extremes.count * extremes.count)
    }

    /// Foundation's own product of the smallest numbers ends the process.
    @Test func productsAreExactRoundedOrNil() {
        for first in extremes {
            for second in extremes {
                let product = first.product(with: second)
                if first == 1 { #expect(product == (second.isFinite ? second : nil)) }
                if first.isFinite && second == 0 && first.exponent >= -128 { #expect(product == 0) }
            }
        }
        #expect(number("0.1").product(with: number("0.02")) == number("0.002"))
        #expect(Decimal.leastNonzeroMagnitude.product(with: .leastNonzeroMagnitude) == nil)
        #expect(Decimal.greatestFiniteMagnitude.product(with: .greatestFiniteMagnitude) == nil)
        #expect(Decimal.nan.product(with: 1) == nil)
    }

    @Test func reachIsThirtyEightDigitsEachWay() {
        #expect(number("99999999999999999999999999999999999999").isInReach)
        #expect(number("-0.0000000000000000000000000000000000001").isInReach)
        #expect(!Decimal(sign: .plus, exponent: 38, significand: 1).isInReach)
        #expect(!Decimal(sign: .plus, exponent: -39, significand: 1).isInReach)
        #expect(!Decimal.nan.isInReach)
    }
}
