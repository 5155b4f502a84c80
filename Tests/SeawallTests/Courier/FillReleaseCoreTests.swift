import SeawallBroker
import Testing

@testable import Seawall

/// Which calls are released, against the rule said plainly: both have happened, nothing forgot the order, and only once.
@Suite struct FillReleaseCoreTests {
    private enum Event: CaseIterable {
        case ended, filled, forgotten
    }

    /// Every history of five events after a departure.
    @Test func whatHasEndedAndFillsIsReleasedOnce() {
        var histories: [[Event]] = [[]]
        for _ in 0..<5 { histories = histories.flatMap { history in Event.allCases.map { history + [$0] } } }
        for history in histories {
            var core = FillReleaseCore<Int>()
            core.departs("a", 1)
            core.departs("b", 2)
            var released: [Int] = []
            var (hasEnded, hasFilled, isForgotten) = (false, false, false)
            for event in history {
                switch event {
                case .ended:
                    released += core.ended("a").map { [$0] } ?? []
                    hasEnded = true
                case .filled:
                    released += core.filled("a").map { [$0] } ?? []
                    hasFilled = true
                case .forgotten:
                    core.forget("a")
                    isForgotten = isForgotten || !(hasEnded && hasFilled)
                }
                let isReleased = hasEnded && hasFilled && !isForgotten
                #expect(released == (isReleased ? [1] : []), "\(history)")
            }
            // The other one is as it was.
            #expect(core.filled("b") == nil)
            #expect(core.ended("b") == 2)
            #expect(core.count <= 1)
        }
    }

    @Test func anOrderThatNeverDepartedReleasesNothing() {
        var core = FillReleaseCore<Int>()
        #expect(core.filled("a") == nil)
        #expect(core.ended("a") == nil)
        #expect(core.count == 0)
    }
}
