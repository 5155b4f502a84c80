/// A key of a JSON object, whatever its name.
package struct TextKey: CodingKey, Hashable {
    package let stringValue: String

    package var intValue: Int? { nil }

    package init(stringValue: String) { self.stringValue = stringValue }

    package init?(intValue: Int) { nil }
}

extension Decoder {
    /// A container whose keys are all of the kind, or an error that names those that are not.
    ///
    /// A name that nobody reads is a name that is misspelt, and the default in its place would go unseen.
    package func strictContainer<Key: CodingKey & CaseIterable>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        let unknown = try container(keyedBy: TextKey.self).allKeys.map(\.stringValue).filter { !known.contains($0) }
        if !unknown.isEmpty {
            let names = unknown.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: codingPath,
                    debugDescription: "no \(names), but \(Key.allCases.map(\.stringValue).joined(separator: ", "))"))
        }
        return try container(keyedBy: type)
    }
}
