import SeawallChaos

/// What became of one promise.
struct Verdict: Equatable, Sendable {
    /// The three ways that it can end.
    enum Outcome: String, Sendable {
        case kept, broken
        case notTried = "not tried"
    }

    /// How often it was put to a decisive test.
    var checked = 0

    /// How often it had to be; 0 where the scenario does not try it.
    var minimum = 0

    /// Each time it was broken.
    var broken: [String] = []

    /// Broken once is broken; tested less often than it must be is not tried.
    var outcome: Outcome {
        if !broken.isEmpty { return .broken }
        return checked >= max(1, minimum) ? .kept : .notTried
    }

    /// True where the run must not be called good for this promise.
    var isFailure: Bool { !broken.isEmpty || checked < minimum }

    /// The sum over two runs.
    mutating func add(_ other: Verdict) {
        checked += other.checked
        minimum += other.minimum
        broken += other.broken
    }
}
