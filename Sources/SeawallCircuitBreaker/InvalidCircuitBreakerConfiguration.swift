/// A circuit breaker's configuration that makes no sense; it lists every bad field at once.
public struct InvalidCircuitBreakerConfiguration: Error, Hashable, Sendable, CustomStringConvertible {
    /// One field whose value lies outside its allowed range.
    public struct BadField: Hashable, Sendable, CustomStringConvertible {
        /// The field's name.
        public var name: String

        /// The value that was given.
        public var value: String

        /// The values that are allowed, in words.
        public var allowed: String

        /// Makes the record of a bad field.
        public init(name: String, value: String, allowed: String) {
            self.name = name
            self.value = value
            self.allowed = allowed
        }

        /// Name, value and allowed range in one phrase.
        public var description: String { "\(name) is \(value), allowed is \(allowed)" }
    }

    /// Every bad field, in the order of the configuration; never empty where it was thrown.
    public var badFields: [BadField]

    /// Makes the error from its fields.
    public init(badFields: [BadField]) {
        self.badFields = badFields
    }

    /// All bad fields in one line.
    public var description: String {
        "invalid circuit breaker configuration: " + badFields.map(\.description).joined(separator: "; ")
    }
}
