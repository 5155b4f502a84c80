import SeawallTime
import Testing

@testable import SeawallRateLimit

/// The server's own count, in the words of its headers.
@Suite struct UsageHeaderTests {
    private static let rules = [
        UsageHeader(name: "X-MBX-USED-WEIGHT-1M", bucket: "weight"),
        UsageHeader(name: "RateLimit-Remaining", bucket: "calls", meaning: .remaining),
        UsageHeader(name: "RateLimit-Reset", bucket: "calls", meaning: .reset),
        UsageHeader(name: "RateLimit", bucket: "calls", meaning: .combined),
        UsageHeader(name: "X-Other", bucket: "nowhere"),
    ]

    private static func limiter() throws -> (RateLimiter, ManualTime) {
        let time = ManualTime()
        let limiter = try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [
                    BucketConfiguration(name: "weight", limit: 100, marginPerMille: 1_000),
                    BucketConfiguration(name: "calls", limit: 100, marginPerMille: 1_000),
                ]),
            environment: RuntimeEnvironment(time: time))
        return (limiter, time)
    }

    private func used(_ headers: [String: String]) throws -> [Int] {
        let (limiter, _) = try Self.limiter()
        limiter.learn(headers: headers, by: Self.rules)
        return limiter.status.buckets.map(\.used)
    }

    @Test func everyFormSaysWhatIsUsed() throws {
        #expect(try used(["x-mbx-used-weight-1m": " 42 "]) == [42, 0])
        #expect(try used(["RATELIMIT-REMAINING": "30"]) == [0, 70])
        #expect(try used(["RateLimit": "limit=100, remaining=20, reset=7"]) == [0, 80])
        #expect(try used(["RateLimit": "\"default\";r=10;t=7"]) == [0, 90])
        #expect(try used(["RateLimit": "\"default\";r=10;t=7, \"daily\";r=3;t=9"]) == [0, 90])
        // What is left counts, though the server's limit is another.
        #expect(try used(["RateLimit": "limit=50, remaining=50, reset=7"]) == [0, 50])
        #expect(try used(["RateLimit-Remaining": "500"]) == [0, 0])
        // Of two the worse.
        #expect(try used(["RateLimit-Remaining": "30", "RateLimit": "remaining=20"]) == [0, 80])
        #expect(try used(["X-Mbx-Used-Weight-1m": "3", "X-MBX-USED-WEIGHT-1M": "5"]) == [5, 0])
        #expect(try used(["X-Other": "50"]) == [0, 0])
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "1e9", "NaN", "inf", "99999999999999999999", "0x10", "12abc", "1,2", "٣",
        "r=;t=", "=;=,=", "remaining=-5", "remaining=", ";;;", ",",
    ])
    func whatIsNoNumberSaysNothing(text: String) throws {
        for name in ["X-MBX-USED-WEIGHT-1M", "RateLimit-Remaining", "RateLimit", "RateLimit-Reset"] {
            #expect(try used([name: text]) == [0, 0], "\(name)")
        }
    }

    @Test func theLargestNumberTrapsNothingAndEndsWithTheWindow() throws {
        let (limiter, time) = try Self.limiter()
        limiter.learn(headers: ["X-MBX-USED-WEIGHT-1M": String(Int.max)], by: Self.rules)
        #expect(limiter.tryAcquire(["weight": 1], lane: "only").grant == nil)
        time.advance(by: .seconds(60))
        #expect(limiter.tryAcquire(["weight": 100], lane: "only").grant != nil)
    }

    @Test func aCountNeverLowersOurs() throws {
        let (limiter, _) = try Self.limiter()
        #expect(limiter.tryAcquire(["weight": 60, "calls": 60], lane: "only").grant != nil)
        limiter.learn(headers: ["X-MBX-USED-WEIGHT-1M": "1", "RateLimit-Remaining": "99"], by: Self.rules)
        #expect(limiter.status.buckets.map(\.used) == [60, 60])
    }

    @Test(arguments: [("5", 6), ("0", 1), ("86400", 60)])
    func aCountEndsWhenTheServerSaysAndAtTheLatestAfterAWindow(reset: String, seconds: Int) throws {
        let (limiter, time) = try Self.limiter()
        limiter.learn(headers: ["RateLimit-Remaining": "0", "RateLimit-Reset": reset], by: Self.rules)
        let refusal = try #require(limiter.tryAcquire(["calls": 1], lane: "only").refusal)
        #expect(refusal.until == time.now.advanced(by: .seconds(seconds)))
    }

    @Test(arguments: [("5", "30"), ("30", "5"), ("1700000005", "30"), ("1700000030", "5")])
    func ofTwoResetsTheLaterCounts(alone: String, combined: String) throws {
        let (limiter, time) = try Self.limiter()
        limiter.learn(
            headers: [
                "RateLimit-Remaining": "0", "RateLimit-Reset": alone, "RateLimit": "remaining=0, reset=\(combined)",
            ],
            by: Self.rules, civilNow: CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_000))
        let refusal = try #require(limiter.tryAcquire(["calls": 1], lane: "only").refusal)
        #expect(refusal.until == time.now.advanced(by: .seconds(31)))
    }

    @Test func aDateIsReadByTheServersClock() throws {
        let (limiter, time) = try Self.limiter()
        let server = CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_000)
        for (date, seconds) in [("1700000010", 11), ("1600000000", 11), ("Tue, 14 Nov 2023 22:13:50 GMT", 31)] {
            limiter.learn(
                headers: ["RateLimit-Remaining": "0", "RateLimit-Reset": date], by: Self.rules, civilNow: server)
            let refusal = try #require(limiter.tryAcquire(["calls": 1], lane: "only").refusal)
            #expect(refusal.until == time.now.advanced(by: .seconds(seconds)), "\(date)")
        }
    }

    @Test func ourOwnCallIsInTheCountOfItsAnswer() throws {
        let limiter = try Self.limiter().0
        let grant = try #require(limiter.tryAcquire(["weight": 10], lane: "only").grant)
        limiter.learn(headers: ["X-MBX-USED-WEIGHT-1M": "10"], by: Self.rules, answering: grant)
        #expect(limiter.status.buckets[0].used == 10)
    }
}
