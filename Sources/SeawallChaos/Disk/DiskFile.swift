internal import SeawallTime

/// The core of one simulated file: what a process sees of it, and what a loss of power would leave.
///
/// Bytes are added to what is seen, and a sync stores them. A sync that fails may give bytes up for good: they are seen
/// until the next loss of power, and no later sync stores them, as with a page cache that marks them clean.
struct DiskFile: Sendable {
    /// What a process reads; nil where there is no file.
    private(set) var seen: [UInt8]?
    /// What a loss of power leaves at least; nil for no file.
    ///
    /// It is never longer than what is seen.
    private(set) var stored: [UInt8]?
    /// True where reading fails.
    private(set) var isUnreadable = false

    private var givenUp: [Range<Int>] = []
    private var promised: [UInt8] = []
    private var promisedHoles: [Range<Int>] = []
    private var isDeleted = false

    /// True where what was kept is gone.
    var isMissing: Bool { isDeleted && seen == nil }

    /// True where something that was made safe is not there any more as it was.
    var isDamaged: Bool {
        let seen = seen ?? []
        guard seen.count >= promised.count else { return true }
        return promised.indices.contains { index in
            seen[index] != promised[index] && !promisedHoles.contains { $0.contains(index) }
        }
    }

    private var storedCount: Int { stored?.count ?? 0 }

    /// How many bytes a loss of power could take.
    var unsafeCount: Int { (seen?.count ?? 0) - storedCount }

    /// Adds bytes at the end, the first `count` of them.
    mutating func append(_ bytes: [UInt8], count: Int? = nil) {
        if seen == nil { seen = [] }
        seen?.append(contentsOf: bytes.prefix(count ?? bytes.count))
    }

    /// Stores everything that was added, but for what was given up before.
    mutating func sync() {
        guard let seen else { return }
        store(unsafeCount)
        if seen.count > promised.count { promised.append(contentsOf: seen[promised.count...]) }
        promisedHoles += givenUp
        givenUp = []
    }

    /// Stores the first `count` bytes of what was added, and tells nobody.
    mutating func store(_ count: Int) {
        guard let tail else { return }
        if stored == nil { stored = [] }
        stored?.append(contentsOf: tail.prefix(count))
    }

    /// A sync that failed, and after which nothing that was added so far will ever be stored.
    mutating func giveUp() {
        guard let seen, seen.count > storedCount else { return }
        givenUp = [storedCount..<seen.count]
    }

    /// Puts bytes in the place of everything, stored at once.
    mutating func replace(with bytes: [UInt8]) {
        (seen, stored, promised) = (bytes, bytes, bytes)
        (givenUp, promisedHoles) = ([], [])
        isUnreadable = false
        isDeleted = false
    }

    /// Loses power: of what was not stored nothing remains, or all, or a part from its beginning, and behind that part
    /// perhaps room that was set aside and never written.
    mutating func losePower(using generator: inout SeededGenerator) {
        // Two draws whatever there is to lose, so that one file's loss shifts no other's.
        let (kind, cut) = (generator.below(4), generator.below(UInt64(unsafeCount) + 1))
        defer {
            seen = stored
            givenUp = []
        }
        guard let tail, !tail.isEmpty || stored == nil else { return }
        switch kind {
        case 0: break
        case 1: store(tail.count)
        case 2: store(Int(cut))
        default:
            store(Int(cut))
            stored?.append(contentsOf: [UInt8](repeating: 0, count: tail.count - Int(cut)))
        }
    }

    /// Does harm to what is seen and what is stored alike.
    mutating func corrupt(_ corruption: DiskCorruption) {
        switch corruption {
        case .flip(let bit):
            guard let count = seen?.count, count > 0 else { return }
            let place = bit.magnitude % UInt(count * 8)
            let (index, mask) = (Int(place / 8), UInt8(1) << (place % 8))
            seen?[index] ^= mask
            if index < storedCount { stored?[index] ^= mask }
        case .cut(let count):
            seen = seen.map { Array($0.prefix(max(0, count))) }
            stored = stored.map { Array($0.prefix(max(0, count))) }
            givenUp = givenUp.filter { $0.upperBound <= max(0, count) }
        case .delete:
            isDeleted = seen != nil || isDeleted
            (seen, stored, givenUp) = (nil, nil, [])
        case .rubbish(let bytes): (seen, stored, givenUp) = (bytes, bytes, [])
        case .unreadable: isUnreadable = true
        }
    }

    /// What a sync would store behind what is stored: zeros where bytes were given up.
    private var tail: [UInt8]? {
        guard let seen else { return nil }
        var tail = Array(seen.dropFirst(storedCount))
        for index in givenUp.joined() where (storedCount..<seen.count).contains(index) {
            tail[index - storedCount] = 0
        }
        return tail
    }
}
