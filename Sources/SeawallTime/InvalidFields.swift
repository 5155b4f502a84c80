/// Values that make no sense, all of them at once: each with its name, what it is and what was expected.
public struct InvalidFields: Error, Hashable, Sendable {
    /// One bad value.
    public struct Field: Hashable, Sendable {
        /// The name of the field, as a path where it lies deeper: `limits[2].window`.
        public var name: String

        /// What it is.
        public var value: String

        /// What was expected.
        public var expected: String

        /// Makes a description of a bad value.
        public init(name: String, value: String, expected: String) {
            self.name = name
            self.value = value
            self.expected = expected
        }
    }

    /// What the fields belong to: `order`, `venue profile`.
    public var subject: String

    /// The bad fields, in the order in which they are declared; never empty where the error was thrown.
    public var fields: [Field]

    /// Makes an error.
    public init(subject: String, fields: [Field]) {
        self.subject = subject
        self.fields = fields
    }
}

extension InvalidFields: CustomStringConvertible {
    /// The subject and every bad field on one line.
    public var description: String {
        "invalid \(subject): "
            + fields.map { "\($0.name) is \($0.value), expected \($0.expected)" }.joined(separator: "; ")
    }
}

extension InvalidFields {
    /// Notes a bad field unless `isGood`.
    package mutating func check(_ isGood: Bool, _ name: String, _ value: some Any, _ expected: String) {
        if !isGood { fields.append(Field(name: name, value: "\(value)", expected: expected)) }
    }

    /// Takes the fields of another error in, under a prefix.
    package mutating func merge(_ other: InvalidFields, under prefix: String) {
        fields += other.fields.map { Field(name: "\(prefix).\($0.name)", value: $0.value, expected: $0.expected) }
    }

    /// Throws itself where it has noted anything.
    package func throwIfAny() throws(InvalidFields) {
        if !fields.isEmpty { throw self }
    }
}
