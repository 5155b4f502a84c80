import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

func rules(tick: Decimal = number("0.1"), lot: Decimal = number("0.001")) -> InstrumentRules {
    InstrumentRules(
        symbol: "BTCUSDT", tick: tick, lot: lot, minimumQuantity: number("0.001"), minimumNotional: 5, base: "BTC",
        quote: "USDT")
}

func number(_ text: String) -> Decimal { Decimal(strict: text) ?? .nan }

@Suite struct InstrumentRulesStepsTests {
    @Test(
        arguments: [
            ("0.001", "0.001", 1), ("0.5", "0.001", 500), ("0", "0.001", 0), ("-0.5", "0.25", -2), ("100", "20", 5),
            ("100", "8", nil), ("1000", "8", 125), ("0.0005", "0.001", nil), ("7", "0.07", 100), ("1", "0.3", nil),
            ("0.9", "0.3", 3), ("2", "20", nil), ("5", "25", nil),
            ("12345678901234567890", "10", 1_234_567_890_123_456_789),
        ] as [(String, String, Int128?)])
    func quantitiesCountInLots(quantity: String, lot: String, steps: Int128?) {
        #expect(rules(lot: number(lot)).lotSteps(number(quantity)) == steps)
        #expect(rules(tick: number(lot)).tickSteps(number(quantity)) == steps)
    }

    @Test func nonsenseIsNilAndNeverTraps() {
        for grid in [Decimal.nan, 0, -1, number("-0.001")] {
            #expect(rules(lot: grid).lotSteps(1) == nil)
            #expect(rules(lot: grid).quantity(lotSteps: 1) == nil)
            #expect(rules(tick: grid).tickSteps(1) == nil)
            #expect(rules(tick: grid).price(tickSteps: 1) == nil)
        }
        #expect(rules().lotSteps(.nan) == nil)
        #expect(rules(lot: .leastNonzeroMagnitude).lotSteps(.greatestFiniteMagnitude) == nil)
        #expect(rules(lot: .greatestFiniteMagnitude).lotSteps(.leastNonzeroMagnitude) == nil)
        #expect(rules(lot: .greatestFiniteMagnitude).quantity(lotSteps: .max) == nil)
        #expect(rules(lot: .leastNonzeroMagnitude).quantity(lotSteps: 1) == .leastNonzeroMagnitude)
        #expect(rules(lot: 3).quantity(lotSteps: .min) == nil)
        #expect(rules(lot: 3).quantity(lotSteps: .max) == nil)
    }

    @Test func theLargestCountsAreExact() {
        let most = "99999999999999999999999999999999999999"
        #expect(rules(lot: 1).lotSteps(number(most)) == Int128(most))
        #expect(rules(lot: number("0.1")).lotSteps(number(most)) == nil)
        #expect(rules(lot: 1).quantity(lotSteps: Int128(most) ?? 0) == number(most))
        for count in [Int128.max, .min] {
            let quantity = rules(lot: 1).quantity(lotSteps: count)
            #expect(quantity?.plainText == count.description)
            #expect(quantity.flatMap(rules(lot: 1).lotSteps) == count)
        }
    }

    @Test func stepsAndBackGiveTheSame() throws {
        var random = SeededGenerator(seed: 2, stream: "steps")
        let lots = ["0.001", "1", "10", "0.25", "0.00000001", "3", "0.7", "2.5"].map(number)
        for _ in 0..<2_000 {
            let grid = rules(lot: lots[Int(random.below(UInt64(lots.count)))])
            let steps = Int128(random.next() >> random.below(64)) * (random.chance(0.5) ? 1 : -1)
            let quantity = try #require(grid.quantity(lotSteps: steps))
            #expect(grid.lotSteps(quantity) == steps)
        }
    }

    @Test func agreesWithScaledIntegers() {
        var random = SeededGenerator(seed: 3, stream: "steps")
        for _ in 0..<2_000 {
            let quantity = Int(random.below(2_000)) - 1_000
            let lot = Int(random.below(60)) + 1
            let (places, lotPlaces) = (Int(random.below(4)), Int(random.below(4)))
            let sign: FloatingPointSign = quantity < 0 ? .minus : .plus
            let value = Decimal(sign: sign, exponent: -places, significand: Decimal(quantity.magnitude))
            let step = Decimal(sign: .plus, exponent: -lotPlaces, significand: Decimal(lot))
            // Both in ten-thousandths, as integers.
            let (left, right) = (quantity * power(4 - places), lot * power(4 - lotPlaces))
            let expected = left % right == 0 ? Int128(left / right) : nil
            #expect(rules(lot: step).lotSteps(value) == expected, "\(value) of \(step)")
        }
    }

    private func power(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { value, _ in value * 10 } }
}
