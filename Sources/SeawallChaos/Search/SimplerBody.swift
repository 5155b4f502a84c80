/// A simpler way to run the body of a search, for the shrinker to try: smaller latencies, fewer symbols, fewer orders.
public struct SimplerBody: Sendable {
    /// What the report calls it.
    public var name: String

    /// What a run does.
    public var body: SeedSearch.Body

    /// Makes one.
    public init(_ name: String, body: @escaping SeedSearch.Body) {
        self.name = name
        self.body = body
    }
}
