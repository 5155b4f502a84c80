internal import SeawallTime

extension MetricsRegistry {
    /// Registers a counter: a number that never falls.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix, by convention ending in `_total`.
    ///   - help: One sentence for whoever reads the output.
    ///   - unit: The unit in which the name ends before `_total`; `seconds`, `bytes`, `ratio` and `dollars` are found there.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name that is refused, or where another metric has the name.
    public func counter(
        _ name: String, help: String, unit: String? = nil, labels: [String] = []
    ) throws(MetricsError) -> CounterFamily {
        try register(describe(name, .counter, help, unit, labels)) { faults in { Counter(faults: faults) } }
    }

    /// Registers a gauge: a number that goes up and down.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix.
    ///   - help: One sentence for whoever reads the output.
    ///   - unit: The unit in which the name ends; `seconds`, `bytes`, `ratio` and `dollars` are found there.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name that is refused, or where another metric has the name.
    public func gauge(
        _ name: String, help: String, unit: String? = nil, labels: [String] = []
    ) throws(MetricsError) -> GaugeFamily {
        try register(describe(name, .gauge, help, unit, labels)) { faults in { Gauge(faults: faults) } }
    }

    /// Registers a histogram: how many observations fell under each of some bounds, and their sum.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix, by convention ending in its unit, such as `_seconds`.
    ///   - help: One sentence for whoever reads the output.
    ///   - unit: The unit in which the name ends; `seconds`, `bytes`, `ratio` and `dollars` are found there.
    ///   - labels: The names of its labels, in any order; without any it has one series, from the start.
    ///   - buckets: The upper bounds; the last bucket, without bound, is always there.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name and bound that is refused, or where another metric has the name.
    public func histogram(
        _ name: String, help: String, unit: String? = nil, labels: [String] = [], buckets: HistogramBuckets = .latency
    ) throws(MetricsError) -> HistogramFamily {
        let bounds = BoundTable(buckets.bounds)
        return try register(describe(name, .histogram, help, unit, labels, buckets)) { faults in
            { Histogram(bounds, faults: faults) }
        }
    }

    /// Registers a set of states of which exactly one holds, as one series of 0 or 1 a state.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix.
    ///   - help: One sentence for whoever reads the output.
    ///   - states: The states, from 1 to 100, each once; a new child is in the first.
    ///   - stateLabel: The label that names the state; nil is the metric's own name, by which OpenMetrics knows a state set.
    ///   - labels: The names of its other labels, in any order; without any it has one series, from the start.
    /// - Returns: The family, the same for every equal registration.
    /// - Throws: `MetricsError` with every name and state that is refused, or where another metric has the name.
    public func stateSet(
        _ name: String, help: String, states: [String], stateLabel: String? = nil, labels: [String] = []
    ) throws(MetricsError) -> StateSetFamily {
        let label = stateLabel ?? prefix + name
        let states = states.map(\.withoutNUL)
        return try register(describe(name, .stateSet(states, label: label), help, nil, labels)) { faults in
            { StateSet(states, faults: faults) }
        }
    }

    /// Registers facts that do not change, such as a version, as labels of one series that is always 1.
    ///
    /// - Parameters:
    ///   - name: The name after the prefix; its series ends in `_info`.
    ///   - help: One sentence for whoever reads the output.
    ///   - facts: The facts by name, at least one. Several registrations of one name with the same names of facts make
    ///     several series.
    /// - Throws: `MetricsError` with every name that is refused, or where another metric has the name.
    public func info(_ name: String, help: String, _ facts: Labels) throws(MetricsError) {
        let descriptor = describe(name, .info, help, nil, facts.names)
        let family: MetricFamily<Gauge> = try register(descriptor) { faults in { Gauge(faults: faults) } }
        family.with(facts).set(1)
    }
}

extension MetricsRegistry {
    func describe(
        _ name: String, _ kind: MetricDescriptor.Kind, _ help: String, _ unit: String?, _ labels: [String],
        _ buckets: HistogramBuckets? = nil
    ) -> MetricDescriptor {
        MetricDescriptor(
            name: prefix + name, kind: kind, help: help, unit: unit, labelNames: labels.sorted(),
            constantLabels: constantLabels, buckets: buckets)
    }

    func register<Handle: Instrument>(
        _ descriptor: MetricDescriptor, _ maker: (MetricFaults) -> @Sendable () -> Handle
    ) throws(MetricsError) -> MetricFamily<Handle> {
        let problems = problems(of: descriptor)
        if !problems.isEmpty { throw MetricsError(.invalid, problems) }
        // Made before the lock, thrown away where the metric is known: registration is rare.
        let metricFaults = MetricFaults(metric: descriptor.name, family: faults)
        let make = maker(metricFaults)
        let family = MetricFamily<Handle>(
            SeriesTable(descriptor, limit: seriesLimit, time: time, faults: metricFaults) { make() })
        return try contents.withLock { (contents) throws(MetricsError) in
            if let known = contents.byName[descriptor.name] {
                if let known = known as? MetricFamily<Handle>, known.descriptor.isSame(as: descriptor) { return known }
                throw conflict(descriptor, with: known.descriptor)
            }
            for name in descriptor.claimedNames {
                guard let owner = contents.ownerOfName[name] else { continue }
                throw MetricsError(.conflict, ["\(descriptor.name): \(owner) already writes lines named \(name)"])
            }
            contents.add(family)
            return family
        }
    }

    private func problems(of descriptor: MetricDescriptor) -> [String] {
        var problems: [String] = []
        if let problem = NameRules.metricNameProblem(descriptor.name) { problems.append(problem) }
        if let unit = descriptor.unit, let problem = NameRules.unitProblem(unit, of: descriptor.baseName) {
            problems.append(problem)
        }
        problems += NameRules.labelProblems(descriptor.labelNames, besides: constantLabels.names)
        switch descriptor.kind {
        case .stateSet(let states, let label):
            problems += NameRules.stateProblems(
                states, label: label, besides: descriptor.labelNames + constantLabels.names)
            // The metric's own name may hold colons, and is then no label.
            problems += NameRules.labelProblems([label], besides: [])
        case .info where descriptor.labelNames.isEmpty:
            problems.append("\(descriptor.name): 0 facts, expected at least one")
        default: break
        }
        return problems + (descriptor.buckets?.problems ?? [])
    }

    private func conflict(_ wanted: MetricDescriptor, with known: MetricDescriptor) -> MetricsError {
        var problems: [String] = []
        func compare(_ what: String, _ wanted: String, _ known: String) {
            if wanted != known { problems.append("\(what) is \(known), not \(wanted)") }
        }
        compare("kind", wanted.kindName, known.kindName)
        compare("help", String(reflecting: wanted.help), String(reflecting: known.help))
        compare("unit", wanted.unit ?? "none", known.unit ?? "none")
        compare("labels", "\(wanted.labelNames)", "\(known.labelNames)")
        compare("buckets", "\(wanted.buckets?.boundTexts ?? [])", "\(known.buckets?.boundTexts ?? [])")
        if problems.isEmpty {
            problems.append(wanted.buckets == nil ? "states differ" : "buckets differ in their unit")
        }
        return MetricsError(.conflict, problems.map { "\(wanted.name): \($0)" })
    }
}
