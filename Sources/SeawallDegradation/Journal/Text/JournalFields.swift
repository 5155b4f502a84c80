internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The fields of a line; a field that is needed and is not there, or is no such thing, makes the line unreadable.
struct JournalFields {
    /// The line is not what its kind must be.
    struct Unreadable: Error {}

    private let fields: [String: JSONValue]

    init(_ fields: [String: JSONValue]) { self.fields = fields }

    func text(_ key: String) throws(Unreadable) -> String {
        guard let text = try optionalText(key) else { throw Unreadable() }
        return text
    }

    func optionalText(_ key: String) throws(Unreadable) -> String? {
        switch fields[key] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw Unreadable()
        }
    }

    func texts(_ key: String) throws(Unreadable) -> [String] {
        switch fields[key] {
        case nil, .null: return []
        case .array(let values):
            var texts: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw Unreadable() }
                texts.append(text)
            }
            return texts
        default: throw Unreadable()
        }
    }

    func number(_ key: String) throws(Unreadable) -> Int64 {
        guard let number = try optionalNumber(key) else { throw Unreadable() }
        return number
    }

    func optionalNumber(_ key: String) throws(Unreadable) -> Int64? {
        switch fields[key] {
        case nil, .null: return nil
        case .number(let number): return number
        default: throw Unreadable()
        }
    }

    func flag(_ key: String) throws(Unreadable) -> Bool {
        switch fields[key] {
        case nil, .null: return false
        case .bool(let flag): return flag
        default: throw Unreadable()
        }
    }

    func identifier<ID: BrokerIdentifier>(_ key: String, as _: ID.Type = ID.self) throws(Unreadable) -> ID {
        ID(rawValue: try text(key))
    }

    func optionalIdentifier<ID: BrokerIdentifier>(_ key: String, as _: ID.Type = ID.self) throws(Unreadable) -> ID? {
        try optionalText(key).map { ID(rawValue: $0) }
    }

    /// One word of a closed set.
    func word<Word: RawRepresentable<String>>(_ key: String, as _: Word.Type = Word.self) throws(Unreadable) -> Word {
        guard let word = Word(rawValue: try text(key)) else { throw Unreadable() }
        return word
    }

    func decimal(_ key: String) throws(Unreadable) -> Decimal {
        guard let decimal = try optionalDecimal(key) else { throw Unreadable() }
        return decimal
    }

    func optionalDecimal(_ key: String) throws(Unreadable) -> Decimal? {
        guard let text = try optionalText(key) else { return nil }
        guard let decimal = Decimal(journalText: text) else { throw Unreadable() }
        return decimal
    }

    func instant(_ key: String) throws(Unreadable) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: try number(key))
    }

    func moment() throws(Unreadable) -> JournalMoment {
        JournalMoment(
            at: try instant("at"), civil: CivilInstant(nanosecondsSinceEpoch: try number("civil")))
    }
}

extension JSONWriter {
    mutating func add(_ key: StaticString, _ id: (some BrokerIdentifier)?) { add(key, id?.rawValue) }

    mutating func add(_ key: StaticString, _ decimal: Decimal?) { add(key, decimal?.journalText) }

    mutating func add(_ moment: JournalMoment) {
        add("at", moment.at.nanoseconds)
        add("civil", moment.civil.nanosecondsSinceEpoch)
    }
}
