/// What some bytes are as a journal: the records, and what is wrong with them.
///
/// Whatever stands behind the last good line and is no good line was being written when the process or the machine died,
/// and is cut off. Anything else that is wrong means that something is lost that was safe.
package struct JournalContents: Sendable {
    /// The format's name and its version, as the first line says.
    package static let format = "seawall-journal"
    package static let version: Int64 = 1

    /// The records that could be read, in their order; where there is damage, also those behind it.
    package private(set) var records: [JournalRecord] = []

    /// Why the state cannot be trusted; nil where it can.
    package private(set) var damage: JournalError?

    /// How many bytes at the end were torn off.
    package private(set) var torn = 0

    /// The sequence number of the next line.
    package private(set) var nextSequence: UInt64 = 0

    /// Reads all of a journal's bytes.
    package init(_ bytes: [UInt8]) {
        var start = 0
        var number = 0
        var bad: Int?
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let line = end.flatMap { JournalLine.read(bytes[start..<$0]) }
            if let line {
                if let bad { note("line \(bad) is damaged, and good ones stand behind it", .damaged) }
                bad = nil
                torn = 0
                take(line.sequence, line.json, number)
            } else {
                bad = bad ?? number
                torn += (end ?? bytes.count - 1) + 1 - start
            }
            start = (end ?? bytes.count - 1) + 1
        }
        if !hasHeader { note("there is no first line that names the format", .damaged) }
    }

    /// The first line of every journal.
    package static func header(sequence: UInt64) -> [UInt8] {
        var writer = JSONWriter()
        writer.add("format", format)
        writer.add("version", version)
        writer.add("minor", Int64(0))
        var bytes: [UInt8] = []
        JournalLine.append(writer.closed(), sequence: sequence, to: &bytes)
        return bytes
    }

    private var hasHeader = false

    private mutating func take(_ sequence: UInt64, _ json: ArraySlice<UInt8>, _ number: Int) {
        defer { nextSequence = sequence &+ 1 }
        guard number > 1 || hasHeader else { return takeHeader(json) }
        if sequence != nextSequence {
            note(
                "line \(number) has number \(sequence), expected \(nextSequence): lines are missing or repeated",
                .damaged)
        }
        guard let record = JSONReader.object(json).flatMap(JournalRecord.init(json:)) else {
            return note("line \(number) is of a kind that this version does not know", .unknownFormat)
        }
        records.append(record)
    }

    private mutating func takeHeader(_ json: ArraySlice<UInt8>) {
        hasHeader = true
        guard let fields = JSONReader.object(json), fields["format"] == .string(Self.format) else {
            return note("line 1 does not name the format \(Self.format)", .unknownFormat)
        }
        if fields["version"] != .number(Self.version) {
            note("line 1 names another version than \(Self.version)", .unknownFormat)
        }
    }

    /// Keeps the first complaint: what follows is mostly its consequence.
    private mutating func note(_ message: String, _ code: JournalError.Code) {
        if damage == nil { damage = JournalError(code: code, message: message) }
    }
}
