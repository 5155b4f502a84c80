internal import SeawallTime
internal import Synchronization

/// A bucket's count and sum, changed and read together.
struct HistogramCell: ~Copyable, Sendable {
    #if _pointerBitWidth(_64)
    private let pair = Atomic(WordPair(first: 0, second: 0))

    /// Counts one observation and lets `sum` make the new sum's bits of the old.
    @inline(__always)
    borrowing func record(_ sum: (UInt64) -> UInt64) {
        var current = pair.load(ordering: .relaxed)
        while true {
            let next = WordPair(first: current.first &+ 1, second: UInt(sum(UInt64(current.second))))
            let (exchanged, original) = pair.weakCompareExchange(
                expected: current, desired: next, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    borrowing func load() -> (count: UInt64, sum: UInt64) {
        let current = pair.load(ordering: .relaxed)
        return (UInt64(current.first), UInt64(current.second))
    }
    #else
    // Two words of a narrow machine do not hold them.
    private let pair = Lock<[UInt64]>([0, 0])

    borrowing func record(_ sum: (UInt64) -> UInt64) {
        pair.withLock { pair in
            pair[0] &+= 1
            pair[1] = sum(pair[1])
        }
    }

    borrowing func load() -> (count: UInt64, sum: UInt64) {
        let pair = pair.withLock { $0 }
        return (pair[0], pair[1])
    }
    #endif
}
