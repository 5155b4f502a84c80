/// What a metric is, fixed at registration.
struct MetricDescriptor: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// The name with the registry's prefix.
    let name: String
    let kind: Kind
    let help: String

    /// The label names that its series differ in, sorted.
    let labelNames: [String]

    /// The labels that every series of the registry carries.
    let constantLabels: Labels

    /// The upper bounds of a histogram; nil for the rest.
    let buckets: HistogramBuckets?

    /// Whether a second registration with this description means the same metric.
    func isSame(as other: MetricDescriptor) -> Bool {
        name == other.name && kind == other.kind && help == other.help && labelNames == other.labelNames
            && buckets == other.buckets
    }

    /// The names that its samples have in the text, and its own.
    var sampleNames: [String] {
        kind == .histogram ? [name, name + "_bucket", name + "_count", name + "_sum"] : [name]
    }

    /// The labels of the series with these values, as the output shows them.
    func outputLabels(_ values: [String]) -> [String: String] {
        constantLabels.dictionary.merging(zip(labelNames, values), uniquingKeysWith: { $1 })
    }

    /// The HELP and TYPE lines.
    var header: [UInt8] {
        var text = PrometheusText()
        text.append("# HELP \(name) ")
        text.appendEscapedHelp(help)
        text.append("\n# TYPE \(name) \(kind.rawValue)\n")
        return text.bytes
    }

    /// What stands before the value on each line of a series: one line, or a histogram's buckets, sum and count.
    func linePrefixes(_ values: [String]) -> [[UInt8]] {
        guard let buckets else { return [linePrefix(suffix: "", values: values, bound: nil)] }
        return (buckets.boundTexts + ["+Inf"]).map { linePrefix(suffix: "_bucket", values: values, bound: $0) }
            + [
                linePrefix(suffix: "_sum", values: values, bound: nil),
                linePrefix(suffix: "_count", values: values, bound: nil),
            ]
    }

    private func linePrefix(suffix: String, values: [String], bound: String?) -> [UInt8] {
        var labels = Array(zip(constantLabels.names, constantLabels.values)) + Array(zip(labelNames, values))
        if let bound { labels.append(("le", bound)) }
        var text = PrometheusText()
        text.append(name)
        text.append(suffix)
        var separator = "{"
        for (label, value) in labels {
            text.append("\(separator)\(label)=\"")
            text.appendEscapedLabelValue(value)
            text.append("\"")
            separator = ","
        }
        text.append(labels.isEmpty ? " " : "} ")
        return text.bytes
    }
}
