/// What the rounds of one case came to.
struct Measurement: Sendable {
    /// The case.
    var name: String

    /// How many threads worked on one shared object.
    var threads: Int

    /// Nanoseconds per operation as one thread sees it, the median of the rounds.
    var nanoseconds: Double

    /// The name of the case that it is compared with, on one thread.
    var baseline: String?

    /// The median over the median of the baseline in the same rounds.
    var ratio: Double?

    /// Allocations per operation; nil where they cannot be counted.
    var allocations: Double?

    /// What is measured, where the name does not say it.
    var note: String
}
