import SeawallTime

extension SeededGenerator {
    /// Text that a careless writer would break on.
    mutating func nastyText() -> String {
        let scalars: [Unicode.Scalar] = [
            "\"", "\\", "\n", "\r", "\t", "\0", "{", "}", ",", "=", "#", " ", "n", "a", "\u{1F600}", "\u{2028}", "é",
        ]
        var view = String.UnicodeScalarView()
        for _ in 0..<Int(below(6)) { view.append(scalars[Int(below(UInt64(scalars.count)))]) }
        return String(view)
    }

    /// The same, as the output shows it.
    static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(below(UInt64(elements.count)))]
    }
}
