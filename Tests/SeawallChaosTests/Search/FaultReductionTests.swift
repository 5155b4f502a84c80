import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct FaultReductionTests {
    @Test func whatMattersIsLeftAndNothingElse() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed, stream: "reduction")
            let count = 1 + Int(generator.below(200))
            let needed = (0..<Int(generator.below(4))).map { _ in Int(generator.below(UInt64(count))) }
            let meant = Set(needed)
            var asked = 0
            let left = FaultReduction.reduce(Array(0..<count)) { kept in
                asked += 1
                return meant.isSubset(of: kept)
            }
            #expect(left == meant.sorted())
            #expect(asked <= count * count + 3 * count + 1)
            if meant.count == 1 { #expect(asked <= 20, "\(asked) of \(count)") }
        }
    }

    /// The condition need not be monotone: what is left cannot lose any one element all the same.
    @Test func noElementCanBeTakenOutOfWhatIsLeft() {
        for seed in 0..<300 as Range<UInt64> {
            func isStillSo(_ kept: [Int]) -> Bool {
                guard kept.count < 12 else { return true }
                var generator = SeededGenerator(seed: seed, stream: "\(kept)")
                return !kept.isEmpty && generator.chance(0.3)
            }
            let left = FaultReduction.reduce(Array(0..<12), isStillSo)
            #expect(isStillSo(left))
            guard left.count > 1 else { continue }
            for index in left.indices {
                var fewer = left
                fewer.remove(at: index)
                #expect(!isStillSo(fewer), "\(left) without \(left[index])")
            }
        }
    }

    @Test func nothingIsReducedToNothing() {
        #expect(FaultReduction.reduce([Int]()) { _ in true }.isEmpty)
        #expect(FaultReduction.reduce([1, 2, 3]) { _ in true }.isEmpty)
        #expect(FaultReduction.reduce([1, 2, 3]) { $0.count == 3 } == [1, 2, 3])
    }
}
