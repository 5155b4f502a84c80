/// A quick hash of label values, by sixteen bytes at a time.
///
/// Not seeded: values are at most as many as the series limit, so that even values made to collide cost a short search.
struct LabelHash {
    private(set) var state: UInt64 = 0x2d35_8dcc_aa6c_78a5

    @inline(__always)
    mutating func combine(_ bytes: UnsafeRawPointer?, _ count: Int) {
        let length = UInt64(truncatingIfNeeded: count) &* 0x8bb8_4b93_962e_acc9
        guard let bytes, count > 0 else { return mix(length, 0) }
        if count > 16 {
            var offset = 0
            while offset &+ 16 < count {
                mix(Self.word(bytes, offset), Self.word(bytes, offset &+ 8))
                offset &+= 16
            }
            mix(Self.word(bytes, count &- 16) ^ length, Self.word(bytes, count &- 8))
        } else if count >= 8 {
            mix(Self.word(bytes, 0) ^ length, Self.word(bytes, count &- 8))
        } else if count >= 4 {
            let low = UInt64(bytes.loadUnaligned(as: UInt32.self))
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            mix(low ^ length, high)
        } else {
            let first = UInt64(bytes.load(as: UInt8.self))
            let middle = UInt64(bytes.load(fromByteOffset: count &>> 1, as: UInt8.self))
            let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
            mix(first | middle &<< 8 | last &<< 16 ^ length, 0)
        }
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    private mutating func mix(_ first: UInt64, _ second: UInt64) {
        let (high, low) = (state ^ first).multipliedFullWidth(by: second ^ 0x9e37_79b9_7f4a_7c15)
        state = high ^ low ^ 0x4b33_a62e_d433_d4a3
    }
}
