/// A running FNV-1a hash of everything that a simulation decided, 64 bits.
///
/// Every record begins with its kind and writes numbers as base-128 digits and texts with their length, so that two
/// different histories never feed it the same bytes.
struct TraceHash: Equatable {
    /// What a record tells.
    enum Record: UInt8 {
        case pick = 1
        case timeMove = 2
        case note = 3
    }

    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// One of `count` ready jobs was picked.
    mutating func addPick(_ position: UInt64, of count: UInt64) {
        add(Record.pick.rawValue)
        add(position)
        add(count)
    }

    /// Virtual time moved on by so many nanoseconds.
    mutating func addTimeMove(_ nanoseconds: UInt64) {
        add(Record.timeMove.rawValue)
        add(nanoseconds)
    }

    /// The simulated code left a note.
    mutating func addNote(_ text: String) {
        add(Record.note.rawValue)
        add(UInt64(text.utf8.count))
        for byte in text.utf8 { add(byte) }
    }

    private mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    private mutating func add(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            add(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        add(UInt8(truncatingIfNeeded: rest))
    }
}
