import SeawallTime
import Testing

@testable import Seawall

@Suite struct RaceTests {
    @Test func onlyTheFirstClaimCounts() {
        let race = Race<Int>()
        #expect(race.claim() == .here)
        #expect(race.claim() == nil)
        #expect(!race.prepareToDepart())
    }

    @Test func aClaimKnowsHowFarTheCallHadCome() {
        let race = Race<Int>()
        #expect(race.prepareToDepart())
        #expect(!race.depart())
        #expect(race.claim() == .away)
    }

    @Test func aClaimDuringTheLastLookWaitsForItsResult() {
        let sent = Race<Int>()
        #expect(sent.prepareToDepart())
        #expect(sent.claim() == nil)
        #expect(sent.depart(), "somebody has wanted it")
        #expect(sent.claim() == .away)

        let kept = Race<Int>()
        #expect(kept.prepareToDepart())
        #expect(kept.claim() == nil)
        kept.stay()
        #expect(kept.claim() == nil, "it belongs to the look that said no")
    }

    @Test func anEndBeforeTheWaitIsSeen() async {
        let race = Race<Int>()
        _ = race.claim()
        race.end(7)
        #expect(await race.wait(onCancel: {}) == 7)
    }

    @Test func aCancelledWaiterCanClaim() async {
        let race = Race<Int>()
        let waiting = Task { await race.wait(onCancel: { if race.claim() != nil { race.end(1) } }) }
        waiting.cancel()
        #expect(await waiting.value == 1)
    }

    /// Three on real threads want to end it: exactly one does, and the waiter hears that one.
    @Test func underThreadsExactlyOneWins() async {
        for _ in 0..<300 {
            let race = Race<Int>()
            let wins = Wins()
            async let end = race.wait(onCancel: {})
            await withTaskGroup { group in
                for number in 0..<3 {
                    group.addTask {
                        guard race.claim() != nil else { return }
                        wins.add(number)
                        race.end(number)
                    }
                }
            }
            let heard = await end
            #expect(wins.all == [heard])
        }
    }
}

private final class Wins: Sendable {
    private let numbers = Lock([Int]())

    var all: [Int] { numbers.withLock { $0 } }

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
}
