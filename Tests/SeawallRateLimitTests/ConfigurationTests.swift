import SeawallTime
import Testing

@testable import SeawallRateLimit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ConfigurationTests {
    @Test func oneErrorListsEveryBadField() throws {
        let configuration = RateLimiterConfiguration(
            lanes: ["high", "high", "", "low"],
            buckets: [
                BucketConfiguration(
                    name: "", limit: 0, window: .zero, marginPerMille: 1_001, burst: 0,
                    reserves: ["nowhere": 1, "low": 2, "high": -1]),
                BucketConfiguration(name: "a", limit: 10, burst: 9, reserves: ["nowhere": 1, "low": 2, "high": -1]),
                BucketConfiguration(name: "a", limit: 10, reserves: ["high": .max, "": .max]),
            ],
            maximumWaiters: -1)
        let error = #expect(throws: RateLimitError.self) { try configuration.validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(
            error?.details == [
                "lanes[1] is high again, expected each once",
                "lanes[2] is empty, expected a name",
                "buckets[0].name is empty, expected a name",
                "buckets[0].limit is 0, expected 1 to 10^15",
                "buckets[0].window is 0.0 seconds, expected 1 ns to 366 days",
                "buckets[0].marginPerMille is 1001, expected 1 to 1000",
                "buckets[1].burst is 9, expected 1 to 8 (limit × marginPerMille / 1000)",
                "buckets[1].reserves[high] is -1, expected 0 or more",
                "buckets[1].reserves[low] is 2, expected 0 for the lowest lane",
                "buckets[1].reserves[nowhere] names a lane that is not in lanes",
                "buckets[2].reserves add up to 9223372036854775807, expected at most 7 (burst less 1)",
                "buckets[2].name is \"a\" again, expected each once",
                "maximumWaiters is -1, expected 0 to 1000000",
            ])
    }

    @Test func noLaneIsRefused() {
        let error = #expect(throws: RateLimitError.self) {
            try RateLimiter(configuration: RateLimiterConfiguration(lanes: [], buckets: []))
        }
        #expect(error?.description == "rate limit: invalidConfiguration: lanes is empty, expected at least one")
    }

    @Test func theCapacityIsTheLimitLessItsMargin() {
        #expect(BucketConfiguration(name: "a", limit: 2_400).capacity == 1_920)
        #expect(BucketConfiguration(name: "a", limit: 1).capacity == 1)
        #expect(BucketConfiguration(name: "a", limit: 9).capacity == 7)
        #expect(BucketConfiguration(name: "a", limit: .max, marginPerMille: .max).capacity == .max)
        #expect(BucketConfiguration(name: "a", limit: .min, marginPerMille: .max).capacity == 1)
    }

    @Test func everyExtremeOfTheRangesMakesALimiterThatWorks() throws {
        let windows = [BucketConfiguration.windows.lowerBound, BucketConfiguration.windows.upperBound]
        let limits = [BucketConfiguration.limits.lowerBound, BucketConfiguration.limits.upperBound]
        for window in windows {
            for limit in limits {
                for margin in [1, 1_000] {
                    let bucket = BucketConfiguration(
                        name: "a", limit: limit, window: window, marginPerMille: margin, burst: 1)
                    var core = try RateLimiterCore(RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
                    #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: .distantFuture).grant != nil)
                    core = try RateLimiterCore(RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
                    #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: .origin).grant != nil)
                    let until = core.tryAcquire(["a": 1], lane: "only", scopes: [], now: .origin).refusal?.until
                    #expect(until.map { $0 > .origin } ?? false)
                }
            }
        }
    }

    @Test func readsWhatItWritesWithTheWindowInSeconds() throws {
        let json = try JSONEncoder().encode(RateLimiterConfiguration.example)
        #expect(try JSONDecoder().decode(RateLimiterConfiguration.self, from: json) == .example)
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains("\"window\":10"))
        #expect(text.contains("\"reserves\":{\"high\":2}"))
    }

    @Test func whatIsMissingHasItsDefault() throws {
        let json = Data(#"{"lanes":["a"],"buckets":[{"name":"weight","window":0.1}]}"#.utf8)
        let read = try JSONDecoder().decode(RateLimiterConfiguration.self, from: json)
        let expected = BucketConfiguration(name: "weight", window: .milliseconds(100))
        #expect(read == RateLimiterConfiguration(lanes: ["a"], buckets: [expected]))
    }

    @Test func aWindowOutOfReachIsRefused() {
        let json = Data(#"{"name":"weight","window":1e300}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(BucketConfiguration.self, from: json) }
    }
}
