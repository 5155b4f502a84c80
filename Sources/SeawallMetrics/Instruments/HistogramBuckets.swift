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

    /// Bounds for calls over a network, from 5 ms to 10 s: the defaults of the Prometheus clients.
    public static let latency = durations(
        [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000].map { .milliseconds($0) })

    /// The bounds as the output writes them.
    var boundTexts: [String] { bounds.texts }

    /// What is wrong with the bounds; nothing if they can be used.
    var problems: [String] {
        var problems: [String] = []
        let texts = boundTexts
        if texts.isEmpty || texts.count > 200 { problems.append("\(texts.count) buckets: expected 1 to 200") }
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
