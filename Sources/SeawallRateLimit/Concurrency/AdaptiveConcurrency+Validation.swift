internal import SeawallTime

extension AdaptiveConcurrency {
    static let limits = 1...1_000_000
    static let sampleCounts = 5...1_000
    static let tolerances = 10...10_000
    static let smoothings = 10...1_000
    static let cuts = 100...990
    static let probeIntervals = Duration.seconds(1)...Duration.seconds(86_400)

    /// Judges every field.
    ///
    /// - Throws: one `RateLimitError` of code `invalidConfiguration` that lists every bad field, its value, and what was
    ///   expected.
    public func validate() throws(RateLimitError) {
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
    }

    var problems: [String] {
        limitProblems
            + [
                Self.problem("samples", samples, in: Self.sampleCounts),
                Self.problem("tolerancePerMille", tolerancePerMille, in: Self.tolerances),
                Self.problem("smoothingPerMille", smoothingPerMille, in: Self.smoothings),
                Self.problem("cutPerMille", cutPerMille, in: Self.cuts),
                Self.probeIntervals.contains(probeInterval)
                    ? nil : "probeInterval is \(probeInterval), expected 1 s to 1 day",
            ].compactMap(\.self)
    }

    private var limitProblems: [String] {
        let ends = [
            Self.problem("minimum", minimum, in: Self.limits), Self.problem("maximum", maximum, in: Self.limits),
        ].compactMap(\.self)
        // What follows from a bad floor or ceiling would only be noise beside it.
        guard ends.isEmpty else { return ends }
        guard minimum <= maximum else { return ["maximum is \(maximum), expected \(minimum) (minimum) or more"] }
        return [
            Self.problem("initial", initial, in: minimum...maximum, " (minimum to maximum)"),
            Self.problem("probeLimit", probeLimit, in: minimum...maximum, " (minimum to maximum)"),
        ].compactMap(\.self)
    }

    private static func problem(
        _ name: String, _ value: Int, in range: ClosedRange<Int>, _ meaning: String = ""
    ) -> String? {
        range.contains(value)
            ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)\(meaning)"
    }
}
