/// One series as the lookup sees it: plain memory, so that to look at it counts no references.
///
/// The label values follow in the order of the sorted names, each as its length in two bytes and then its bytes.
struct SeriesEntry {
    let hash: UInt64

    /// The handle, held by the series of the table.
    let instrument: Unmanaged<AnyObject>

    /// Makes an entry and its values in one piece of memory, which is the caller's to free.
    static func allocate(
        _ values: [String], hash: UInt64, instrument: AnyObject
    ) -> UnsafeMutablePointer<SeriesEntry> {
        var key: [UInt8] = []
        for value in values {
            let count = value.utf8.count
            key.append(UInt8(truncatingIfNeeded: count))
            key.append(UInt8(truncatingIfNeeded: count >> 8))
            key.append(contentsOf: value.utf8)
        }
        let size = MemoryLayout<SeriesEntry>.stride
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: size + key.count, alignment: MemoryLayout<SeriesEntry>.alignment)
        key.withUnsafeBytes { key in
            if let start = key.baseAddress { (memory + size).copyMemory(from: start, byteCount: key.count) }
        }
        return memory.initializeMemory(
            as: SeriesEntry.self, to: SeriesEntry(hash: hash, instrument: .passUnretained(instrument)))
    }

    /// Where the values begin.
    @inline(__always)
    static func key(of entry: UnsafeMutablePointer<SeriesEntry>) -> UnsafeRawPointer {
        UnsafeRawPointer(entry) + MemoryLayout<SeriesEntry>.stride
    }

    /// Whether the value at `cursor` is this one; moves the cursor behind it if so.
    @inline(__always)
    static func takes(_ cursor: inout UnsafeRawPointer, _ bytes: UnsafeRawPointer?, _ count: Int) -> Bool {
        guard Int(cursor.loadUnaligned(as: UInt16.self).littleEndian) == count else { return false }
        let start = cursor + 2
        cursor = start + count
        guard count > 0, let bytes else { return true }
        return isSame(start, bytes, count)
    }

    /// Compares by words, the last of them overlapping the one before it.
    @inline(__always)
    private static func isSame(_ mine: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                if word(mine, offset) != word(other, offset) { return false }
                offset &+= 8
            }
            return word(mine, count &- 8) == word(other, count &- 8)
        }
        var offset = 0
        while offset < count {
            if mine.load(fromByteOffset: offset, as: UInt8.self) != other.load(fromByteOffset: offset, as: UInt8.self) {
                return false
            }
            offset &+= 1
        }
        return true
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
