import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct RollingWindowTests {
    @Test func whatIsSpentComesBackExactlyOneLengthLater() {
        var window = RollingWindow(length: 100, capacity: 3)
        window.add(2, at: 10)
        window.add(1, at: 40)
        #expect(window.earliest(fitting: 1, now: 50) == 110)
        #expect(window.earliest(fitting: 2, now: 50) == 110)
        #expect(window.earliest(fitting: 3, now: 50) == 140)
        window.expire(109)
        #expect(window.total == 3)
        window.expire(110)
        #expect(window.total == 1)
    }

    @Test(arguments: [5, 1_024, 1_025, 300_000_000])
    func agreesWithAListOfAllSpending(capacity: Int) {
        for seed in 0..<10 {
            var random = SeededGenerator(seed: UInt64(seed), stream: "window")
            let length: Int64 = 100_000
            var window = RollingWindow(length: length, capacity: capacity)
            var spent: [(at: Int64, amount: Int)] = []
            var now: Int64 = -50_000
            for _ in 0..<300 {
                now += Int64(random.below(random.chance(0.02) ? 300_000 : 2_000))
                window.expire(now)
                let amount = 1 + Int(random.below(UInt64(max(1, capacity / 4))))
                let earliest = window.earliest(fitting: amount, now: now)
                let live = spent.filter { now - $0.at < length }.reduce(0) { $0 + $1.amount }
                // Slots may hold an amount back for one slot longer, never for less than the length.
                if earliest <= now { #expect(live + amount <= capacity) }
                if window.grain == 1 { #expect(window.total == live) } else { #expect(window.total >= live) }
                if earliest <= now {
                    window.add(amount, at: now)
                    spent.append((now, amount))
                } else {
                    var later = window
                    later.expire(earliest - 1)
                    #expect(later.total + amount > capacity)
                    later.expire(earliest)
                    #expect(later.total + amount <= capacity)
                }
                if random.chance(0.2), let index = spent.indices.randomElement(using: &random) {
                    let (at, amount) = spent[index]
                    let removed = window.remove(amount, addedAt: at, now: now)
                    let isLive = now - at < length
                    if window.grain == 1 || isLive { #expect(removed == (isLive ? amount : 0)) }
                    spent.remove(at: index)
                }
            }
        }
    }

    @Test func aRateOfThreeHundredMillionASecondIsRight() {
        var window = RollingWindow(length: 1_000_000_000, capacity: 300_000_000)
        var granted: Int64 = 0
        var now: Int64 = 0
        while now < 10_000_000_000 {
            window.expire(now)
            let earliest = window.earliest(fitting: 100_000, now: now)
            if earliest > now {
                now = earliest
                continue
            }
            window.add(100_000, at: now)
            granted += 100_000
            now += 10_000
        }
        // Ten windows and no more; slots of 1/1,024 cost at most that part of it.
        #expect(granted <= 3_000_000_000)
        #expect(granted >= 2_990_000_000)
    }

    @Test func everySlotIsKeptInBoundedMemoryWhateverAServerReports() {
        var window = RollingWindow(length: 1_000_000, capacity: 10)
        for step in 0..<20_000 { window.add(1, at: Int64(step)) }
        #expect(window.total == 20_000)
        window.expire(1_000_000 + 20_000)
        #expect(window.total == 0)
    }

    @Test func theEndsOfTheRangeTrapNothing() {
        var window = RollingWindow(length: .max, capacity: .max)
        window.add(.max, at: .max)
        window.add(.max, at: .max)
        window.expire(.max)
        var early = RollingWindow(length: 1, capacity: 2_000)
        early.add(1, at: .min)
        #expect(early.earliest(fitting: 2_000, now: .min) > .min)
        early.expire(0)
        #expect(early.total == 0)
    }
}
