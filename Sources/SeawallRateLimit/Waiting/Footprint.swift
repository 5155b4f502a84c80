/// What a call touches: buckets by place and scopes by name, both sorted and each once.
struct Footprint: Hashable, Sendable {
    var buckets: [Int]
    var scopes: [String]
}

extension Footprint {
    /// What a call touches that charges one bucket and names no scope.
    init(bucket: Int, of configuration: BucketConfiguration) {
        self.init(buckets: [bucket], scopes: configuration.scope.isEmpty ? [] : [configuration.scope])
    }
}

/// Everything that somebody who waits holds against those behind.
struct HeldBack: Sendable {
    private var buckets: Set<Int> = []
    private var scopes: Set<String> = []

    mutating func hold(_ footprint: Footprint) {
        buckets.formUnion(footprint.buckets)
        scopes.formUnion(footprint.scopes)
    }

    func touches(_ footprint: Footprint) -> Bool {
        footprint.buckets.contains(where: buckets.contains) || footprint.scopes.contains(where: scopes.contains)
    }
}

extension Footprint {
    func shares(with other: Footprint) -> Bool {
        buckets.contains(where: other.buckets.contains) || scopes.contains(where: other.scopes.contains)
    }
}
