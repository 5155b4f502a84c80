import SeawallTime
import Testing

@testable import SeawallBackoff

/// Schedules against exact integers: the multiplier is a whole number, and every step is a plain multiplication.
@Suite struct ScheduleModelTests {
    private struct Schedule {
        var initial: Int64
        var multiplier: Int64
        var cap: Int64

        /// The delay before jitter, one multiplication after the other in 128 bits.
        func base(_ attempt: Int) -> Int64 {
            var delay = Int128(initial)
            var step = 1
            while step < attempt, delay < cap {
                delay *= Int128(multiplier)
                step += 1
                if multiplier == 1 { break }
            }
            return Int64(min(delay, Int128(cap)))
        }

        func range(_ attempt: Int, _ jitter: Jitter, previous: Int64?) -> ClosedRange<Int64> {
            let base = base(attempt)
            switch jitter {
            case .none: return base...base
            case .full: return 0...base
            case .equal: return base / 2...base
            case .proportional:
                // A quarter, in integers; the fraction of a nanosecond may go either way.
                return base - base / 4 - 1...min(base + base / 4 + 1, cap)
            case .decorrelated:
                let last = max(previous ?? initial, initial)
                return initial...max(initial, Int64(min(Int128(last) * 3, Int128(cap))))
            }
        }
    }

    @Test func everyDelayLiesWhereExactIntegersSay() throws {
        var reachedCap = 0
        for seed in 0..<400 {
            var generator = SeededGenerator(seed: UInt64(seed), stream: "schedule model")
            // Up to 2^50 nanoseconds, some 13 days: there a Double is exact too.
            let initial = Int64(1 + generator.below(1 << (1 + generator.below(40))))
            let schedule = Schedule(
                initial: initial, multiplier: Int64(1 + generator.below(5)),
                cap: initial + Int64(generator.below(1 << 50)))
            let jitter = [Jitter.none, .full, .equal, .proportional(0.25), .decorrelated][Int(generator.below(5))]
            let policy = try BackoffPolicy.exponential(
                initial: .nanoseconds(schedule.initial), multiplier: Double(schedule.multiplier),
                cap: .nanoseconds(schedule.cap), jitter: jitter)
            var delays = policy.delays(random: SeededRandom(seed: UInt64(seed), stream: "draws"))
            var previous: Int64?
            for attempt in 1...70 {
                let next = delays.next()
                let delay = try #require(next).wholeNanoseconds
                #expect(
                    schedule.range(attempt, jitter, previous: previous).contains(delay),
                    "\(schedule) \(jitter) attempt \(attempt): \(delay)")
                #expect(delay <= schedule.cap)
                if schedule.base(attempt) == schedule.cap { reachedCap += 1 }
                previous = delay
            }
        }
        #expect(reachedCap > 1_000)
    }

    @Test func attemptsBeyondTheRangeOfIntSaturate() throws {
        for jitter in [Jitter.none, .full, .equal, .proportional(0.25), .decorrelated] {
            let policy = try BackoffPolicy.exponential(cap: .seconds(60), jitter: jitter)
            let last = policy.delay(afterAttempt: Int.max, random: .max)
            #expect(policy.delay(afterAttempt: UInt64(1) << 63, random: .max) == last)
            #expect(policy.delay(afterAttempt: UInt64.max, random: .max) == last)
            #expect(policy.delay(afterAttempt: Int128.max, random: .max) == last)
            #expect(policy.delay(afterAttempt: Int128.min, random: .max) == policy.delay(afterAttempt: 1, random: .max))
        }
    }

    @Test func anIteratorDoesNotChangeItsPolicy() throws {
        let policy = try BackoffPolicy.exponential(jitter: .none)
        var one = policy.delays(random: SystemRandom())
        var other = policy.delays(random: SystemRandom())
        let first = [one.next(), one.next(), one.next()]
        #expect(first == [.seconds(1), .seconds(2), .seconds(4)])
        let otherFirst = other.next()
        #expect(otherFirst == .seconds(1))
        #expect(Array(policy.delays(random: SystemRandom()).prefix(3)) == [.seconds(1), .seconds(2), .seconds(4)])
    }
}
