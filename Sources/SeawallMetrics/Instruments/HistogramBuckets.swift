internal import SeawallTime

/// The upper bounds of a histogram's buckets, in durations or in plain numbers.
///
/// A bound belongs to its bucket. The bucket without bound (`+Inf`) is always there and is not named. Bounds are
/// checked when the histogram is registered.
public struct HistogramBuckets: Hashable, Sendable {
    let bounds: HistogramBounds

    /// Bounds in durations, written as seconds: from 1 to 200, rising, each from zero on.
    public static func durations(_ bounds: [Duration]) -> HistogramBuckets {
        HistogramBuckets(bounds: .nanoseconds(bounds.map(\.wholeNanoseconds)))
    }

    /// Bounds in plain numbers: from 1 to 200, rising, each finite.
    public static func numbers(_ bounds: [Double]) -> HistogramBuckets {
        HistogramBuckets(bounds: .numbers(bounds))
    }

    /// Bounds in durations, each so many times the one before it.
    ///
    /// - Parameters:
    ///   - start: The first bound, more than zero.
    ///   - factor: What each is multiplied with, more than 1; bounds are rounded to whole nanoseconds.
    ///   - count: How many, from 1 to 200.
    public static func exponential(from start: Duration, factor: Double, count: Int) -> HistogramBuckets {
        let first = Double(start.wholeNanoseconds)
        return HistogramBuckets(
            bounds: .nanoseconds(
                series(count, from: first, next: { $0 * factor }).map { HistogramBounds.wholeNanoseconds($0) }))
    }

    /// Bounds in durations, each so much above the one before it.
    ///
    /// - Parameters:
    ///   - start: The first bound, from zero on.
    ///   - width: The distance, more than zero.
    ///   - count: How many, from 1 to 200.
    public static func linear(from start: Duration, width: Duration, count: Int) -> HistogramBuckets {
        let step = width.wholeNanoseconds
        return HistogramBuckets(
            bounds: .nanoseconds(series(count, from: start.wholeNanoseconds, next: { $0.addingSaturating(step) })))
    }

    /// Bounds in plain numbers, each `factor` times the one before it: `start` above zero, `factor` above 1, `count` from
    /// 1 to 200.
    public static func exponential(from start: Double, factor: Double, count: Int) -> HistogramBuckets {
        HistogramBuckets(bounds: .numbers(series(count, from: start, next: { $0 * factor })))
    }

    /// Bounds in plain numbers, each `width` above the one before it: `width` above zero, `count` from 1 to 200.
    public static func linear(from start: Double, width: Double, count: Int) -> HistogramBuckets {
        HistogramBuckets(
            bounds: .numbers(series(count, from: 0.0, next: { $0 + 1 }).map { tidy(start + $0 * width) }))
    }

    /// Bounds for calls over a network, from 1 ms to 10 s: 1, 5, 10, 25, 50, 100, 250, 500 ms, 1, 2.5, 5 and 10 s.
    public static let latency = durations(
        [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000].map { .milliseconds($0) })

    /// So many members of a series, but no more than it takes to see that they are too many.
    private static func series<Value>(_ count: Int, from start: Value, next: (Value) -> Value) -> [Value] {
        var members: [Value] = []
        var member = start
        for _ in 0..<min(max(0, count), limit + 1) {
            members.append(member)
            member = next(member)
        }
        return members
    }

    /// The number without what a sum of decimals leaves behind: 0.3 and not 0.30000000000000004.
    private static func tidy(_ number: Double) -> Double {
        let tidied = (number * 1e9).rounded() / 1e9
        return abs(tidied - number) <= abs(number) * 1e-14 ? tidied : number
    }

    /// The most bounds that a histogram may have.
    private static let limit = 200

    /// The bounds as the text format 0.0.4 writes them.
    var boundTexts: [String] { bounds.texts }

    /// The bounds as a format writes them: OpenMetrics wants them to look like fractions.
    func boundTexts(_ format: MetricsTextFormat) -> [String] {
        guard format == .openMetrics else { return boundTexts }
        return boundTexts.map { $0.contains { $0 == "." || $0 == "e" } ? $0 : $0 + ".0" }
    }

    /// Whether something under zero has a bucket of its own, so that the sum may fall.
    var haveNegativeBound: Bool {
        switch bounds {
        case .nanoseconds: false
        case .numbers(let bounds): bounds.contains { $0 < 0 }
        }
    }

    /// What is wrong with the bounds; nothing if they can be used.
    var problems: [String] {
        var problems: [String] = []
        let texts = boundTexts
        if texts.isEmpty || texts.count > Self.limit { problems.append("\(texts.count) buckets: expected 1 to 200") }
        for (index, text) in texts.enumerated() {
            if !bounds.isUsable(at: index) {
                problems.append("bucket \(text): expected a finite number, for durations 0 to 292 years")
            } else if index > 0, !bounds.rises(at: index) {
                problems.append("bucket \(text): expected more than the bucket before it, \(texts[index - 1])")
            }
        }
        return problems
    }
}
