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

/// What those who wait hold back: in their own lane the buckets that they are to take from, in lower lanes their scopes too.
///
/// So a new order never goes before a cancel of its scopes, whatever the cancel waits for. In a lane an open scope holds up
/// nobody: to pass it takes nothing from others, and a shut one stops those behind by itself. Else one cancel that waits for
/// a scope of its own would stop them all, for every call touches the address that it comes from.
struct HeldBack: Sendable {
    private var buckets: Set<Int> = []
    private var scopes: Set<String> = []
    private var scopesOfLane: Set<String> = []

    mutating func hold(_ footprint: Footprint) {
        buckets.formUnion(footprint.buckets)
        scopesOfLane.formUnion(footprint.scopes)
    }

    /// The next lane is a lower one.
    mutating func endLane() {
        scopes.formUnion(scopesOfLane)
        scopesOfLane.removeAll(keepingCapacity: true)
    }

    func touches(_ footprint: Footprint) -> Bool {
        footprint.buckets.contains(where: buckets.contains) || footprint.scopes.contains(where: scopes.contains)
    }
}

extension Footprint {
    func sharesBucket(with other: Footprint) -> Bool { buckets.contains(where: other.buckets.contains) }

    func shares(with other: Footprint) -> Bool {
        sharesBucket(with: other) || scopes.contains(where: other.scopes.contains)
    }
}
