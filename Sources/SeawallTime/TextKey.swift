/// A key of a JSON object, whatever its name.
package struct TextKey: CodingKey, Hashable {
    package let stringValue: String

    package var intValue: Int? { nil }

    package init(stringValue: String) { self.stringValue = stringValue }

    package init?(intValue: Int) { nil }
}

extension Decoder {
    /// A container whose keys are all of the kind, or an error that names those that are not.
    package func strictContainer<Key: CodingKey & CaseIterable>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        try refuseKeys(besides: Key.allCases.map(\.stringValue))
        return try container(keyedBy: type)
    }

    /// Throws an error that names every key that is none of those known, and what is known instead.
    ///
    /// A name that nobody reads is a name that is misspelt, and the default in its place would go unseen.
    package func refuseKeys(besides known: [String], of subject: String? = nil) throws {
        let unknown = try container(keyedBy: TextKey.self).allKeys.map(\.stringValue).filter { !known.contains($0) }
        guard !unknown.isEmpty else { return }
        let names = unknown.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        let place = subject.map { " in \($0)" } ?? ""
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "no \(names)\(place), but \(known.joined(separator: ", "))"))
    }
}
