import SeawallTime
import Testing

@testable import SeawallRateLimit

/// The core against the naive limiter, under random histories with idle gaps.
@Suite struct RateLimiterCoreModelTests {
    static let configuration = RateLimiterConfiguration(
        lanes: ["high", "middle", "low"],
        buckets: [
            BucketConfiguration(
                name: "A", scope: "ip", limit: 10, window: .nanoseconds(100), marginPerMille: 800,
                reserves: ["high": 2, "middle": 1]),
            BucketConfiguration(
                name: "B", scope: "account", limit: 7, window: .nanoseconds(70), marginPerMille: 1_000, burst: 3,
                reserves: ["high": 1]),
            BucketConfiguration(name: "C", limit: 4, window: .nanoseconds(31), marginPerMille: 1_000),
        ],
        maximumWaiters: 5)

    /// The same, with a counter that falls, where tokens are held until their calls have ended.
    static let holding: RateLimiterConfiguration = {
        var holding = configuration
        holding.holdsUntilSettled = true
        holding.buckets.append(
            BucketConfiguration(
                name: "D", scope: "account", limit: 9, window: .nanoseconds(131), marginPerMille: 900,
                reserves: ["high": 2], shape: .decay))
        holding.buckets.append(
            BucketConfiguration(
                name: "E", scope: "ip", limit: 6, window: .nanoseconds(90), marginPerMille: 1_000,
                reserves: ["high": 1], shape: .fixed))
        holding.buckets.append(
            BucketConfiguration(
                name: "F", scope: "account", limit: 7, window: .nanoseconds(90), marginPerMille: 1_000, shape: .fixed,
                isReleasable: true))
        return holding
    }()

    /// The same without holding: what has left is given back and released too.
    static let releasable: RateLimiterConfiguration = {
        var releasable = configuration
        releasable.buckets[1].shape = .fixed
        releasable.buckets[1].window = .nanoseconds(90)
        releasable.buckets[2].isReleasable = true
        releasable.buckets[0] = holding.buckets[5]
        releasable.buckets[0].reserves = ["high": 1]
        return releasable
    }()

    /// The same limits, of which this process has a half, or two thirds of the first.
    static let shared: RateLimiterConfiguration = {
        var shared = holding.shared(among: 2)
        shared.buckets[0].sharePerMille = 667
        for index in shared.buckets.indices {
            shared.buckets[index].limit *= 2
            shared.buckets[index].limit += index
            shared.buckets[index].burst = holding.buckets[index].burst
            shared.buckets[index].reserves = holding.buckets[index].reserves
        }
        return shared
    }()

    private static let configurations = [configuration, holding, shared, releasable]

    @Test(arguments: configurations.indices, 0..<24)
    func agreesWithTheNaiveLimiterOnEveryAnswer(kind: Int, seed: Int) throws {
        var history = try History(Self.configurations[kind], seed: UInt64(seed))
        for step in 0..<250 {
            let (answers, expected) = history.step()
            try #require(answers == expected, "seed \(seed) step \(step)")
            try #require(history.core.wakeAt?.nanoseconds == history.naive.wakeAt(history.now), "\(seed) \(step)")
            let (used, counted) = history.used()
            try #require(used == counted, "seed \(seed) step \(step)")
        }
        history.checkEveryWindow()
    }

    /// One core and one naive limiter under the same events.
    private struct History {
        var core: RateLimiterCore
        var naive: NaiveLimiter
        var random: SeededGenerator
        var now: Int64 = -1_000
        var ticket: UInt64 = 0
        var grants: [(grant: Grant, number: Int)] = []
        /// Those whose call has been answered: it was made.
        var answered: Set<Int> = []
        var released: Set<Int> = []

        init(_ configuration: RateLimiterConfiguration, seed: UInt64) throws {
            core = try RateLimiterCore(configuration)
            naive = NaiveLimiter(configuration: configuration)
            random = SeededGenerator(seed: seed, stream: "limiter")
        }

        var instant: MonotonicInstant { MonotonicInstant(nanoseconds: now) }

        mutating func step() -> (answers: [String], expected: [String]) {
            if random.chance(0.6) { now += Int64(random.below(random.chance(0.05) ? 400 : 12)) }
            naive.drain(now)
            var (answer, expected) = event()
            naive.drain(now)
            var answers = [answer]
            for release in core.takeReleases() {
                switch release.result {
                case .success(let grant): answers.append("\(release.ticket) \(note(grant))")
                case .failure(let error):
                    let until = error.until.map { String($0.nanoseconds) } ?? "nil"
                    let isOverdue = error.code == .deadlineExceeded
                    answers.append("\(release.ticket) \(error.code.rawValue)" + (isOverdue ? " \(until)" : ""))
                }
            }
            expected += naive.released.map { "|" + $0 }.joined()
            answer = answers.joined(separator: "|")
            naive.released = []
            return ([answer], [expected])
        }

        /// What is used of each window, by both.
        func used() -> (used: [Int], counted: [Int]) {
            var core = core
            let windows = naive.configuration.buckets.filter { $0.shape != .decay }
            let used = core.status(now: instant).buckets.filter { bucket in
                windows.contains { $0.name == bucket.name }
            }
            return (used.map(\.used), windows.map { naive.used(of: $0, at: now) })
        }

        /// Grants are numbered in the order in which they are made, by both.
        private mutating func note(_ grant: Grant) -> String {
            grants.append((grant, Int(grant.id)))
            return "granted \(grant.id)"
        }

        private mutating func event() -> (String, String) {
            let isHolding = naive.configuration.holdsUntilSettled
            if naive.configuration.buckets.contains(where: \.isReleasable), random.chance(0.2) {
                return random.chance(0.4) ? align() : random.chance(0.5) ? giveBack() : release()
            }
            switch random.below(isHolding ? 17 : 13) {
            case 0...2: return tryAcquire()
            case 3...5: return acquire()
            case 10...13 where isHolding: return settle()
            case 10: return waitTime()
            case 11...15: return report()
            case 16: return align()
            case 6:
                let victim = UInt64(random.below(ticket + 1))
                let isThere = naive.waiting.contains { $0.ticket == victim }
                naive.waiting.removeAll { $0.ticket == victim }
                return ("\(core.cancel(victim, now: instant))", "\(isThere)")
            case 7, 8: return giveBack()
            default:
                guard random.chance(0.3) else {
                    core.advance(to: instant)
                    return ("", "")
                }
                let scope = ["ip", "account", "symbol"][Int(random.below(3))]
                let end = now + Int64(random.below(60)) - 10
                core.gate(scope, until: MonotonicInstant(nanoseconds: end), now: instant)
                naive.gates[scope] = max(naive.gates[scope] ?? end, end)
                return ("", "")
            }
        }

        private mutating func ask() -> (charge: Charge, lane: Lane, scopes: [String]) {
            var charge = Charge()
            for name in naive.configuration.buckets.map(\.name) where random.chance(0.5) {
                charge.weights[name] = Int(random.below(5))
                if random.chance(0.15) { charge.leaving[name] = Int(random.below(6)) }
            }
            let lane: Lane = ["high", "middle", "low"][Int(random.below(3))]
            return (charge, lane, random.chance(0.4) ? ["symbol"] : [])
        }

        private mutating func tryAcquire() -> (String, String) {
            let (charge, lane, scopes) = ask()
            let call = naive.call(charge, lane: lane, scopes: scopes, deadline: nil, ticket: 0)
            let expected = naive.tryAcquire(call, at: now)
            switch core.tryAcquire(charge, lane: lane, scopes: scopes, now: instant) {
            case .granted(let grant): return (note(grant), expected)
            case .refused(let refusal):
                checkExactness(of: refusal, charge, lane: lane, scopes: scopes)
                let until = refusal.until.map { String($0.nanoseconds) } ?? "nil"
                return ("\(refusal.code.rawValue) \(until)", expected)
            }
        }

        /// Once in a while: the naive one tries every instant.
        private mutating func waitTime() -> (String, String) {
            let (charge, lane, scopes) = ask()
            core.advance(to: instant)
            guard random.chance(0.1) else { return ("", "") }
            let call = naive.call(charge, lane: lane, scopes: scopes, deadline: nil, ticket: .max)
            let wait = core.waitTime(charge, lane: lane, scopes: scopes, now: instant)
            let expected = naive.waitTime(call, at: now).map { Duration.nanoseconds($0) }
            return ("\(String(describing: wait))", "\(String(describing: expected))")
        }

        /// Refused until exactly then, and admitted then.
        private func checkExactness(of refusal: Refusal, _ charge: Charge, lane: Lane, scopes: [String]) {
            guard let until = refusal.until, naive.waiting.isEmpty else { return }
            var before = core
            let justBefore = MonotonicInstant(nanoseconds: until.nanoseconds - 1)
            #expect(before.tryAcquire(charge, lane: lane, scopes: scopes, now: justBefore).grant == nil)
            // Calls under way do not end by themselves.
            guard naive.spendings.allSatisfy({ $0.settledAt != nil }) else { return }
            var then = core
            #expect(then.tryAcquire(charge, lane: lane, scopes: scopes, now: until).grant != nil)
        }

        private mutating func acquire() -> (String, String) {
            let (charge, lane, scopes) = ask()
            ticket += 1
            let deadline = random.chance(0.4) ? now + Int64(random.below(80)) : nil
            let call = naive.call(charge, lane: lane, scopes: scopes, deadline: deadline, ticket: ticket)
            let expected = naive.admit(call, at: now)
            let admission = core.acquire(
                charge, lane: lane, scopes: scopes, deadline: deadline.map { MonotonicInstant(nanoseconds: $0) },
                ticket: ticket, now: instant)
            switch admission {
            case .granted(let grant): return (note(grant), expected)
            case .refused(let error): return (error.code.rawValue, expected)
            case .waiting: return ("waiting", expected)
            }
        }

        private mutating func giveBack() -> (String, String) {
            guard let (grant, number) = grants.suffix(40).randomElement(using: &random) else { return nothing() }
            if answered.contains(number) { return nothing() }
            core.giveBack(grant, now: instant)
            // What was used cannot have been not used.
            if released.contains(number) { return ("", "") }
            let isHolding = naive.configuration.holdsUntilSettled
            naive.giveBack { [naive, now] spending in
                guard spending.grant == number else { return false }
                if isHolding { return spending.settledAt == nil }
                // What its window has let go of stays as it is.
                let length = naive.bucket(spending.bucket)?.window.wholeNanoseconds ?? 0
                return spending.at + length >= now
            }
            return ("", "")
        }

        private mutating func release() -> (String, String) {
            guard let (grant, number) = grants.suffix(40).randomElement(using: &random) else { return nothing() }
            let isFree = naive.free(number, at: now)
            if isFree { released.insert(number) }
            return ("\(core.release(grant, now: instant))", "\(isFree)")
        }

        /// Now and then of one that was settled or given back before: that changes nothing.
        private mutating func settle() -> (String, String) {
            let isOpen = { [naive] (number: Int) in
                naive.spendings.contains { $0.grant == number && $0.settledAt == nil }
            }
            let open = random.chance(0.9) ? grants.filter { isOpen($0.number) } : grants
            guard let (grant, number) = open.randomElement(using: &random) else { return nothing() }
            core.settle(grant, now: instant)
            naive.settle(number, at: now)
            return ("", "")
        }

        private mutating func nothing() -> (String, String) {
            core.advance(to: instant)
            return ("", "")
        }

        private mutating func report() -> (String, String) {
            let isHolding = naive.configuration.holdsUntilSettled
            // Where nothing is held nobody says when a call has ended: its answer may come late.
            let open = naive.spendings.filter { isHolding ? $0.settledAt == nil : $0.at + 150 > now }
            guard let spending = open.randomElement(using: &random),
                let (grant, number) = grants.first(where: { $0.number == spending.grant })
            else { return nothing() }
            answered.insert(number)
            let used = Int(random.below(naive.configuration.buckets[0].sharePerMille < 1_000 ? 20 : 10))
            core.reportUsage(bucket: spending.bucket, used: used, answering: grant, now: instant)
            naive.report(spending.bucket, said: used, answering: number, at: now)
            return ("", "")
        }

        /// Now and then the venue's clock is read, well or badly.
        private mutating func align() -> (String, String) {
            guard random.chance(0.5) else { return nothing() }
            let error = Int64(random.below(random.chance(0.2) ? 120 : 8))
            let shown = Int64(random.below(1_000))
            core.alignWindows(VenueClock(civil: shown, instant: now, error: error), now: instant)
            naive.align(edge: now - shown % 90, error: error, at: now)
            return ("", "")
        }

        /// After the fact: no window, wherever it begins, holds more than the bucket's bound.
        func checkEveryWindow() {
            for bucket in naive.configuration.buckets where bucket.shape == .window && !bucket.isReleasable {
                for (length, most) in naive.bounds(bucket) {
                    let spent = naive.spendings.filter { $0.bucket == bucket.name }
                    // Where tokens are held a call counts wherever it may have arrived: at the grant, and at its end.
                    for first in spent {
                        let at = first.settledAt ?? first.at
                        let inWindow = spent.filter { $0.at < at + length && ($0.settledAt ?? .max) >= at }
                        #expect(inWindow.reduce(0) { $0 + $1.weight } <= most)
                    }
                }
            }
        }
    }
}
