/// What a case keeps on any machine and under any load, so that it can be checked wherever the tests run.
struct Promise: Sendable {
    /// The case, with any number of threads.
    let name: String

    /// True where no operation allocates.
    let allocatesNothing: Bool

    /// The longest an operation may take, or nil: a bound that leaves load a wide margin, not a figure.
    let longest: Duration?

    /// Promises that no operation allocates.
    static func noAllocation(_ name: String) -> Promise {
        Promise(name: name, allocatesNothing: true, longest: nil)
    }

    /// Promises that an operation takes no longer.
    static func atMost(_ longest: Duration, _ name: String) -> Promise {
        Promise(name: name, allocatesNothing: false, longest: longest)
    }
}
