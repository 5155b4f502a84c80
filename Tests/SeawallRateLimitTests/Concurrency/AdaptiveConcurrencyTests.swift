import SeawallRateLimit
import SeawallTestSupport
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AdaptiveConcurrencyTests {
    @Test func readsWhatItWritesWithTheIntervalInSeconds() throws {
        let configuration = AdaptiveConcurrency(
            initial: 7, minimum: 2, maximum: 90, probeLimit: 4, samples: 11, tolerancePerMille: 333,
            smoothingPerMille: 200, cutPerMille: 500, probeInterval: .milliseconds(12_500))
        let json = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(AdaptiveConcurrency.self, from: json) == configuration)
        #expect(String(decoding: json, as: UTF8.self).contains("\"probeInterval\":12.5"))
    }

    @Test func whatIsMissingHasItsDefault() throws {
        let read = try JSONDecoder().decode(AdaptiveConcurrency.self, from: Data(#"{"maximum":40}"#.utf8))
        #expect(read == AdaptiveConcurrency(maximum: 40))
        try read.validate()
    }

    @Test func whatIsNoFieldOrNoDurationIsRefused() {
        for json in [#"{"maximun":40}"#, #"{"probeInterval":1e300}"#, #"{"initial":"20"}"#, #"{"samples":1e30}"#] {
            #expect(throws: DecodingError.self, "\(json)") {
                try JSONDecoder().decode(AdaptiveConcurrency.self, from: Data(json.utf8))
            }
        }
    }

    /// Any text that decodes makes a limiter or one error, and never traps.
    @Test func mutatedTextNeverTraps() throws {
        let good = [
            String(decoding: try JSONEncoder().encode(AdaptiveConcurrency()), as: UTF8.self),
            #"{"initial":3,"minimum":1,"maximum":5,"probeLimit":1,"probeInterval":1.5}"#,
        ]
        var texts = MutatedText(good, seed: 5)
        var made = 0
        for _ in 0..<3_000 {
            let data = Data(texts.next())
            guard let read = try? JSONDecoder().decode(AdaptiveConcurrency.self, from: data) else { continue }
            guard let limiter = try? ConcurrencyLimiter(adaptive: read) else { continue }
            made += 1
            limiter.tryAcquirePermit()?.finish(.succeeded)
            #expect((read.minimum...read.maximum).contains(limiter.limit))
        }
        #expect(made > 50)
    }

    @Test func aFloorAboveTheCeilingIsNamedOnce() {
        let bad = #expect(throws: RateLimitError.self) { try AdaptiveConcurrency(minimum: 5, maximum: 4).validate() }
        #expect(bad?.details == ["maximum is 4, expected 5 (minimum) or more"])
        let ends = #expect(throws: RateLimitError.self) {
            try AdaptiveConcurrency(minimum: .min, maximum: .max).validate()
        }
        #expect(
            ends?.details == [
                "minimum is -9223372036854775808, expected 1 to 1000000",
                "maximum is 9223372036854775807, expected 1 to 1000000",
            ])
    }
}
