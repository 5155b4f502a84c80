/// What a user gave that cannot be used: one line that names what, its value, and what was expected.
struct BadInput: Error, Equatable, CustomStringConvertible {
    /// The line, without a line feed whatever the value held.
    let message: String

    init(_ message: String) { self.message = message }

    var description: String { message }

    /// A value as an error shows it: in quotes, on one line, and not longer than a line should be.
    static func quoted(_ value: some StringProtocol) -> String {
        var text = "\""
        for (index, scalar) in value.unicodeScalars.enumerated() {
            if index == 80 {
                text += "…"
                break
            }
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
