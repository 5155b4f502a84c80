internal import SeawallTime
internal import Synchronization

/// A bucket's count and sum, changed together by one instruction; found at an address, since a histogram's copies lie in
/// memory that it lays out itself.
enum HistogramCell {
    #if _pointerBitWidth(_64)
    /// The bytes that a cell takes.
    static let size = 16

    static func initialize(at address: UnsafeMutableRawPointer) {
        address.initializeMemory(as: Atomic<WordPair>.self, to: Atomic(WordPair(first: 0, second: 0)))
    }

    static func deinitialize(at address: UnsafeMutableRawPointer) {}

    /// Counts one observation and lets `sum` make the new sum's bits of the old; false where another thread was quicker.
    @inline(__always)
    static func tryRecord(at address: UnsafeMutableRawPointer, _ sum: (UInt64) -> UInt64) -> Bool {
        // The words are guessed one by one, each an atomic load: to load both at once costs as much as the exchange,
        // which refuses a guess of two times.
        let words = address.assumingMemoryBound(to: Atomic<UInt>.self)
        let first = words.pointee.load(ordering: .relaxed)
        let second = (words + 1).pointee.load(ordering: .relaxed)
        return address.assumingMemoryBound(to: Atomic<WordPair>.self).pointee.compareExchange(
            expected: WordPair(first: first, second: second),
            desired: WordPair(first: first &+ 1, second: UInt(sum(UInt64(second)))), ordering: .relaxed
        ).exchanged
    }

    static func load(at address: UnsafeMutableRawPointer) -> (count: UInt64, sum: UInt64) {
        let pair = address.assumingMemoryBound(to: Atomic<WordPair>.self).pointee.load(ordering: .relaxed)
        return (UInt64(pair.first), UInt64(pair.second))
    }
    #else
    // Two words of a narrow machine do not hold them.
    private final class Box: Sendable {
        let pair = Lock<[UInt64]>([0, 0])
    }

    static let size = 16

    static func initialize(at address: UnsafeMutableRawPointer) {
        address.initializeMemory(as: Box.self, to: Box())
    }

    static func deinitialize(at address: UnsafeMutableRawPointer) {
        address.assumingMemoryBound(to: Box.self).deinitialize(count: 1)
    }

    static func tryRecord(at address: UnsafeMutableRawPointer, _ sum: (UInt64) -> UInt64) -> Bool {
        address.assumingMemoryBound(to: Box.self).pointee.pair.withLock { pair in
            pair[0] &+= 1
            pair[1] = sum(pair[1])
        }
        return true
    }

    static func load(at address: UnsafeMutableRawPointer) -> (count: UInt64, sum: UInt64) {
        let pair = address.assumingMemoryBound(to: Box.self).pointee.pair.withLock { $0 }
        return (pair[0], pair[1])
    }
    #endif
}
