/// What a metric is, fixed at registration.
struct MetricDescriptor: Sendable {
    enum Kind: Hashable, Sendable {
        case counter, gauge, histogram, info
        case stateSet([String], label: String)
    }

    /// The name with the registry's prefix.
    let name: String
    let kind: Kind
    let help: String

    /// The unit, in which the name ends.
    let unit: String?

    /// The label names that its series differ in, sorted.
    let labelNames: [String]

    /// The labels that every series of the registry carries.
    let constantLabels: Labels

    /// The upper bounds of a histogram; nil for the rest.
    let buckets: HistogramBuckets?

    init(
        name: String, kind: Kind, help: String, unit: String? = nil, labelNames: [String], constantLabels: Labels,
        buckets: HistogramBuckets? = nil
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.unit = unit ?? Self.unit(of: name, kind)
        self.labelNames = labelNames
        self.constantLabels = constantLabels
        self.buckets = buckets
    }

    /// Whether a second registration with this description means the same metric.
    func isSame(as other: MetricDescriptor) -> Bool {
        name == other.name && kind == other.kind && help == other.help && labelNames == other.labelNames
            && buckets == other.buckets && unit == other.unit
    }

    /// The labels of the series with these values, as the output shows them.
    func outputLabels(_ values: [String]) -> [String: String] {
        constantLabels.dictionary.merging(zip(labelNames, values), uniquingKeysWith: { $1 })
    }

    private static func unit(of name: String, _ kind: Kind) -> String? {
        switch kind {
        // The format knows no unit of what is no number.
        case .info, .stateSet: return nil
        case .counter, .gauge, .histogram: break
        }
        let base = baseName(name, kind)
        return ["seconds", "bytes", "ratio", "dollars"].first { base.hasSuffix("_" + $0) }
    }

    static func baseName(_ name: String, _ kind: Kind) -> String {
        switch kind {
        case .counter: name.without(suffix: "_total")
        case .info: name.without(suffix: "_info")
        case .gauge, .histogram, .stateSet: name
        }
    }
}

extension String {
    fileprivate func without(suffix: String) -> String {
        hasSuffix(suffix) && utf8.count > suffix.utf8.count ? String(dropLast(suffix.count)) : self
    }
}
