extension MetricDescriptor {
    /// The name without the ending that tells a counter or an info.
    var baseName: String { Self.baseName(name, kind) }

    /// The name that HELP, TYPE and UNIT carry.
    func familyName(_ format: MetricsTextFormat) -> String {
        switch (format, kind) {
        case (.prometheus, .info): baseName + "_info"
        case (.prometheus, _): name
        case (.openMetrics, _): baseName
        }
    }

    /// The name of its samples; a histogram's have endings besides.
    func sampleName(_ format: MetricsTextFormat) -> String {
        switch (format, kind) {
        case (_, .info): baseName + "_info"
        case (.openMetrics, .counter): baseName + "_total"
        default: name
        }
    }

    /// What TYPE says.
    func typeName(_ format: MetricsTextFormat) -> String {
        switch (format, kind) {
        case (_, .counter): "counter"
        case (_, .histogram): "histogram"
        case (_, .gauge), (.prometheus, .info), (.prometheus, .stateSet): "gauge"
        case (.openMetrics, .info): "info"
        // The format knows a state set by the label of its own name.
        case (.openMetrics, .stateSet(_, let label)): label == name ? "stateset" : "gauge"
        }
    }

    /// Every name that it has in any format, as a family or as a sample.
    var claimedNames: [String] {
        switch kind {
        case .counter: [name, baseName, baseName + "_total", baseName + "_created"].uniqued
        case .gauge, .stateSet: [name]
        case .histogram: [name, name + "_bucket", name + "_count", name + "_sum", name + "_created"]
        case .info: [name, baseName, baseName + "_info"].uniqued
        }
    }

    /// OpenMetrics allows no sum that may fall, and no count without a sum.
    func showsSum(_ format: MetricsTextFormat) -> Bool {
        format == .prometheus || buckets?.haveNegativeBound != true
    }

    /// Whether OpenMetrics says when its series were made.
    var hasCreationTime: Bool {
        switch kind {
        case .counter, .histogram: true
        case .gauge, .info, .stateSet: false
        }
    }

    /// What a message calls the kind.
    var kindName: String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        case .info: "info"
        case .stateSet: "state set"
        }
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var unique: [String] = []
        for element in self where !unique.contains(element) { unique.append(element) }
        return unique
    }
}
