import SeawallTime
import Testing

@testable import SeawallBackoff

@Suite struct LatencyTrackerTests {
    @Test func quantilesAgreeWithASortedListOfTheLastOnes() {
        for seed in 0..<60 {
            var generator = SeededGenerator(seed: UInt64(seed), stream: "latency")
            let capacity = 1 + Int(generator.below(40))
            var window = LatencyWindow(capacity: capacity)
            var all: [Int64] = []
            for _ in 0..<150 {
                let sample = Int64(generator.below(generator.chance(0.5) ? 5 : 1_000_000))
                window.record(sample)
                all.append(sample)
                let last = all.suffix(capacity).sorted()
                #expect(window.count == last.count)
                for permille in [1, 250, 500, 900, 950, 999, 1_000] {
                    // The nearest rank: the first value that so many thousandths do not pass.
                    let expected = last.indices.first { ($0 + 1) * 1_000 >= last.count * permille }.map { last[$0] }
                    #expect(window.quantile(permille: permille) == expected)
                }
            }
        }
    }

    @Test func tooFewSamplesAreNoAnswer() throws {
        let tracker = try LatencyTracker(capacity: 8, leastSamples: 3)
        #expect(tracker.quantile(permille: 500) == nil)
        tracker.record(.seconds(1))
        tracker.record(.seconds(-5))
        #expect(tracker.quantile(permille: 500) == nil)
        tracker.record(.seconds(3))
        #expect(tracker.quantile(permille: 500) == .seconds(1))
        #expect(tracker.quantile(permille: .min) == .zero)
        #expect(tracker.quantile(permille: .max) == .seconds(3))
    }

    @Test func nonsenseIsRefusedFieldByField() {
        let error = #expect(throws: InvalidFields.self) { _ = try LatencyTracker(capacity: 0, leastSamples: 0) }
        #expect(error?.fields.map(\.name) == ["capacity", "leastSamples"])
        #expect(throws: InvalidFields.self) { _ = try LatencyTracker(capacity: 10, leastSamples: 11) }
    }
}
