/// Reads settings that are texts by name, as environment variables are, and keeps every fault.
///
/// A setting that is missing or empty is not set.
package struct SettingsReader: Sendable {
    private let settings: [String: String]

    /// What could not be read, or makes no sense.
    package private(set) var invalid: InvalidFields

    package init(_ settings: [String: String], subject: String) {
        self.settings = settings
        invalid = InvalidFields(subject: subject, fields: [])
    }

    /// A whole number in a range; nil where it is not set, or is none.
    package mutating func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
        read(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number in a range; nil where it is not set, or is none.
    package mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        read(name, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A duration in seconds, above zero; nil where it is not set, or is none.
    package mutating func seconds(_ name: String) -> Duration? {
        read(name, "a number of seconds above 0 and under 292 years") { text in
            Double(text).flatMap { Duration(exactSeconds: $0) }.flatMap { $0 > .zero ? $0 : nil }
        }
    }

    /// Whether something is on, in letters of either case; nil where it is not set, or is neither.
    package mutating func flag(_ name: String) -> Bool? {
        read(name, "true or 1, or false or 0") { text in
            switch text.lowercased() {
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        }
    }

    /// What a setting says, made into a value; nil where it is not set, or cannot be made into one.
    ///
    /// - Parameter isSecret: Whether the text is left out of the error.
    package mutating func value<Value>(
        _ name: String, isSecret: Bool = false, expected: String, _ make: (String) -> Value?
    ) -> Value? {
        read(name, isSecret: isSecret, expected, make)
    }

    /// Notes what another check has found of values that were read, by the names of their settings.
    package mutating func note(_ found: InvalidFields, as names: [String: String]) {
        invalid.fields += found.fields.map { field in
            InvalidFields.Field(name: names[field.name] ?? field.name, value: field.value, expected: field.expected)
        }
    }

    private mutating func read<Value>(
        _ name: String, isSecret: Bool = false, _ expected: String, _ make: (String) -> Value?
    ) -> Value? {
        guard let text = settings[name], !text.isEmpty else { return nil }
        let value = make(text)
        invalid.check(value != nil, name, isSecret ? "(not shown)" : "\"\(text)\"", expected)
        return value
    }
}
