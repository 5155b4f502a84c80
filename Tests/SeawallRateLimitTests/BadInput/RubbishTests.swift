import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Random rubbish at every public entry, by a clock that leaps: nothing traps, and a list of all grants finds no window
/// overrun.
@Suite struct RubbishTests {
    @Test(arguments: [true, false], 0..<10)
    func noRubbishOverrunsAWindow(isHolding: Bool, seed: Int) throws {
        let world = try World(holding: isHolding, seed: UInt64(seed))
        for _ in 0..<600 { try world.step() }
        world.judge("seed \(seed)")
        #expect(world.granted > 50)
    }

    /// Time that goes wherever it is told to, back too; who sleeps wakes when he is cancelled.
    private final class WildTime: TimeSource {
        private let clocks = Lock((monotonic: Int64(0), civil: Int64(1_700_000_000_000_000_000)))
        private let sleepers = ManualTime()

        var now: MonotonicInstant { MonotonicInstant(nanoseconds: clocks.withLock { $0.monotonic }) }
        var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: clocks.withLock { $0.civil }) }

        func sleep(until deadline: MonotonicInstant) async throws { try await sleepers.sleep(until: .distantFuture) }

        func step(_ duration: Int64, civil: Int64) {
            clocks.withLock { clocks in
                clocks.monotonic = clocks.monotonic.addingSaturating(duration)
                clocks.civil = clocks.civil.addingSaturating(civil)
            }
        }
    }

    private final class World {
        struct Spending {
            var grant: UInt64
            var limiter: Int
            var counter: String
            var weight: Int
            var from: Int64
            var to: Int64
        }

        static let windows: [String: (length: Int64, most: Int)] = ["a": (100, 8), "k": (70, 5), "big": (2_048, 4_000)]

        let configuration: RateLimiterConfiguration
        let time = WildTime()
        let executor = StepExecutor()
        var limiter: RateLimiter
        var life = 0
        var random: SeededGenerator
        var grants: [Grant] = []
        var reservations: [Reservation] = []
        var prepared: [PreparedCall] = []
        var spendings: [Spending] = []
        var granted = 0

        init(holding: Bool, seed: UInt64) throws {
            configuration = RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(
                        name: "a", scope: "ip", limit: 10, window: .nanoseconds(100), marginPerMille: 800,
                        reserves: ["high": 2]),
                    BucketConfiguration(
                        name: "k", limit: 5, window: .nanoseconds(70), marginPerMille: 1_000, isPerKey: true),
                    BucketConfiguration(name: "big", limit: 5_000, window: .nanoseconds(2_048)),
                    BucketConfiguration(
                        name: "f", limit: 9, window: .nanoseconds(90), shape: .fixed, isReleasable: true),
                    BucketConfiguration(name: "d", limit: 9, window: .nanoseconds(90), shape: .decay),
                ],
                maximumWaiters: 8, maximumKeys: 3, holdsUntilSettled: holding)
            random = SeededGenerator(seed: seed, stream: "rubbish")
            let environment = RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor))
            limiter = try RateLimiter(configuration: configuration, environment: environment)
        }

        deinit {
            limiter.shutdown()
            executor.run()
        }

        func number() -> Int {
            let ends = [Int.min, .min + 1, -1, 0, 1_000_000_000_000_000, .max - 1, .max]
            return random.chance(0.2) ? ends[Int(random.below(7))] : Int(random.below(9))
        }

        func instant() -> MonotonicInstant {
            if random.chance(0.2) { return MonotonicInstant(nanoseconds: Int64(number())) }
            return MonotonicInstant(nanoseconds: time.now.nanoseconds.addingSaturating(Int64(random.below(300)) - 150))
        }

        func pick<Element>(_ choices: [Element]) -> Element { choices[Int(random.below(UInt64(choices.count)))] }

        func text() -> String { pick(["", "x", "y", "z", "a\u{0}", "😀", "ip"]) }

        func charge() -> Charge {
            var charge = Charge()
            charge.key = text()
            for name in ["a", "k", "big", "f", "d", "", "nowhere"] where random.chance(name.count > 3 ? 0.02 : 0.3) {
                charge.weights[name] = random.chance(0.1) ? number() : Int(random.below(4))
                if random.chance(0.1) { charge.leaving[name] = number() }
            }
            return charge
        }

        func lane() -> Lane { random.chance(0.03) ? pick(["", "nowhere"]) : pick(["high", "low"]) }

        func scopes() -> [String] { random.chance(0.7) ? [] : [text(), text()] }

        func note(_ grant: Grant) {
            granted += 1
            grants.append(grant)
            let isHeld = configuration.holdsUntilSettled
            for (name, weight) in grant.call.asked.charge.weights where Self.windows[name] != nil {
                let key = name == "k" ? name + grant.call.asked.charge.key : name
                spendings.append(
                    Spending(
                        grant: grant.id, limiter: life, counter: key, weight: weight, from: grant.instant.nanoseconds,
                        to: isHeld ? .max : grant.instant.nanoseconds))
            }
        }

        func step() throws {
            if random.chance(0.5) {
                let leap = random.chance(0.05) ? Int64(random.below(5_000)) - 1_500 : Int64(random.below(12))
                time.step(leap, civil: random.chance(0.1) ? Int64(number()) : leap)
            }
            switch random.below(20) {
            case 0..<6:
                if let grant = limiter.tryAcquire(charge(), lane: lane(), scopes: scopes()).grant { note(grant) }
            case 6, 7:
                let deadline = random.chance(0.5) ? instant() : nil
                if let reservation = try? limiter.reserve(charge(), lane: lane(), scopes: scopes(), deadline: deadline)
                {
                    reservations.append(reservation)
                }
            case 8:
                _ = limiter.waitTime(for: charge(), lane: lane(), scopes: scopes())
                _ = reservations.randomElement(using: &random)?.waitTime
            case 9, 10:
                guard let index = reservations.indices.randomElement(using: &random) else { return }
                if let grant = reservations[index].grantIfReady() {
                    note(grant)
                    reservations.remove(at: index)
                } else if random.chance(0.3) {
                    reservations.remove(at: index).giveBack()
                }
            case 11:
                // Twice, and of another life too: only the first of this one counts.
                guard let grant = grants.randomElement(using: &random) else { return }
                limiter.giveBack(grant)
                spendings.removeAll { spending in
                    spending.grant == grant.id && spending.limiter == life && grant.issuer === issuer
                        && (!configuration.holdsUntilSettled || spending.to == .max)
                }
            case 12, 13:
                guard let grant = grants.randomElement(using: &random) else { return }
                limiter.settle(grant)
                let now = limiter.state.withLock { $0.core.latestInstant }
                for index in spendings.indices where spendings[index].grant == grant.id {
                    guard spendings[index].limiter == life, grant.issuer === issuer else { continue }
                    if spendings[index].to == .max { spendings[index].to = now }
                }
            case 14:
                grants.randomElement(using: &random).map { limiter.release($0) }
                limiter.gate(
                    scope: text(), until: random.chance(0.9) ? time.now.advanced(by: .nanoseconds(20)) : .origin)
            case 15:
                limiter.reportUsage(
                    bucket: pick(["a", "k", "f", "d", "", "big"]), used: number(), key: text(),
                    answering: grants.randomElement(using: &random))
            case 16:
                let rules = ["Used", "Left", "Reset", "All"].enumerated().map { index, name in
                    UsageHeader(name: name, bucket: pick(["a", "k", "d", "no"]), meaning: .allCases[index])
                }
                let headers = [
                    "used": "\(number())", "LEFT": "\(number())", "Reset": text(), "All": "r=\(number());t=-",
                ]
                limiter.learn(
                    headers: headers, by: rules, key: text(), answering: grants.randomElement(using: &random),
                    civilNow: CivilInstant(nanosecondsSinceEpoch: Int64(number())))
            case 17:
                limiter.alignWindows(
                    civil: CivilInstant(nanosecondsSinceEpoch: Int64(number())), at: instant(),
                    within: .nanoseconds(Int64(number())))
                var bad = pick(configuration.buckets)
                bad.limit = random.chance(0.5) ? -number().magnitudeClamped : 0
                #expect(throws: RateLimitError.self) { try limiter.update(bad) }
                try limiter.update(pick(configuration.buckets))
            case 18:
                if random.chance(0.3), let call = try? limiter.prepare(charge(), lane: lane(), scopes: scopes()) {
                    prepared.append(call)
                }
                guard let call = prepared.randomElement(using: &random) else { return }
                for _ in 0..<random.below(5) {
                    if let permit = call.tryAcquire().permit { note(call.grant(of: permit)) }
                }
            default:
                _ = limiter.status
                if random.chance(0.2) { try restart() }
            }
        }

        var issuer: GrantIssuer { limiter.state.withLock { $0.core.issuer } }

        /// The exact snapshot of one life begins the next; its clock goes on, wherever the civil one is.
        func restart() throws {
            for reservation in reservations { reservation.giveBack() }
            reservations = []
            prepared = []
            limiter.shutdown()
            executor.run()
            let snapshot = limiter.snapshot()
            let end = limiter.state.withLock { $0.core.latestInstant }
            // What was under way may arrive until the next one begins, and a clock that went back goes on from the latest.
            time.step(max(0, end.subtractingSaturating(time.now.nanoseconds)), civil: 0)
            for index in spendings.indices where spendings[index].to == .max {
                spendings[index].to = time.now.nanoseconds
            }
            let environment = RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor))
            limiter = try RateLimiter(configuration: configuration, environment: environment, resuming: snapshot)
            life += 1
        }

        func judge(_ place: Comment) {
            for (counter, spent) in Dictionary(grouping: spendings, by: \.counter) {
                guard let (length, most) = Self.windows[counter.hasPrefix("k") ? "k" : counter] else { continue }
                for first in spent where first.to < .max {
                    // Whatever may have arrived in the window that begins where this one ended.
                    let inWindow = spent.filter { $0.from < first.to.addingSaturating(length) && $0.to >= first.to }
                    #expect(inWindow.reduce(0) { $0 + $1.weight } <= most, "\(place) \(counter) at \(first.to)")
                }
            }
        }
    }
}

extension Int {
    fileprivate var magnitudeClamped: Int { Int(clamping: magnitude) }
}
