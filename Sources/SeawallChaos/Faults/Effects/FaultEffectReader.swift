internal import SeawallBroker
internal import SeawallTime

/// Reads the keys of an effect, and knows which ones were asked for: no others may be there.
struct FaultEffectReader {
    typealias Key = FaultEffect.CodingKeys

    let fields: KeyedDecodingContainer<Key>
    private(set) var asked: [Key] = []

    init(fields: KeyedDecodingContainer<Key>) {
        self.fields = fields
    }

    mutating func read<Value: Decodable>(_ key: Key) throws -> Value {
        asked.append(key)
        return try named(Value.self) { try $0.decode(Value.self, forKey: key) }
    }

    mutating func readIfPresent<Value: Decodable>(_ key: Key) throws -> Value? {
        asked.append(key)
        return try named(Value.self) { try $0.decodeIfPresent(Value.self, forKey: key) }
    }

    /// Tells of a word that is none of a type's which words are.
    private func named<Read>(
        _ type: Any.Type, _ read: (KeyedDecodingContainer<Key>) throws -> Read
    ) throws -> Read {
        do {
            return try read(fields)
        } catch DecodingError.dataCorrupted(let context) {
            let words = WordList.words(of: type).map { ", expected one of " + $0 } ?? ""
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: context.codingPath, debugDescription: context.debugDescription + words))
        }
    }

    mutating func durationIfPresent() throws -> Duration? {
        asked.append(.duration)
        return try fields.decodeSecondsIfPresent(forKey: .duration)
    }

    mutating func duration() throws -> Duration {
        guard let duration = try durationIfPresent() else { throw missing(.duration, "seconds") }
        return duration
    }

    /// A refusal that says nothing of when to come again says so: null is an answer, and no key is none.
    mutating func retryAfter() throws -> FaultRetryAfter {
        asked.append(.retryAfter)
        guard fields.contains(.retryAfter) else {
            throw missing(.retryAfter, "a text, a date, epochMilliseconds, or null for none")
        }
        return try fields.decodeIfPresent(FaultRetryAfter.self, forKey: .retryAfter) ?? .absent
    }

    private func missing(_ key: Key, _ expected: String) -> DecodingError {
        .keyNotFound(
            key,
            DecodingError.Context(
                codingPath: fields.codingPath, debugDescription: "no \"\(key.stringValue)\", expected \(expected)"))
    }
}
