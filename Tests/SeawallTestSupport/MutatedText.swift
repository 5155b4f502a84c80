internal import SeawallTime

/// Texts as a broken disk, a careless hand or an attacker makes them of a good one.
package struct MutatedText {
    private static let pieces = [
        "null", "true", "-1", "0", "-0.0", "1e308", "1e400", "-1e19", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "1e-320", "0.5", "\"\"", "\"x\"", "{}", "[]", "[[[[", "\\u0000", "\u{0}", "é", ",", ":",
        "\"",
    ]

    private let good: [[UInt8]]
    private var generator: SeededGenerator

    package init(_ good: [String], seed: UInt64) {
        self.good = good.map { Array($0.utf8) }
        generator = SeededGenerator(seed: seed, stream: "mutated text")
    }

    /// The next text: noise now and then, else a good one with a few changes.
    package mutating func next() -> [UInt8] {
        if generator.chance(0.05) {
            return (0..<generator.below(80)).map { _ in UInt8(generator.below(256)) }
        }
        var text = good[Int(generator.below(UInt64(good.count)))]
        for _ in 0...generator.below(2) { change(&text) }
        return text
    }

    private mutating func change(_ text: inout [UInt8]) {
        let place = Int(generator.below(UInt64(text.count + 1)))
        let end = min(text.count, place + Int(generator.below(12)))
        let piece = Array(Self.pieces[Int(generator.below(UInt64(Self.pieces.count)))].utf8)
        switch generator.below(10) {
        case 0 where place < text.count: text[place] ^= 1 << UInt8(generator.below(8))
        case 1: text.removeSubrange(place..<end)
        case 2: text.insert(contentsOf: piece, at: place)
        case 3: text.replaceSubrange(place..<end, with: piece)
        case 4, 5, 6, 7: exchangeDigit(&text)
        default: exchangeValue(&text, piece)
        }
    }

    private mutating func exchangeDigit(_ text: inout [UInt8]) {
        let digits = text.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[$0]) }
        guard !digits.isEmpty else { return }
        text[digits[Int(generator.below(UInt64(digits.count)))]] = UInt8(ascii: "0") + UInt8(generator.below(10))
    }

    /// Puts something else in the place of one value, so that the text stays JSON.
    private mutating func exchangeValue(_ text: inout [UInt8], _ piece: [UInt8]) {
        let colons = text.indices.filter { text[$0] == UInt8(ascii: ":") }
        guard !colons.isEmpty else { return }
        let start = colons[Int(generator.below(UInt64(colons.count)))] + 1
        let end = text[start...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? text.count
        text.replaceSubrange(start..<end, with: piece)
    }
}
