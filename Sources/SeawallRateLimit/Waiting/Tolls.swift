/// A weight in one bucket, by the bucket's place in the limiter.
struct Toll: Hashable, Sendable {
    var bucket: Int
    var weight: Int
    /// What must be left when it has been taken.
    var leaving = 0
    /// How much of the bucket had been settled when this was taken.
    var settledBefore = 0
}

/// The weights of one call, of which most have one: that one needs no memory of its own.
struct Tolls: Sendable {
    private var first: Toll?
    private var others: [Toll] = []

    mutating func append(_ toll: Toll) {
        if first == nil { first = toll } else { others.append(toll) }
    }
}

extension Tolls: RandomAccessCollection, MutableCollection {
    var startIndex: Int { 0 }

    var endIndex: Int { first == nil ? 0 : others.count + 1 }

    subscript(position: Int) -> Toll {
        get { position == 0 ? first ?? Toll(bucket: 0, weight: 0) : others[position - 1] }
        set { if position == 0 { first = newValue } else { others[position - 1] = newValue } }
    }
}
