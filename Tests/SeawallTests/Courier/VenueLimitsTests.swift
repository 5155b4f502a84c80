import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall

/// A venue's limits as the limiter's buckets.
@Suite struct VenueLimitsTests {
    /// A counter for each symbol that falls by 2.34 a second, in hundredths, and dear cancels of young orders.
    static let decaying = VenueProfile(
        name: "decaying", identity: .returnsOriginal,
        limits: [
            LimitRule(
                name: "trades", scope: .symbol, counts: .order, shape: .decay, limit: 12_500, window: .zero, decay: 234),
            LimitRule(name: "calls", scope: .ip, counts: .weight, shape: .rolling, limit: 100, window: .seconds(1)),
            LimitRule(name: "open", scope: .symbol, counts: .open, shape: .fixed, limit: 2, window: .zero),
        ],
        costs: [.place: ["trades": 100], .cancel: ["calls": 1], .ticker: ["calls": 1]],
        costsByAge: [
            .cancel: ["trades": [AgeCost(under: .seconds(5), cost: 800), AgeCost(under: .seconds(45), cost: 400)]]
        ])

    @Test func everyLimitBecomesABucketOfItsShape() throws {
        let configuration = try RateLimiterConfiguration(venue: Self.decaying, share: 800)
        #expect(configuration.holdsUntilSettled)
        #expect(configuration.followsAnother)
        try configuration.validate()
        let trades = try #require(configuration.buckets.first)
        #expect(trades.shape == .decay)
        #expect(trades.isPerKey)
        #expect(trades.capacity == 10_000)
        // 12,500 at 234 a second, to the next nanosecond.
        #expect(trades.window == .nanoseconds(53_418_803_419))
        #expect(trades.reserves == [.cancel: 800, .reduce: 250])
        #expect(configuration.buckets.map(\.name) == ["trades", "calls"])
        #expect(configuration.buckets[1].shape == .window)
    }

    @Test func fixedWindowsBeginWhereTheVenuesDoAndOrdersThatFillAreReleased() throws {
        var venue = Self.decaying
        venue.limits[1].shape = .fixed
        venue.limits[1].offset = .milliseconds(250)
        venue.limits.append(
            LimitRule(
                name: "orders", scope: .account, counts: .order, shape: .fixed, limit: 100, window: .seconds(10),
                releasesOnFill: true))
        venue.costs[.place] = ["trades": 100, "orders": 1]
        let buckets = try RateLimiterConfiguration(venue: venue, share: 800).buckets
        #expect(buckets.map(\.shape) == [.decay, .fixed, .fixed])
        #expect(buckets.map(\.offset) == [.zero, .milliseconds(250), .zero])
        #expect(buckets.map(\.isReleasable) == [false, false, true])
    }

    @Test func everyProfileOfTheCatalogueCanBeKept() throws {
        for profile in VenueProfile.all {
            let configuration = try RateLimiterConfiguration(venue: profile, share: 800)
            try configuration.validate()
            let kept = Set(configuration.buckets.map(\.name))
            for limit in profile.limits { #expect(limit.counts == .open || kept.contains(limit.name), "\(limit.name)") }
        }
    }

    @Test func whatCannotBeKeptIsNamed() {
        var venue = Self.decaying
        venue.limits[0].decay = 0
        venue.limits[1].limit = 3
        venue.costs[.history] = ["calls": 3]
        let error = #expect(throws: GuardError.self) { try RateLimiterConfiguration(venue: venue, share: 800) }
        #expect(
            error?.message
                == "the limits of decaying cannot be kept with a share of 800 thousandths: limit trades falls by 0 a second, "
                + "which takes longer than 366 days; limit calls leaves 1 at once, and history costs up to 3")
    }

    @Test func aCancelCostsByTheAgeOfTheOrderAndTheMostWhereThatIsNotKnown() {
        let ages = OrderAges()
        let tariffs = Tariffs(Self.decaying, ages: ages)
        let call = BrokerCall(.cancel, symbol: "XBTUSD", targets: [.client("a")])
        func cost(after seconds: Int) -> Int? {
            tariffs.tariff(of: call, at: .origin.advanced(by: .seconds(seconds))).charge.weights["trades"]
        }
        #expect(cost(after: 0) == 800)
        ages.seen([.client("a"), .venue("1")], at: .origin.advanced(by: .seconds(10)))
        #expect(cost(after: 14) == 800)
        #expect(cost(after: 15) == 400)
        #expect(cost(after: 55) == nil)
        ages.amendBegins(.venue("1"))
        #expect(cost(after: 60) == 800)
        ages.seen([.client("a")], at: .origin.advanced(by: .seconds(60)))
        #expect(cost(after: 600) == 800)
        ages.amendEnds(.venue("1"), at: .origin.advanced(by: .seconds(600)))
        #expect(cost(after: 605) == 400)
        let tariff = tariffs.tariff(of: call, at: .origin)
        #expect(tariff.charge.key == "XBTUSD")
        #expect(tariff.scopes == ["ip", "symbol", "symbol:XBTUSD"])
    }

    @Test func aMemoryThatIsFullForgetsTheOldestWhichThenCostsTheMost() {
        let ages = OrderAges(capacity: 2)
        for index in 0..<3 { ages.seen([.client(ClientOrderID("\(index)"))], at: .origin) }
        let known = ages.ages(of: [.client("0"), .client("1"), .client("2")], at: .origin)
        #expect(known == [nil, .zero, .zero])
    }

    /// Against a list of everything that happened.
    @Test(arguments: 0..<20)
    func anAgeIsNeverMoreThanTheTimeSinceTheLastPossibleChange(seed: Int) {
        struct Event {
            var order: Int
            var at: Int64
            var isAmend: Bool
            var endsAt: Int64?
        }
        var random = SeededGenerator(seed: UInt64(seed), stream: "ages")
        let ages = OrderAges()
        var events: [Event] = []
        var now: Int64 = 0
        for _ in 0..<200 {
            now += Int64(random.below(5))
            let instant = MonotonicInstant(nanoseconds: now)
            let order = Int(random.below(3))
            let names: [OrderTarget] = [.client(ClientOrderID("c\(order)")), .venue(VenueOrderID("v\(order)"))]
            switch random.below(4) {
            case 0:
                ages.seen(random.chance(0.5) ? names : [names[0]], at: instant)
                events.append(Event(order: order, at: now, isAmend: false))
            case 1:
                ages.amendBegins(names[0])
                events.append(Event(order: order, at: now, isAmend: true))
            case 2:
                if let open = events.firstIndex(where: { $0.order == order && $0.isAmend && $0.endsAt == nil }) {
                    events[open].endsAt = now
                    ages.amendEnds(names[0], at: instant)
                }
            default:
                let mine = events.filter { $0.order == order }
                let amends = mine.filter(\.isAmend)
                let changedAt = amends.contains { $0.endsAt == nil } ? nil : amends.compactMap(\.endsAt).max()
                let seenAt = mine.first { !$0.isAmend }?.at
                let known = ages.ages(of: [names[0]], at: instant)[0]
                if amends.contains(where: { $0.endsAt == nil }) || mine.isEmpty {
                    #expect(known == nil)
                } else {
                    #expect(known == .nanoseconds(now - (changedAt ?? seenAt ?? now)))
                }
            }
        }
    }
}
