#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A value that is read with nothing left over: a key that it does not take, at any depth, is refused by its name.
///
/// What it takes is seen from how it is written again: a key that is not there then was read by nobody.
struct StrictValue<Value: Codable>: Decodable {
    let value: Value

    init(from decoder: any Decoder) throws {
        value = try Value(from: decoder)
        let written = try JSONDecoder().decode(Shape.self, from: JSONEncoder().encode([value]))
        guard case .list(let items) = written, let known = items.first else { return }
        try Shape(from: decoder).refuseKeys(besides: known, at: decoder.codingPath)
    }
}

/// The names and places in a value of JSON, without what stands there.
private enum Shape: Decodable {
    case object([String: Shape])
    case list([Shape])
    case scalar
    case null

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let fields = try? decoder.container(keyedBy: Name.self) {
            let pairs = try fields.allKeys.map { ($0.stringValue, try fields.decode(Shape.self, forKey: $0)) }
            self = .object(Dictionary(pairs) { first, _ in first })
        } else if var items = try? decoder.unkeyedContainer() {
            var shapes: [Shape] = []
            while !items.isAtEnd { shapes.append(try items.decode(Shape.self)) }
            self = .list(shapes)
        } else {
            self = try decoder.singleValueContainer().decodeNil() ? .null : .scalar
        }
    }

    func refuseKeys(besides known: Shape, at path: [any CodingKey]) throws {
        switch (self, known) {
        case (.object(let fields), .object(let knownFields)):
            for (name, shape) in fields.sorted(by: { $0.key < $1.key }) {
                if let next = knownFields[name] {
                    try shape.refuseKeys(besides: next, at: path + [Name(stringValue: name)])
                } else if case .null = shape {
                    continue
                } else {
                    let names = knownFields.keys.sorted().joined(separator: ", ")
                    throw DecodingError.dataCorrupted(
                        DecodingError.Context(codingPath: path, debugDescription: "no \"\(name)\", but \(names)"))
                }
            }
        case (.list(let items), .list(let knownItems)):
            for (item, known) in zip(items, knownItems) { try item.refuseKeys(besides: known, at: path) }
        default: break
        }
    }
}
