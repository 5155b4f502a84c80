import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct ReadyListTests {
    @Test func anEmptyListGivesNothing() {
        var list = ReadyList<Int>()
        #expect(list.takeFirst() == nil)
        #expect(list.take(at: 0) == nil)
        list.append(1)
        #expect(list.take(at: -1) == nil)
        #expect(list.take(at: 1) == nil)
        #expect(list.count == 1)
    }

    @Test func itAgreesWithAnArrayUnderRandomHistories() {
        for seed in 0..<50 as Range<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "ready list")
            var list = ReadyList<Int>()
            var model: [Int] = []
            for step in 0..<4_000 {
                switch random.below(seed.isMultiple(of: 2) ? 4 : 3) {
                case 0, 3:
                    list.append(step)
                    model.append(step)
                case 1:
                    let expected = model.isEmpty ? nil : model.removeFirst()
                    #expect(list.takeFirst() == expected)
                default:
                    guard !model.isEmpty else { continue }
                    let position = Int(random.below(UInt64(model.count)))
                    model.swapAt(position, model.count - 1)
                    #expect(list.take(at: position) == model.removeLast())
                }
                #expect(list.count == model.count)
            }
        }
    }
}
