internal import SeawallTime
internal import Synchronization

/// Quick successes of the present slice of time, counted without a lock, each processor on a line of its own.
///
/// A word holds the era in its upper half and a count in its lower half, and is only raised where its era is the
/// caller's: whoever was held up between reading the breaker's word and counting cannot reach a later era.
struct SuccessStripes: ~Copyable, @unchecked Sendable {
    /// Two lines of 64 bytes: neighbouring lines are fetched in pairs.
    private static let spacing = 16

    // No object of its own: that would be retained and released at every call, on one line for all processors.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let number: Int
    private let processors = Processors()

    /// Makes one stripe a processor, at most 16; none for no processor.
    init(processors: Int = Processors.count) {
        var number = min(processors, 1)
        while number < min(processors, 16) { number *= 2 }
        self.number = number
        words = .allocate(capacity: number * Self.spacing)
        for index in 0..<number * Self.spacing { (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        words.deinitialize(count: number * Self.spacing)
        words.deallocate()
    }

    /// Counts a success; false where the stripe is of another era or full.
    @inline(__always)
    func count(era: UInt64) -> Bool {
        guard number > 0 else { return false }
        let word = words + (processors.current & (number - 1)) * Self.spacing
        var seen = word.pointee.load(ordering: .relaxed)
        while true {
            guard seen >> 32 == era & 0xffff_ffff, seen & 0xffff_ffff != 0xffff_ffff else { return false }
            let (exchanged, original) = word.pointee.weakCompareExchange(
                expected: seen, desired: seen + 1, ordering: .relaxed)
            if exchanged { return true }
            seen = original
        }
    }

    /// Takes what was counted out; called under the breaker's lock alone.
    func drain() -> Int {
        var sum = 0
        for stripe in 0..<number {
            let word = words + stripe * Self.spacing
            // Only an era with a count is worth a write, which would take the line away from its processor.
            guard word.pointee.load(ordering: .relaxed) & 0xffff_ffff != 0 else { continue }
            sum += Int(word.pointee.bitwiseAnd(~0xffff_ffff, ordering: .relaxed).oldValue & 0xffff_ffff)
        }
        return sum
    }

    /// Begins an era with nothing counted; called under the breaker's lock alone.
    func begin(era: UInt64) {
        for stripe in 0..<number { (words + stripe * Self.spacing).pointee.store(era << 32, ordering: .relaxed) }
    }
}
