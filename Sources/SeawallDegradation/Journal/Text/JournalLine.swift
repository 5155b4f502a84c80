/// One line of a journal: the checksum of the rest in eight hex digits, a sequence number, and a JSON object.
package enum JournalLine {
    /// Adds a line with its line feed.
    package static func append(_ json: [UInt8], sequence: UInt64, to bytes: inout [UInt8]) {
        var rest = Array(String(sequence).utf8)
        rest.append(UInt8(ascii: " "))
        rest.append(contentsOf: json)
        let digits = String(CRC32C.checksum(rest), radix: 16)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 8 - digits.utf8.count))
        bytes.append(contentsOf: digits.utf8)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: rest)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The sequence number and the JSON of a line without its line feed; nil where its checksum does not hold.
    package static func read(_ line: ArraySlice<UInt8>) -> (sequence: UInt64, json: ArraySlice<UInt8>)? {
        let start = line.startIndex
        guard line.count > 10, line[start + 8] == UInt8(ascii: " ") else { return nil }
        var sum: UInt32 = 0
        for digit in line[start..<(start + 8)] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): sum = sum << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): sum = sum << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        let rest = line[(start + 9)...]
        guard CRC32C.checksum(rest) == sum, let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let sequence = UInt64(String(decoding: rest[..<space], as: UTF8.self))
        else { return nil }
        return (sequence, rest[(space + 1)...])
    }
}
