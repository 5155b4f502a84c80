internal import SeawallTime

/// What a histogram held at one reading.
struct HistogramContent: Sendable, Equatable {
    /// The count of each bucket with all below it; the last is the bucket without bound.
    let cumulativeCounts: [UInt64]
    let count: UInt64
    let sum: HistogramSum
}

/// A histogram's sum in the unit in which it is kept.
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
