import Synchronization

/// Counts the allocations of the whole process, where that can be done.
///
/// On Linux with glibc it can, see `AllocationHooks`; elsewhere nothing is counted. Counting is off while time is taken.
struct AllocationCounter {
    /// Whether counting was seen to work: it found the allocations of a loop that makes some, and none in one that does not.
    let isReliable: Bool

    init() {
        AllocationHooks.install()
        let thousand = Self.count {
            for value in 0..<1_000 { keep(Box(value)) }
        }
        let none = Self.count {
            for value in 0..<1_000 { keep(value) }
        }
        isReliable = thousand >= 1_000 && thousand <= 1_010 && none == 0
    }

    /// Allocations made while `body` runs, by whatever thread; nil where they cannot be counted.
    func allocations(in body: () throws -> Void) rethrows -> Int? {
        isReliable ? try Self.count(body) : nil
    }

    private static func count(_ body: () throws -> Void) rethrows -> Int {
        let before = AllocationHooks.counted.load(ordering: .relaxed)
        AllocationHooks.isCounting.store(true, ordering: .relaxed)
        defer { AllocationHooks.isCounting.store(false, ordering: .relaxed) }
        try body()
        return AllocationHooks.counted.load(ordering: .relaxed) - before
    }

    private final class Box {
        let value: Int

        init(_ value: Int) { self.value = value }
    }
}
