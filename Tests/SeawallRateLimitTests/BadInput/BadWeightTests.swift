import SeawallTime
import Testing

@testable import SeawallRateLimit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Weights, limits and windows that make no sense.
@Suite struct BadWeightTests {
    private static let negative = [-1, -1_000_000, Int.min]

    private func core() throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(name: "a", limit: 10, marginPerMille: 1_000),
                    BucketConfiguration(name: "b", limit: 10, marginPerMille: 1_000),
                ]))
    }

    @Test(arguments: negative)
    func aNegativeWeightIsRefusedByEveryWayToAskAndTakesNothing(weight: Int) throws {
        let limiter = try RateLimiter(configuration: .example)
        let charge: Charge = ["weight": 2, "orders": weight]
        #expect(limiter.tryAcquire(charge, lane: "high").refusal?.code == .invalidWeight)
        #expect(limiter.tryAcquire(charge, lane: "high").refusal?.subject == "orders")
        #expect(limiter.waitTime(for: charge, lane: "high") == nil)
        let atTheDoor = #expect(throws: RateLimitError.self) { try limiter.reserve(charge, lane: "high") }
        let prepared = #expect(throws: RateLimitError.self) { try limiter.prepare(charge, lane: "high") }
        for error in [atTheDoor, prepared] {
            #expect(error?.code == .invalidWeight)
            #expect(error?.subject == "orders")
        }
        #expect(limiter.status.buckets.map(\.used) == [0, 0])
    }

    @Test(arguments: negative)
    func aNegativeWeightIsRefusedBeforeItWaits(weight: Int) async throws {
        let limiter = try RateLimiter(configuration: .example)
        let error = await #expect(throws: RateLimitError.self) {
            try await limiter.acquire(["weight": weight], lane: "high")
        }
        #expect(error?.code == .invalidWeight)
        #expect(limiter.status.waiting == 0)
    }

    @Test func aNegativeAmountToBeLeftIsRefusedAndOneBeyondReachNeverFits() throws {
        var core = try core()
        func code(_ leaving: Int) -> RateLimitError.Code? {
            let charge = Charge(weights: ["a": 1], key: "", leaving: ["a": leaving])
            return core.tryAcquire(charge, lane: "high", scopes: [], now: .origin).refusal?.code
        }
        for leaving in Self.negative { #expect(code(leaving) == .invalidWeight) }
        for leaving in [10, .max] { #expect(code(leaving) == .cannotBeLeft) }
        #expect(code(9) == nil)
        #expect(core.status(now: .origin).buckets.map(\.used) == [1, 0])
    }

    @Test func aWeightOfZeroTakesNothingAndASumDoesNotOverflow() throws {
        var core = try core()
        for _ in 0..<100 {
            #expect(core.tryAcquire(["a": 0, "b": 0], lane: "low", scopes: [], now: .origin).grant != nil)
        }
        #expect(core.status(now: .origin).buckets.map(\.used) == [0, 0])
        let twice = Charge(dictionaryLiteral: ("a", .max), ("a", .max))
        #expect(twice.weights == ["a": .max])
        #expect(core.tryAcquire(twice, lane: "low", scopes: [], now: .origin).refusal?.code == .weightOverBurst)
        let cancelled = Charge(dictionaryLiteral: ("a", .max), ("a", .min))
        #expect(core.tryAcquire(cancelled, lane: "low", scopes: [], now: .origin).refusal?.code == .invalidWeight)
    }

    /// What a limit, a margin, a burst, a window or an offset cannot be, and what is said of it.
    @Test(arguments: [Int.min, -1, 0, 1_000_000_000_000_001, .max])
    func aLimitOutOfRangeMakesNoLimiter(number: Int) {
        let bad: [(BucketConfiguration, String)] = [
            (BucketConfiguration(name: "a", limit: number), "buckets[0].limit is \(number), expected 1 to 10^15"),
            (
                BucketConfiguration(name: "a", marginPerMille: number),
                "buckets[0].marginPerMille is \(number), expected 1 to 1000"
            ),
            (
                BucketConfiguration(name: "a", burst: number),
                "buckets[0].burst is \(number), expected 1 to 80 (limit × marginPerMille / 1000)"
            ),
        ]
        for (bucket, expected) in bad {
            let error = #expect(throws: RateLimitError.self) {
                try RateLimiter(configuration: RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
            }
            #expect(error?.details == [expected])
        }
    }

    @Test(arguments: [
        Duration.zero, .nanoseconds(-1), .seconds(Int64.min), .seconds(Int64.max), .seconds(366 * 86_400 + 1),
    ])
    func aWindowOfNothingOrLessOrOfYearsMakesNoLimiter(window: Duration) {
        for shape in BucketConfiguration.Shape.allCases {
            let bucket = BucketConfiguration(name: "a", window: window, shape: shape)
            let error = #expect(throws: RateLimitError.self) {
                try RateLimiter(configuration: RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
            }
            #expect(error?.details == ["buckets[0].window is \(window), expected 1 ns to 366 days"])
        }
    }

    /// Texts of JSON in which a number is none, or too large, or no whole one.
    @Test(arguments: [
        "NaN", "1e400", "-1e400", "1.5", "\"10\"", "null", "9223372036854775808", "[]", "true", "Infinity",
    ])
    func aNumberThatIsNoneIsAnErrorOfDecoding(number: String) throws {
        for field in ["limit", "marginPerMille", "burst"] {
            // Nothing is the same as no field, and has the default.
            if number == "null" { continue }
            #expect(throws: DecodingError.self, "\(field)") {
                try JSONDecoder().decode(
                    BucketConfiguration.self, from: Data("{\"name\":\"a\",\"\(field)\":\(number)}".utf8))
            }
        }
        for field in ["maximumWaiters", "maximumKeys"] where number != "null" {
            #expect(throws: DecodingError.self, "\(field)") {
                try JSONDecoder().decode(
                    RateLimiterConfiguration.self, from: Data("{\"lanes\":[\"a\"],\"\(field)\":\(number)}".utf8))
            }
        }
    }

    @Test(arguments: ["NaN", "1e400", "1e300", "\"10\"", "-1e30"])
    func aWindowThatIsNoNumberOfSecondsIsAnErrorOfDecoding(number: String) {
        for field in ["window", "offset"] {
            #expect(throws: DecodingError.self, "\(field)") {
                try JSONDecoder().decode(
                    BucketConfiguration.self, from: Data("{\"name\":\"a\",\"\(field)\":\(number)}".utf8))
            }
        }
    }

    /// A name that nobody reads is a name that is misspelt.
    @Test func aFieldOfAnotherNameIsRefusedWithTheNamesThatThereAre() {
        func message(_ type: (some Decodable).Type, _ text: String) -> String {
            do {
                _ = try JSONDecoder().decode(type, from: Data(text.utf8))
                return ""
            } catch DecodingError.dataCorrupted(let context) {
                return context.debugDescription
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message(BucketConfiguration.self, #"{"name":"a","limt":5,"Window":3}"#)
                == "no \"Window\", \"limt\", but name, scope, limit, window, marginPerMille, burst, reserves, shape, "
                + "isPerKey, offset, isReleasable, sharePerMille")
        #expect(
            message(RateLimiterConfiguration.self, #"{"lanes":["a"],"maxWaiters":5}"#)
                .hasPrefix("no \"maxWaiters\", but lanes, buckets, maximumWaiters, maximumKeys"))
        #expect(message(RateLimiterConfiguration.self, #"{"lanes":["a"],"buckets":[{"name":"a","x":1}]}"#) != "")
    }
}
