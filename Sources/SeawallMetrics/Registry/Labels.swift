/// Names and values that tell one series of a metric from the others.
///
/// Write a dictionary literal: `["op": "place", "result": "ok"]`. The order does not matter. A name that occurs twice
/// does not trap; such labels match no metric. Values may hold any text.
public struct Labels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The names, sorted.
    public let names: [String]

    /// The values, in the order of `names`.
    public let values: [String]

    /// Makes labels from pairs in any order.
    public init(_ pairs: some Sequence<(String, String)>) {
        var sorted = Array(pairs)
        if sorted.count > 1 { sorted.sort { $0 < $1 } }
        names = sorted.map(\.0)
        values = sorted.map(\.1)
    }

    /// Makes labels from a dictionary.
    public init(_ dictionary: [String: String]) {
        self.init(dictionary.map { ($0.key, $0.value) })
    }

    /// Makes labels from a dictionary literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// Whether there are no labels.
    public var isEmpty: Bool { names.isEmpty }

    /// The labels as a dictionary; of a name that occurs twice the last value stays.
    var dictionary: [String: String] {
        Dictionary(zip(names, values), uniquingKeysWith: { $1 })
    }
}
