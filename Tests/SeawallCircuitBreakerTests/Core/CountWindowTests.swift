import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// The ring of the last calls against a list of them, with successes that come one by one and many at once.
@Suite struct CountWindowTests {
    private struct Call: Hashable {
        var isFailure = false
        var isSlow = false
    }

    @Test(arguments: [1, 2, 3, 7, 63, 64, 65, 100, 127, 128, 129, 200], [false, true])
    func itCountsTheLastCalls(size: Int, countsSlow: Bool) {
        var evicted = 0
        for seed in UInt64(0)..<20 {
            var generator = SeededGenerator(seed: seed, stream: "count window \(size)")
            var window = CountWindow(size: size, countsSlow: countsSlow)
            var calls: [Call] = []
            for _ in 0..<200 {
                switch generator.below(10) {
                case 0:
                    let count = Int(generator.below(UInt64(2 * size + 2)))
                    window.add(quickSuccesses: count)
                    calls += Array(repeating: Call(), count: count)
                case 1 where generator.chance(0.1):
                    window.clear()
                    calls = []
                default:
                    let call = Call(isFailure: generator.chance(0.4), isSlow: generator.chance(0.3))
                    window.add(isFailure: call.isFailure, isSlow: call.isSlow)
                    calls.append(call)
                }
                evicted += max(calls.count - size, 0)
                calls = Array(calls.suffix(size))
                let failures = calls.count(where: \.isFailure)
                let slow = countsSlow ? calls.count(where: \.isSlow) : 0
                guard window.tally == WindowTally(calls: calls.count, failures: failures, slow: slow) else {
                    Issue.record("seed \(seed): \(window.tally), not \(calls.count), \(failures) and \(slow)")
                    return
                }
            }
        }
        #expect(evicted > 1_000)
    }

    @Test func asManySuccessesAsThereCanBeFillIt() {
        var window = CountWindow(size: 70, countsSlow: true)
        window.add(isFailure: true, isSlow: true)
        window.add(quickSuccesses: .max)
        #expect(window.tally == WindowTally(calls: 70))
        window.add(quickSuccesses: .max)
        window.add(isFailure: true, isSlow: false)
        #expect(window.tally == WindowTally(calls: 70, failures: 1))
    }
}
