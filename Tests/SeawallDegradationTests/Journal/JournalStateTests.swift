import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JournalStateTests {
    @Test func theShortestFormComesToTheSameStateAndGoesOnAlike() {
        for seed in 0..<12 as Range<UInt64> {
            var random = RandomRecords(seed: seed, names: 9)
            var whole = JournalState(capacity: 3)
            var shortened = JournalState(capacity: 3)
            for step in 0..<120 {
                let record = random.record()
                whole.apply(record)
                shortened.apply(record)
                guard step % 12 == 0 else { continue }
                #expect(whole.records.map(\.json) == shortened.records.map(\.json))
                if step % 24 == 0 { shortened = JournalState(shortened.records, capacity: 3) }
            }
        }
    }

    @Test func whatHasEndedIsForgottenOldestFirstAndNothingElseIs() {
        var random = RandomRecords(seed: 3, names: 9)
        for _ in 0..<20 {
            var state = JournalState(capacity: 2)
            var naive: [(id: ClientOrderID, hasEnded: Bool)] = []
            for _ in 0..<60 {
                var intent = random.intent()
                let id = intent.clientID
                switch random.int(0..<4) {
                case 0, 1:
                    intent.order = nil
                    state.apply(.intent(intent))
                    if !naive.contains(where: { $0.id == id }) { naive.append((id, false)) }
                case 2:
                    state.apply(.dropped(id))
                    naive.removeAll { $0.id == id }
                default:
                    let order = random.order(of: id)
                    state.apply(.order(id, order))
                    guard let index = naive.firstIndex(where: { $0.id == id }) else { break }
                    let wasEnded = naive[index].hasEnded
                    guard wasEnded != order.status.isTerminal else { break }
                    naive.remove(at: index)
                    naive.append((id, order.status.isTerminal))
                    let ended = naive.filter(\.hasEnded)
                    if ended.count > 2 { naive.removeAll { $0.id == ended[0].id } }
                }
                #expect(Set(state.intents.keys) == Set(naive.map(\.id)))
                let order = state.orderedIntents.filter(\.hasEnded).map(\.clientID)
                #expect(order == naive.filter(\.hasEnded).map(\.id))
            }
        }
    }
}
