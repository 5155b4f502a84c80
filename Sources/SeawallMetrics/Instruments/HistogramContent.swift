internal import SeawallTime

/// What a histogram held at one reading.
struct HistogramContent: Sendable, Equatable {
    /// The count of each bucket with all below it; the last is the bucket without bound.
    let cumulativeCounts: [UInt64]
    let count: UInt64
    let sum: HistogramSum

    /// The estimate of a quantile: the value's place in its bucket by the observations under it, as Prometheus does it.
    func quantile(_ share: Double, bounds: [Double]) -> Double? {
        guard count > 0, share >= 0, share <= 1 else { return nil }
        let rank = share * Double(count)
        let bucket = cumulativeCounts.firstIndex { Double($0) >= rank && $0 > 0 } ?? bounds.count
        // Past the last bound nothing is known but that.
        guard bucket < bounds.count else { return bounds.last }
        let upper = bounds[bucket]
        let lower = bucket > 0 ? bounds[bucket - 1] : min(0, upper)
        let below = bucket > 0 ? Double(cumulativeCounts[bucket - 1]) : 0
        let inside = Double(cumulativeCounts[bucket]) - below
        guard bucket > 0 || upper > 0 else { return upper }
        return inside > 0 ? lower + (upper - lower) * max(0, (rank - below) / inside) : upper
    }
}

/// A histogram's sum, or one observation, in the unit in which it is kept.
enum HistogramSum: Sendable, Equatable {
    case nanoseconds(Int64)
    case number(Double)

    var asDouble: Double {
        switch self {
        case .nanoseconds(let nanoseconds): Double(nanoseconds) / 1e9
        case .number(let number): number
        }
    }

    /// Adds the sum of one bucket, given as the bits that its cell keeps.
    mutating func add(_ bits: UInt64) {
        switch self {
        case .nanoseconds(let sum): self = .nanoseconds(sum.addingSaturating(Int64(bitPattern: bits)))
        case .number(let sum): self = .number(Self.clamped(sum + Double(bitPattern: bits)))
        }
    }

    /// The number, or the end of the finite range that it passed.
    static func clamped(_ number: Double) -> Double {
        min(max(number, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }
}
