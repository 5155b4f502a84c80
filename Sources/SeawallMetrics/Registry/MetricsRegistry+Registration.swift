internal import SeawallTime

extension MetricsRegistry {
    /// Registers a counter: a number that never falls.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix, by convention ending in `_total`.
    ///   - help: One sentence for whoever reads the output.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name that is refused, or where another metric has the name.
    public func counter(_ name: String, help: String, labels: [String] = []) throws(MetricsError) -> CounterFamily {
        try register(name, .counter, help: help, labels: labels, buckets: nil) { descriptor, faults in
            CounterFamily(descriptor, limit: seriesLimit, faults: faults)
        }
    }

    /// Registers a gauge: a number that goes up and down.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix.
    ///   - help: One sentence for whoever reads the output.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name that is refused, or where another metric has the name.
    public func gauge(_ name: String, help: String, labels: [String] = []) throws(MetricsError) -> GaugeFamily {
        try register(name, .gauge, help: help, labels: labels, buckets: nil) { descriptor, faults in
            GaugeFamily(descriptor, limit: seriesLimit, faults: faults)
        }
    }

    /// Registers a histogram: how many observations fell under each of some bounds, and their sum.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix, by convention ending in its unit, such as `_seconds`.
    ///   - help: One sentence for whoever reads the output.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    ///   - buckets: The upper bounds; the last bucket, without bound, is always there.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name and bound that is refused, or where another metric has the name.
    public func histogram(
        _ name: String, help: String, labels: [String] = [], buckets: HistogramBuckets = .latency
    ) throws(MetricsError) -> HistogramFamily {
        try register(name, .histogram, help: help, labels: labels, buckets: buckets) { descriptor, faults in
            HistogramFamily(descriptor, buckets: buckets, limit: seriesLimit, faults: faults)
        }
    }

    private func register<Family: MetricFamily>(
        _ name: String, _ kind: MetricDescriptor.Kind, help: String, labels: [String], buckets: HistogramBuckets?,
        make: (MetricDescriptor, MetricFaults) -> Family
    ) throws(MetricsError) -> Family {
        let descriptor = MetricDescriptor(
            name: prefix + name, kind: kind, help: help, labelNames: labels.sorted(), constantLabels: constantLabels,
            buckets: buckets)
        var problems = NameRules.labelProblems(descriptor.labelNames, besides: constantLabels.names)
        if let problem = NameRules.metricNameProblem(descriptor.name) { problems.insert(problem, at: 0) }
        problems += buckets?.problems ?? []
        if !problems.isEmpty { throw MetricsError(.invalid, problems) }
        // Made before the lock, thrown away where the metric is known: registration is rare.
        let family = make(descriptor, MetricFaults(metric: descriptor.name, family: faults))
        return try contents.withLock { (contents) throws(MetricsError) in
            if let known = contents.byName[descriptor.name] {
                if let known = known as? Family, known.descriptor.isSame(as: descriptor) { return known }
                throw conflict(descriptor, with: known.descriptor)
            }
            for sample in descriptor.sampleNames {
                guard let owner = contents.ownerOfSample[sample] else { continue }
                throw MetricsError(.conflict, ["\(descriptor.name): \(owner) already writes lines named \(sample)"])
            }
            contents.add(family)
            return family
        }
    }

    private func conflict(_ wanted: MetricDescriptor, with known: MetricDescriptor) -> MetricsError {
        var problems: [String] = []
        func compare(_ what: String, _ wanted: String, _ known: String) {
            if wanted != known { problems.append("\(what) is \(known), not \(wanted)") }
        }
        compare("kind", wanted.kind.rawValue, known.kind.rawValue)
        compare("help", String(reflecting: wanted.help), String(reflecting: known.help))
        compare("labels", "\(wanted.labelNames)", "\(known.labelNames)")
        compare("buckets", "\(wanted.buckets?.boundTexts ?? [])", "\(known.buckets?.boundTexts ?? [])")
        if problems.isEmpty { problems.append("buckets differ in their unit") }
        return MetricsError(.conflict, problems.map { "\(wanted.name): \($0)" })
    }
}
