internal import SeawallTime

/// The last calls: a ring of one bit a call for failures, and one more for slowness where that counts.
struct CountWindow: Hashable, Sendable {
    private let size: Int
    /// How many words a ring takes.
    private let length: Int
    /// The ring of failures, and behind it that of slowness; places that were never written hold no bit.
    private var bits: [UInt64]
    private var position = 0
    private(set) var tally = WindowTally()

    init(size: Int, countsSlow: Bool) {
        self.size = max(size, 1)
        length = (self.size + 63) / 64
        bits = Array(repeating: 0, count: countsSlow ? 2 * length : length)
    }

    /// Counts one call.
    mutating func add(isFailure: Bool, isSlow: Bool) {
        tally.calls = min(tally.calls + 1, size)
        let (word, bit) = (position / 64, UInt64(position % 64))
        tally.failures += put(isFailure, at: bit, of: word)
        if bits.count > length { tally.slow += put(isSlow, at: bit, of: length + word) }
        position = position + 1 == size ? 0 : position + 1
    }

    /// Counts as many calls that neither failed nor were slow.
    mutating func add(quickSuccesses count: Int) {
        tally.calls = min(tally.calls.addingSaturating(count), size)
        // Without a bit the ring looks the same from every place: there is nothing to overwrite and no need to move.
        guard tally.failures + tally.slow > 0 else { return }
        let end = position + min(count, size)
        clear(position..<min(end, size))
        clear(0..<max(end - size, 0))
        position = end < size ? end : end - size
    }

    mutating func clear() {
        clear(0..<size)
        position = 0
        tally = WindowTally()
    }

    /// Writes one bit, and says by how much there are more of them now.
    private mutating func put(_ isSet: Bool, at bit: UInt64, of word: Int) -> Int {
        let new: UInt64 = isSet ? 1 : 0
        let old = bits[word] >> bit & 1
        bits[word] ^= (old ^ new) << bit
        return Int(new) - Int(old)
    }

    /// Takes out the bits of calls that are forgotten.
    private mutating func clear(_ places: Range<Int>) {
        var place = places.lowerBound
        while place < places.upperBound {
            let (word, bit) = (place / 64, place % 64)
            let count = min(64 - bit, places.upperBound - place)
            let mask = (UInt64.max >> UInt64(64 - count)) << UInt64(bit)
            tally.failures -= (bits[word] & mask).nonzeroBitCount
            bits[word] &= ~mask
            if bits.count > length {
                tally.slow -= (bits[length + word] & mask).nonzeroBitCount
                bits[length + word] &= ~mask
            }
            place += count
        }
    }
}
