/// A weight in one bucket, by the bucket's place in the limiter.
struct Toll: Hashable, Sendable {
    var bucket: Int
    var weight: Int
    /// What must be left when it has been taken.
    var leaving = 0
}

/// The weights of one call: up to three, as most have, need no memory of their own.
struct Tolls: Sendable {
    private(set) var count = 0
    private var first = Toll(bucket: 0, weight: 0)
    private var second = Toll(bucket: 0, weight: 0)
    private var third = Toll(bucket: 0, weight: 0)
    private var others: [Toll] = []

    mutating func append(_ toll: Toll) {
        switch count {
        case 0: first = toll
        case 1: second = toll
        case 2: third = toll
        default: others.append(toll)
        }
        count += 1
    }
}

extension Tolls: RandomAccessCollection {
    var startIndex: Int { 0 }

    var endIndex: Int { count }

    subscript(position: Int) -> Toll {
        switch position {
        case 0: first
        case 1: second
        case 2: third
        default: others[position - 3]
        }
    }
}
