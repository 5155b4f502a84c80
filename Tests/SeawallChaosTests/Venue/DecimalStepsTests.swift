import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DecimalStepsTests {
    @Test(arguments: [
        ("0.01", "100", 10_000 as Int128?), ("0.01", "0.005", nil), ("0.5", "1.5", 3), ("0.25", "-1", -4),
        ("1000", "5000", 5), ("1000", "5500", nil), ("0.00000001", "1", 100_000_000), ("3", "0", 0),
    ])
    func exactCounts(step: String, value: String, expected: Int128?) throws {
        let steps = try #require(DecimalSteps(number(step)))
        #expect(steps.exactly(try number(value)) == expected)
        if let expected { #expect(steps.value(expected) == (try number(value))) }
    }

    @Test func numbersAreWrittenWithoutTrailingZeros() throws {
        let steps = try #require(DecimalSteps(number("0.001")))
        #expect("\(steps.value(1_500 as Int64))" == "1.5")
        #expect("\(steps.value(-2_000 as Int64))" == "-2")
        #expect("\(steps.value(0 as Int64))" == "0")
        #expect("\(SimulatedMarket.money.value(Int128(100_000) * 10_000_000_000_000_000))" == "100000")
        #expect(
            "\(SimulatedMarket.money.value(Int128(123_456_789_012) * 10_000_000_000_000_000 + 1))"
                == "123456789012.0000000000000001")
    }

    @Test func whatCannotBeAStepOrDoesNotFitIsRefused() throws {
        #expect(DecimalSteps(0) == nil)
        #expect(DecimalSteps(-1) == nil)
        #expect(DecimalSteps(.nan) == nil)
        let steps = try #require(DecimalSteps(number("0.01")))
        #expect(steps.count(.nan) == nil)
        #expect(steps.count(try number("1e100")) == nil)
        #expect(steps.count(try number("1e-100")) == .between(0))
        #expect(steps.truncating(try number("1.239")) == 123)
        #expect(steps.truncating(try number("-1.239")) == -123)
    }
}
