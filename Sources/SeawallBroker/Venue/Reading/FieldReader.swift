internal import SeawallTime

/// Reads the fields of an object one by one, and keeps every fault instead of stopping at the first.
struct FieldReader<Key: CodingKey & CaseIterable> {
    private let fields: KeyedDecodingContainer<Key>
    private let unknown: [String]
    private let codingPath: [any CodingKey]
    private var faults: InvalidFields

    init(_ decoder: any Decoder, subject: String) throws {
        fields = try decoder.container(keyedBy: Key.self)
        let known = Set(Key.allCases.map(\.stringValue))
        let names = try decoder.container(keyedBy: TextKey.self).allKeys.map(\.stringValue)
        unknown = names.filter { !known.contains($0) }.sorted()
        codingPath = decoder.codingPath
        faults = InvalidFields(subject: subject, fields: [])
    }

    /// The value of a field that must be there; nil where it is at fault.
    mutating func required<Value: Decodable>(_ key: Key, as type: Value.Type) -> Value? {
        attempt(as: type) { try $0.fields.decode(type, forKey: key) }
    }

    /// The value of a field, or nil where it is missing or at fault.
    mutating func optional<Value: Decodable>(_ key: Key, as type: Value.Type) -> Value? {
        attempt(as: type) { try $0.fields.decodeIfPresent(type, forKey: key) } ?? nil
    }

    /// Puts the value of a field in place of the default.
    mutating func read<Value: Decodable>(_ key: Key, into value: inout Value) {
        if let read = optional(key, as: Value.self) { value = read }
    }

    /// Puts a duration, written as seconds, in place of the default.
    mutating func read(seconds key: Key, into value: inout Duration) {
        let read = attempt { try $0.fields.decodeSecondsIfPresent(forKey: key) } ?? nil
        if let read { value = read }
    }

    /// Reads a list, each element by itself.
    mutating func read<Element: Decodable>(list key: Key, into value: inout [Element]) {
        guard fields.contains(key), var list = attempt({ try $0.fields.nestedUnkeyedContainer(forKey: key) }) else {
            return
        }
        var elements: [Element] = []
        while !list.isAtEnd {
            do {
                elements.append(try list.decode(Element.self))
            } catch {
                note(error, of: Element.self)
                // What cannot be stepped over ends the list.
                if (try? list.decode(Anything.self)) == nil { break }
            }
        }
        value = elements
    }

    /// Reads an object, the value of each key by itself.
    mutating func read<Name: FieldName, Value: Decodable>(object key: Key, into value: inout [Name: Value]) {
        guard fields.contains(key),
            let object = attempt({ try $0.fields.nestedContainer(keyedBy: TextKey.self, forKey: key) })
        else { return }
        value = self.object(object) { reader, key in
            reader.attempt { _ in try object.decode(Value.self, forKey: key) }
        }
    }

    /// Reads an object of objects, the value of each inner key by itself.
    mutating func read<Name: FieldName, Inner: FieldName, Value>(
        objects key: Key, into value: inout [Name: [Inner: Value]]
    ) where Value: Decodable {
        guard fields.contains(key),
            let outer = attempt({ try $0.fields.nestedContainer(keyedBy: TextKey.self, forKey: key) })
        else { return }
        value = object(outer) { reader, key in
            let nested = reader.attempt { _ in try outer.nestedContainer(keyedBy: TextKey.self, forKey: key) }
            guard let nested else { return nil }
            return reader.object(nested) { reader, key in
                reader.attempt { _ in try nested.decode(Value.self, forKey: key) }
            }
        }
    }

    /// Throws where anything was at fault, or a key was not asked for; the error's cause lists all of it.
    func finish() throws {
        var faults = faults
        let names = Key.allCases.map(\.stringValue).joined(separator: ", ")
        for name in unknown { faults.check(false, name, "there", "no field of this name, but of \(names)") }
        guard !faults.fields.isEmpty else { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath, debugDescription: faults.description, underlyingError: faults))
    }

    private mutating func object<Name: FieldName, Value>(
        _ container: KeyedDecodingContainer<TextKey>, _ read: (inout Self, TextKey) -> Value?
    ) -> [Name: Value] {
        var values: [Name: Value] = [:]
        for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            guard let name = Name(name: key.stringValue) else {
                let path = Self.path(container.codingPath.dropFirst(codingPath.count) + [key])
                faults.check(false, path, key.stringValue.quoted, "the name of one of \(Name.self)")
                continue
            }
            values[name] = read(&self, key)
        }
        return values
    }

    private mutating func attempt<Value>(
        as type: Any.Type = Value.self, _ read: (Self) throws -> Value
    ) -> Value? {
        do {
            return try read(self)
        } catch {
            note(error, of: type)
            return nil
        }
    }

    private mutating func note(_ error: any Error, of type: Any.Type) {
        let (path, value, expected): ([any CodingKey], String, String) =
            switch error {
            case DecodingError.typeMismatch(let type, let context): (context.codingPath, "of another kind", "\(type)")
            case DecodingError.valueNotFound(let type, let context): (context.codingPath, "null", "\(type)")
            case DecodingError.keyNotFound(let key, let context): (context.codingPath + [key], "missing", "a value")
            case DecodingError.dataCorrupted(let context):
                (
                    context.codingPath, "not understood",
                    WordList.words(of: type).map { "one of " + $0 } ?? context.debugDescription
                )
            default: (codingPath, "not understood", "\(error)")
            }
        faults.check(false, Self.path(path.dropFirst(codingPath.count)), value, expected)
    }

    /// Keys as a path, `errors[2].status`.
    private static func path(_ keys: some Sequence<any CodingKey>) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path
    }
}

/// Whatever there is, to step over it.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}
