import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Headers that lie, go back, overflow, or are not numbers: none mints a token, none blocks for longer than a window.
@Suite struct LyingHeaderTests {
    private static let rules = [
        UsageHeader(name: "Used", bucket: "a"),
        UsageHeader(name: "Remaining", bucket: "a", meaning: .remaining),
        UsageHeader(name: "Reset", bucket: "a", meaning: .reset),
        UsageHeader(name: "RateLimit", bucket: "a", meaning: .combined),
    ]

    private func limiter(holding: Bool = false) throws -> (RateLimiter, ManualTime) {
        let time = ManualTime()
        let limiter = try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [BucketConfiguration(name: "a", limit: 100, marginPerMille: 1_000)],
                holdsUntilSettled: holding),
            environment: RuntimeEnvironment(time: time))
        return (limiter, time)
    }

    @Test(arguments: [true, false])
    func aCountThatGoesBackLowersNothingOfOurs(isHolding: Bool) throws {
        let (limiter, time) = try limiter(holding: isHolding)
        let grant = try #require(limiter.tryAcquire(["a": 40], lane: "only").grant)
        for used in ["90", "50", "3", "0"] {
            limiter.learn(headers: ["Used": used], by: Self.rules, answering: grant)
            #expect(limiter.status.buckets[0].used >= 40)
        }
        limiter.settle(grant)
        // By itself a lower number does not take the place of a higher one.
        limiter.learn(headers: ["Used": "80"], by: Self.rules)
        limiter.learn(headers: ["Used": "1"], by: Self.rules)
        #expect(limiter.status.buckets[0].used >= 80)
        time.advance(by: .seconds(60))
        #expect(limiter.status.buckets[0].used == 0)
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775806", "1000000000000001"])
    func aCountAtTheEndOfTheNumbersBlocksForAWindowAndNoLonger(number: String) throws {
        let (limiter, time) = try limiter()
        for _ in 0..<50 {
            let grant = limiter.tryAcquire(["a": 1], lane: "only").grant
            limiter.learn(headers: ["Used": number, "Remaining": number], by: Self.rules, answering: grant)
        }
        #expect(limiter.tryAcquire(["a": 1], lane: "only").grant == nil)
        time.advance(by: .seconds(60))
        #expect(limiter.tryAcquire(["a": 100], lane: "only").grant != nil)
    }

    @Test(arguments: ["9223372036854775808", "-0", "1_000", "٤٢", "0b1", "1\u{0}", "५", "NaN", "1e3", "  ", "﹣1"])
    func whatIsNoNumberChangesNothing(text: String) throws {
        let (limiter, _) = try limiter()
        limiter.learn(
            headers: ["Used": text, "Remaining": text, "RateLimit": "r=\(text);t=\(text)", "Reset": text],
            by: Self.rules)
        #expect(limiter.status.buckets[0].used == 0)
        #expect(limiter.tryAcquire(["a": 100], lane: "only").grant != nil)
    }

    /// A reset that has passed, is years away, or is no date ends the server's word, never ours.
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1), ("Sun, 06 Nov 1994 08:49:37 GMT", 1), ("0", 1), ("-5", 60),
        ("Fri, 31 Dec 2200 23:59:59 GMT", 60), ("999999999", 60), ("99999999999999999999", 60), ("tomorrow", 60),
        ("Mon, 32 Jan 2024 00:00:00 GMT", 60), ("1e9", 60),
    ])
    func aResetEndsTheServersWordAlone(reset: String, seconds: Int) throws {
        let (limiter, time) = try limiter()
        #expect(limiter.tryAcquire(["a": 60], lane: "only").grant != nil)
        limiter.learn(headers: ["Remaining": "0", "Reset": reset], by: Self.rules)
        let until = limiter.tryAcquire(["a": 40], lane: "only").refusal?.until
        #expect(until == time.now.advanced(by: .seconds(seconds)), "\(reset)")
        // What is ours stays for its own window.
        time.advance(by: .seconds(1))
        #expect(limiter.status.buckets[0].used >= 60)
        #expect(limiter.tryAcquire(["a": 41], lane: "only").grant == nil)
    }

    @Test func aHeaderOfMegabytesIsReadAndForgotten() throws {
        let (limiter, _) = try limiter()
        let long = String(repeating: "r=1;t=", count: 100_000)
        limiter.learn(
            headers: ["RateLimit": long, "Used": String(repeating: "9", count: 100_000)], by: Self.rules)
        #expect(limiter.status.buckets[0].used <= 100)
    }

    @Test func headersOfManyLettersAndCasesAreOneEach() throws {
        let (limiter, _) = try limiter()
        limiter.learn(headers: ["used": "10", "USED": "20", "Used": "x"], by: Self.rules)
        #expect(limiter.status.buckets[0].used == 20)
    }
}
