/// The last calls: a ring of one bit a call for failures, and one more for slowness where that counts.
struct CountWindow: Hashable, Sendable {
    private let size: Int
    private var failed: [UInt64]
    private var slow: [UInt64]
    private var position = 0
    private(set) var tally = WindowTally()

    init(size: Int, countsSlow: Bool) {
        self.size = size
        let words = (max(size, 0) + 63) / 64
        failed = Array(repeating: 0, count: words)
        slow = countsSlow ? failed : []
    }

    mutating func add(isFailure: Bool, isSlow: Bool) {
        let word = position / 64
        let mask: UInt64 = 1 << UInt64(position % 64)
        if tally.calls == size {
            if failed[word] & mask != 0 { tally.failures -= 1 }
            if !slow.isEmpty, slow[word] & mask != 0 { tally.slow -= 1 }
        } else {
            tally.calls += 1
        }
        if isFailure {
            failed[word] |= mask
            tally.failures += 1
        } else {
            failed[word] &= ~mask
        }
        if !slow.isEmpty {
            if isSlow {
                slow[word] |= mask
                tally.slow += 1
            } else {
                slow[word] &= ~mask
            }
        }
        position = position + 1 == size ? 0 : position + 1
    }

    mutating func clear() {
        for index in failed.indices { failed[index] = 0 }
        for index in slow.indices { slow[index] = 0 }
        position = 0
        tally = WindowTally()
    }
}
