import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

@Suite struct FillCursorsTests {
    @Test(arguments: 0..<10)
    func whereAReadBeginsNothingOfTheOrderCanHaveBeenBefore(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed), stream: "cursors")
        let cursors = FillCursors()
        var heard: [(at: Int64, cursor: Int)] = []
        var now: Int64 = 0
        for count in 0..<2_000 {
            now += Int64(random.below(3))
            if random.chance(0.5) {
                cursors.note(FillCursor("\(count)"), at: MonotonicInstant(nanoseconds: now))
                heard.append((now, count))
            }
            guard count % 50 == 0 else { continue }
            let sent = Int64(random.below(UInt64(now + 1)))
            let latest = heard.last { $0.at <= sent }?.cursor
            let from = cursors.cursor(before: MonotonicInstant(nanoseconds: sent)).flatMap { Int($0.rawValue) }
            #expect((from ?? -1) <= (latest ?? -1))
            // What was heard last is never forgotten.
            #expect(
                cursors.cursor(before: MonotonicInstant(nanoseconds: now))?.rawValue
                    == heard.last.map { "\($0.cursor)" })
        }
    }
}
