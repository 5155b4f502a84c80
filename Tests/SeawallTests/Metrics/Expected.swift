import Seawall

/// What a series is to show after something has happened.
struct Expected: Sendable {
    let metric: String
    let labels: [String: String]

    /// True where it shows it anyway, so that nothing need change.
    var isConstant = false

    /// What it is to show, for a message.
    let words: String

    /// Whether it is so, by what it showed before and what it shows now; nil where there is no such series.
    let isMet: @Sendable (_ before: Double?, _ now: Double?) -> Bool

    init(_ metric: String, _ value: Double) { self.init(metric, [:], value) }

    init(_ metric: String, _ labels: [String: String], _ value: Double) {
        self.init(metric, labels, "is \(value)") { $1 == value }
    }

    init(
        _ metric: String, _ labels: [String: String], _ words: String,
        _ isMet: @escaping @Sendable (_ before: Double?, _ now: Double?) -> Bool
    ) {
        self.metric = metric
        self.labels = labels
        self.words = words
        self.isMet = isMet
    }

    static func grows(_ metric: String, _ labels: [String: String] = [:]) -> Expected {
        Expected(metric, labels, "grows") { before, now in
            guard let now, !now.isNaN else { return false }
            return before.map { $0.isNaN || now > $0 } ?? true
        }
    }

    static func falls(_ metric: String, _ labels: [String: String] = [:]) -> Expected {
        Expected(metric, labels, "falls") { before, now in
            guard let now, let before else { return false }
            return now < before
        }
    }

    /// The same, also where it shows it before anything has happened.
    var asConstant: Expected {
        var expected = self
        expected.isConstant = true
        return expected
    }

    static func constant(_ metric: String, _ labels: [String: String], _ value: Double) -> Expected {
        var expected = Expected(metric, labels, value)
        expected.isConstant = true
        return expected
    }

    /// A number of the system's own, above zero.
    static func known(_ metric: String) -> Expected {
        var expected = Expected(metric, [:], "is above zero") { ($1 ?? 0) > 0 }
        expected.isConstant = true
        return expected
    }
}

extension MetricsRegistry {
    /// What a series shows now, of a histogram the number of its observations; nil where there is no such series.
    func reading(_ metric: String, _ labels: [String: String] = [:]) -> Double? {
        let snapshot = snapshot()
        for name in [prefix + metric, metric] {
            if let counter = snapshot.counters.first(where: { $0.name == name && $0.labels == labels }) {
                return counter.value
            }
            if let gauge = snapshot.gauges.first(where: { $0.name == name && $0.labels == labels }) {
                return gauge.value
            }
            if let histogram = snapshot.histograms.first(where: { $0.name == name && $0.labels == labels }) {
                return Double(histogram.count)
            }
        }
        return nil
    }

    /// How many lines a scrape brings, without comments.
    var lineCount: Int { prometheusText().split(separator: "\n").count { !$0.hasPrefix("#") } }
}
