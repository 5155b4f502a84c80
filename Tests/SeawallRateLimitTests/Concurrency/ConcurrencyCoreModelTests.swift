import SeawallTime
import Testing

@testable import SeawallRateLimit

/// The core against plain lists: at random, and all that can happen in a few steps.
@Suite struct ConcurrencyCoreModelTests {
    private enum Step: CaseIterable {
        case high, low, lowAnybody, tryLow, finish, drop, release, cancelFirst, cancelLast, narrow, widen
    }

    private struct Pair {
        var core: ConcurrencyCore
        var naive: NaivePermits
        var calls: [ConcurrencyCall] = []
        var waiting: [UInt64: ConcurrencyCore.Holder] = [:]
        var lastTicket: UInt64 = 0
        var now: Int64 = 0

        init(limit: Int, maximumWaiters: Int) {
            core = ConcurrencyCore(limit: limit, lanes: 2, maximumWaiters: maximumWaiters)
            naive = NaivePermits(limit: limit, maximumWaiters: maximumWaiters)
        }

        /// Takes a step in both; false where they part.
        mutating func take(_ step: Step) -> Bool {
            now += 1
            switch step {
            case .high: return acquire(0, .call)
            case .low: return acquire(1, .call)
            case .lowAnybody: return acquire(1, .anybody)
            case .tryLow:
                let isFree = naive.held.count < naive.limit
                guard let call = core.tryAcquire(lane: 1, .call, now: now) else { return !isFree && agrees }
                calls.append(call)
                naive.held.append(.call)
                return isFree && agrees
            case .finish, .drop:
                guard !calls.isEmpty else { return true }
                let grants = core.finish(calls.removeFirst(), step == .drop ? .dropped : .succeeded, now: now)
                return note(grants, naive.handBack(.call))
            case .release:
                // Without a permit that is anybody's nothing happens.
                let isHeld = naive.held.contains(.anybody)
                return note(core.release(now: now), isHeld ? naive.handBack(.anybody) : [])
            case .cancelFirst, .cancelLast:
                let tickets = naive.waiters.map(\.ticket)
                guard let ticket = step == .cancelFirst ? tickets.first : tickets.last else { return true }
                waiting[ticket] = nil
                return core.cancel(ticket) == naive.cancel(ticket) && !core.cancel(ticket) && agrees
            case .narrow: return note(core.set(1, now: now), naive.set(1))
            case .widen: return note(core.set(3, now: now), naive.set(3))
            }
        }

        private mutating func acquire(_ lane: Int, _ holder: ConcurrencyCore.Holder) -> Bool {
            lastTicket += 1
            let expected = naive.acquire(NaivePermits.Waiter(ticket: lastTicket, lane: lane, holder: holder))
            switch core.acquire(lane: lane, holder, ticket: lastTicket, now: now) {
            case .granted(let call):
                if holder == .call { calls.append(call) }
                return expected == .granted && agrees
            case .refused(let code): return expected == .refused && code == .queueFull && agrees
            case .waiting(let shed):
                waiting[lastTicket] = holder
                if let shed { waiting[shed] = nil }
                return expected == .waiting(shed: shed) && agrees
            }
        }

        private mutating func note(_ grants: [ConcurrencyCore.Grant], _ expected: [UInt64]) -> Bool {
            for grant in grants where waiting.removeValue(forKey: grant.ticket) == .call { calls.append(grant.call) }
            return grants.map(\.ticket) == expected && agrees
        }

        private var agrees: Bool {
            let waiting = [0, 1].map { lane in naive.waiters.filter { $0.lane == lane }.count }
            return core.inUse == naive.held.count && core.waiting == naive.waiters.count && core.limit == naive.limit
                && core.lanes.map(\.waiting) == waiting
                && (core.waiting == 0 || core.inUse >= core.limit)
                && core.lanes.reduce(0) { $0 + Int($1.granted) } >= core.inUse
        }
    }

    @Test func whateverHappensInFiveSteps() {
        var histories = 0
        func go(_ pair: Pair, _ path: [Step]) {
            guard path.count < 5 else { return }
            for step in Step.allCases {
                var next = pair
                histories += 1
                guard next.take(step) else {
                    Issue.record("\(path + [step])")
                    continue
                }
                go(next, path + [step])
            }
        }
        go(Pair(limit: 1, maximumWaiters: 1), [])
        #expect(histories == 11 + 121 + 1_331 + 14_641 + 161_051)
    }

    @Test(arguments: 0..<30)
    func longHistoriesAgree(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed), stream: "permits")
        var pair = Pair(limit: 2, maximumWaiters: Int(random.below(8)))
        var shed = 0
        for number in 0..<3_000 {
            // In waves, so that the queue is full and empty in turns.
            let isRising = number / 40 % 2 == 0
            let step =
                isRising && random.chance(0.6)
                ? [Step.high, .low, .lowAnybody][Int(random.below(3))] : Step.allCases[Int(random.below(11))]
            let before = pair.core.lanes[1].refused
            let agrees = pair.take(step)
            try #require(agrees, "step \(number)")
            if step == .high, pair.core.lanes[1].refused > before { shed += 1 }
        }
        #expect(pair.naive.maximumWaiters == 0 || shed > 10)
        // Everything comes back.
        for ticket in pair.naive.waiters.map(\.ticket) {
            let wasWaiting = pair.core.cancel(ticket)
            #expect(wasWaiting)
        }
        for call in pair.calls {
            let grants = pair.core.finish(call, .ignored, now: 0)
            #expect(grants.isEmpty)
        }
        while pair.naive.held.contains(.anybody) {
            _ = pair.core.release(now: 0)
            _ = pair.naive.handBack(.anybody)
        }
        #expect(pair.core.inUse == 0)
    }

    /// With a limit that is learnt nobody can say beforehand who gets in, but what is promised holds.
    @Test(arguments: 0..<20)
    func aLearntLimitKeepsItsPromises(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed), stream: "learnt")
        let configuration = AdaptiveConcurrency(initial: 8, maximum: 12, samples: 5, probeInterval: .seconds(1))
        var core = ConcurrencyCore(
            GradientLimit(configuration, seed: UInt64(seed)), lanes: 3, maximumWaiters: 6, now: 0)
        var calls: [ConcurrencyCall] = []
        var waiting: [(ticket: UInt64, lane: Int)] = []
        var now: Int64 = 0
        var limits: Set<Int> = []
        for ticket in 1...UInt64(5_000) {
            now += Int64(random.below(20_000_000))
            if random.chance(0.55) || calls.isEmpty {
                let lane = Int(random.below(3))
                let isFree = core.inUse < core.limit
                switch core.acquire(lane: lane, .call, ticket: ticket, now: now) {
                case .granted(let call):
                    #expect(isFree)
                    calls.append(call)
                case .refused: #expect(waiting.count == 6 && !waiting.contains { $0.lane > lane })
                case .waiting(let shed):
                    #expect(core.inUse >= core.limit)
                    if let shed {
                        let victim = waiting.last { $0.lane == waiting.map(\.lane).max() }
                        #expect(victim?.ticket == shed && (victim?.lane ?? 0) > lane)
                        waiting.removeAll { $0.ticket == shed }
                    }
                    waiting.append((ticket, lane))
                }
            } else if random.chance(0.1), let victim = waiting.randomElement(using: &random) {
                let wasWaiting = core.cancel(victim.ticket)
                #expect(wasWaiting)
                waiting.removeAll { $0.ticket == victim.ticket }
            } else {
                let call = calls.remove(at: Int(random.below(UInt64(calls.count))))
                let outcome: ConcurrencyOutcome =
                    random.chance(0.9) ? .succeeded : random.chance(0.5) ? .dropped : .ignored
                for grant in core.finish(call, outcome, now: now) {
                    let lane = waiting.map(\.lane).min()
                    #expect(waiting.first { $0.lane == lane }?.ticket == grant.ticket)
                    waiting.removeAll { $0.ticket == grant.ticket }
                    calls.append(grant.call)
                }
            }
            limits.insert(core.limit)
            try #require(core.inUse == calls.count && core.waiting == waiting.count, "step \(ticket)")
            try #require(core.waiting == 0 || core.inUse >= core.limit, "step \(ticket)")
            try #require((3...12).contains(core.limit))
        }
        #expect(limits.count > 3)
    }
}
