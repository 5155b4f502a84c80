/// How long so many operations took.
struct Sample: Sendable {
    /// Wall time in nanoseconds; with several threads from the first's start to the last's end.
    var nanoseconds: Int64

    /// How many operations each thread made.
    var operations: Int

    /// Nanoseconds per operation.
    var cost: Double { Double(nanoseconds) / Double(max(1, operations)) }
}
