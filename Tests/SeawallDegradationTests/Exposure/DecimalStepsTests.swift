import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DecimalStepsTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 1_000_000_000_000_000_000), ("-0.5", -500_000_000_000_000_000), ("0.000000000000000001", 1),
            ("-0.000000000000000001", -1), ("12.340", 12_340_000_000_000_000_000),
        ] as [(String, Int128)])
    func aNumberIsCountedExactly(text: String, steps: Int128) {
        #expect(Decimal(string: text)?.steps == steps)
    }

    @Test(arguments: ["NaN", "0.0000000000000000001", "200000000000000000000", "-200000000000000000000", "1e60"])
    func whatCannotBeCountedExactlyIsNotCounted(text: String) {
        let number = text == "NaN" ? Decimal.nan : Decimal(string: text)
        #expect(number != nil)
        #expect(number?.steps == nil)
    }

    @Test func everyCountReadsBack() {
        var random = SeededGenerator(seed: 1, stream: "steps")
        for _ in 0..<2_000 {
            let high = Int128(random.next() >> UInt64(1 + random.below(62)))
            let steps = (high << Int128(random.below(64))) * (random.chance(0.5) ? 1 : -1)
            #expect(Decimal(steps: steps).steps == steps)
        }
        for steps in [Int128.max, -Int128.max, 0, 1, -1, 1_000_000_000_000_000_000] {
            #expect(Decimal(steps: steps).steps == steps)
        }
        #expect(Decimal(steps: 10_000_000_000_000_000_000).description == "10")
        #expect(Decimal(steps: -1_500_000_000_000_000_000).description == "-1.5")
    }
}
