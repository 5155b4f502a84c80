internal import SeawallBroker

/// Makes the client order id of an intent: the same intent gives the same id, in every run and after every restart.
///
/// An intent that is short and plain shows in its id as it is; any other is hashed, so that two intents that differ in
/// a character that venues refuse do not meet in one id. The prefix is closed by a delimiter, so that the ids of a bot
/// `a` are never taken for those of a bot `a-b`. Where a venue takes less than a whole hash, its last characters stand
/// for it: a venue of 18 characters leaves 14 of them, 72 bits, to a prefix of two.
struct ClientOrderIDMint: Sendable {
    private let prefix: String
    private let length: Int

    init(prefix: String, length: Int) {
        self.prefix = prefix + "."
        self.length = length
    }

    func id(for intent: IntentID) -> ClientOrderID {
        let name = intent.rawValue
        let isPlain = !name.isEmpty && name.utf8.allSatisfy(Self.isPlain)
        let plain = prefix + "n" + name
        if isPlain, plain.utf8.count <= length { return ClientOrderID(plain) }
        let head = prefix + "h"
        return ClientOrderID(head + Self.hash(name).suffix(max(1, length - head.utf8.count)))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    /// FNV-1a in 128 bits, in base 36: 25 characters at most.
    private static func hash(_ text: String) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in text.utf8 { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
        return String(hash, radix: 36)
    }
}
