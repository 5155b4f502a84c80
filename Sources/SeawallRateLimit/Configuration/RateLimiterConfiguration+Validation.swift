internal import SeawallTime

extension RateLimiterConfiguration {
    /// Judges every field.
    ///
    /// - Throws: one `RateLimitError` of code `invalidConfiguration` that lists every bad field, its value, and what
    ///   was expected.
    public func validate() throws(RateLimitError) {
        let problems = laneProblems + bucketProblems + waiterProblems + keyProblems
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
    }

    private var laneProblems: [String] {
        if lanes.isEmpty { return ["lanes is empty, expected at least one"] }
        return lanes.enumerated().compactMap { index, lane in
            if lane.rawValue.isEmpty { return "lanes[\(index)] is empty, expected a name" }
            return lanes[..<index].contains(lane) ? "lanes[\(index)] is \(lane) again, expected each once" : nil
        }
    }

    private var bucketProblems: [String] {
        buckets.enumerated().flatMap { index, bucket in
            var problems = bucket.problems(lanes: lanes).map { "buckets[\(index)].\($0)" }
            if buckets[..<index].contains(where: { $0.name == bucket.name }) {
                problems.append("buckets[\(index)].name is \"\(bucket.name)\" again, expected each once")
            }
            return problems
        }
    }

    private var waiterProblems: [String] {
        (0...1_000_000).contains(maximumWaiters)
            ? [] : ["maximumWaiters is \(maximumWaiters), expected 0 to 1000000"]
    }

    private var keyProblems: [String] {
        (1...1_000_000).contains(maximumKeys) ? [] : ["maximumKeys is \(maximumKeys), expected 1 to 1000000"]
    }
}

extension BucketConfiguration {
    static let limits = 1...1_000_000_000_000_000
    static let windows = Duration.nanoseconds(1)...Duration.seconds(366 * 86_400)
    static let offsets = Duration.seconds(-366 * 86_400)...Duration.seconds(366 * 86_400)
    static let margins = 1...1_000

    fileprivate func problems(lanes: [Lane]) -> [String] {
        var problems: [String] = []
        if name.isEmpty { problems.append("name is empty, expected a name") }
        if !Self.limits.contains(limit) { problems.append("limit is \(limit), expected 1 to 10^15") }
        if !Self.windows.contains(window) { problems.append("window is \(window), expected 1 ns to 366 days") }
        if !Self.offsets.contains(offset) {
            problems.append("offset is \(offset), expected at most 366 days of either sign")
        }
        if shape == .decay, isReleasable {
            problems.append("isReleasable is true, expected false for a counter that falls")
        }
        if !Self.margins.contains(marginPerMille) {
            problems.append("marginPerMille is \(marginPerMille), expected 1 to 1000")
        }
        if !Self.margins.contains(sharePerMille) {
            problems.append("sharePerMille is \(sharePerMille), expected 1 to 1000")
        }
        // What follows from a bad limit, margin or share would only be noise beside it.
        guard Self.limits.contains(limit), Self.margins.contains(marginPerMille), Self.margins.contains(sharePerMille)
        else { return problems }
        // One for each all the same would be more than all of it for several.
        if sharePerMille < 1_000, Int128(limit) * Int128(marginPerMille) * Int128(sharePerMille) < 1_000_000 {
            problems.append(
                "sharePerMille is \(sharePerMille), expected a share that leaves at least 1 of \(wholeCapacity)")
        }
        if let burst, !(1...capacity).contains(burst) {
            let source =
                sharePerMille == 1_000
                ? "limit × marginPerMille / 1000" : "limit × marginPerMille × sharePerMille / 10^6"
            problems.append("burst is \(burst), expected 1 to \(capacity) (\(source))")
            return problems + reserveProblems(lanes: lanes, burst: capacity)
        }
        return problems + reserveProblems(lanes: lanes, burst: burst ?? capacity)
    }

    private func reserveProblems(lanes: [Lane], burst: Int) -> [String] {
        var problems: [String] = []
        var sum = 0
        for (lane, reserve) in reserves.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if !lanes.contains(lane) { problems.append("reserves[\(lane)] names a lane that is not in lanes") }
            if reserve < 0 { problems.append("reserves[\(lane)] is \(reserve), expected 0 or more") }
            if lane == lanes.last, reserve > 0 {
                problems.append("reserves[\(lane)] is \(reserve), expected 0 for the lowest lane")
            }
            sum = sum.addingSaturating(max(0, reserve))
        }
        let most = burst.subtractingSaturating(1)
        if sum > most { problems.append("reserves add up to \(sum), expected at most \(most) (burst less 1)") }
        return problems
    }
}
