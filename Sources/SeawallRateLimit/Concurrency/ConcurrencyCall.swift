/// A call in flight, as a learnt limit knows it: when it began, and under which limit.
struct ConcurrencyCall: Hashable, Sendable {
    /// When it began, in nanoseconds.
    var began: Int64

    /// The epoch in which it began.
    var epoch: UInt64 = 0

    /// Whether it is one of those that its epoch is judged by.
    var isSampled = false

    /// Whether the limit was in use when it began.
    var findsLimitInUse = false

    /// The quiet time in which it began; nil where it began in a crowd.
    var quiet: UInt64?
}
