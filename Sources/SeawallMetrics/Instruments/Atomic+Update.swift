internal import Synchronization

extension Atomic where Value == UInt64 {
    /// Replaces the word by what `transform` makes of it, trying again where another thread was quicker.
    @inline(__always)
    borrowing func update(_ transform: (UInt64) -> UInt64) {
        var current = load(ordering: .relaxed)
        while true {
            let (exchanged, original) = weakCompareExchange(
                expected: current, desired: transform(current), ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }
}
