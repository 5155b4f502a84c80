public import SeawallTime

/// The values of all metrics in the shape that dashboards without a Prometheus server read.
///
/// It encodes to `timestamp`, `counters`, `gauges` and `histograms`, each keyed by the series: the name, with labels
/// `name{key=value,key2=value2}`, keys sorted. In a value of a label, a backslash stands before `,`, `=`, `{`, `}` and
/// itself, and a line feed is `\n`. Of values that Unicode takes for the same text, such as a letter with its accent and
/// one with the accent beside it, all but the first are written as `\u{301}` where they are not ASCII. So no two series
/// have one key.
public struct MetricsSummary: Codable, Hashable, Sendable {
    /// The content of one histogram.
    public struct Histogram: Codable, Hashable, Sendable {
        /// The number of observations.
        public var count: UInt64

        /// Their sum, in seconds where they are durations.
        public var sum: Double

        /// Their mean; 0 where there are none.
        public var mean: Double

        /// How many lie at or under each bound, by the bound's text; those past the last bound are only in `count`.
        public var buckets: [String: UInt64]
    }

    /// When it was taken, in ISO 8601 with microseconds, UTC.
    public var timestamp: String

    /// The counters by series.
    public var counters: [String: Double]

    /// The gauges by series; what JSON has no number for is `"NaN"`, `"+Inf"` or `"-Inf"`.
    public var gauges: [String: Double] { looseGauges.mapValues(\.value) }

    /// The histograms by series.
    public var histograms: [String: Histogram]

    private var looseGauges: [String: LooseNumber]

    private enum CodingKeys: String, CodingKey {
        case timestamp, counters, histograms
        case looseGauges = "gauges"
    }

    /// Makes a summary of a snapshot, taken at an instant.
    public init(_ snapshot: MetricsSnapshot, at instant: CivilInstant) {
        timestamp = instant.microsecondText
        counters = [:]
        histograms = [:]
        looseGauges = [:]
        for reading in snapshot.counters {
            counters[Self.key(reading.name, reading.labels, notIn: counters)] = reading.value
        }
        for reading in snapshot.gauges {
            looseGauges[Self.key(reading.name, reading.labels, notIn: looseGauges)] = LooseNumber(reading.value)
        }
        for reading in snapshot.histograms {
            histograms[Self.key(reading.name, reading.labels, notIn: histograms)] = Histogram(reading)
        }
    }

    /// The key of a series beside those that are taken.
    private static func key<Value>(
        _ name: String, _ labels: [String: String], notIn taken: [String: Value]
    ) -> String {
        let key = key(name, labels)
        return taken[key] == nil ? key : Self.key(name, labels, isASCII: true)
    }

    /// The key of a series.
    static func key(_ name: String, _ labels: [String: String], isASCII: Bool = false) -> String {
        if labels.isEmpty { return name }
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\(escaped($0.value, isASCII: isASCII))" }
        return "\(name){\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ value: String, isASCII: Bool) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case ",", "=", "{", "}", "\\":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            case _ where isASCII && !scalar.isASCII: escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension MetricsSummary.Histogram {
    init(_ reading: HistogramReading) {
        count = reading.count
        sum = reading.sum
        mean = reading.count == 0 ? 0 : reading.sum / Double(reading.count)
        buckets = [:]
        for bucket in reading.buckets where bucket.bound.isFinite { buckets["\(bucket.bound)"] = bucket.count }
    }
}

extension CivilInstant {
    /// The instant as `2024-01-07T12:00:00.000000+00:00`.
    fileprivate var microsecondText: String {
        let remainder = nanosecondsSinceEpoch % 1_000_000_000
        let digits = String((remainder < 0 ? remainder + 1_000_000_000 : remainder) / 1_000)
        let seconds = iso8601Text.prefix { $0 != "." && $0 != "Z" }
        return "\(seconds)." + String(repeating: "0", count: 6 - digits.count) + digits + "+00:00"
    }
}

extension MetricsRegistry {
    /// The values of all metrics now, in the shape that dashboards without a Prometheus server read.
    public func summary() -> MetricsSummary {
        MetricsSummary(snapshot(), at: time.civilNow)
    }
}
