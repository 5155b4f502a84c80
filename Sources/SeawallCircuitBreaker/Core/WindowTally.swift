internal import SeawallTime

/// Calls counted by what they were.
struct WindowTally: Hashable, Sendable {
    var calls = 0
    var failures = 0
    var slow = 0

    static func += (sum: inout WindowTally, other: WindowTally) {
        // Wrapping and saturating nowhere: no process lives for 2^63 calls.
        sum.calls = sum.calls.addingSaturating(other.calls)
        sum.failures = sum.failures.addingSaturating(other.failures)
        sum.slow = sum.slow.addingSaturating(other.slow)
    }

    static func -= (sum: inout WindowTally, other: WindowTally) {
        sum.calls -= other.calls
        sum.failures -= other.failures
        sum.slow -= other.slow
    }

    /// Whether `count` of the calls are `perMille` or more, in whole numbers.
    func reaches(_ perMille: Int, by count: Int) -> Bool {
        Int128(count) * 1_000 >= Int128(perMille) * Int128(calls)
    }

    /// `count` per thousand calls, rounded down; nil where there were none.
    func perMille(of count: Int) -> Int? {
        calls == 0 ? nil : Int(Int128(count) * 1_000 / Int128(calls))
    }
}
