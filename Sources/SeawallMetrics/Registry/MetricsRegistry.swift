internal import SeawallTime

/// The metrics of one bot, in one place, and the text that a Prometheus server takes.
///
/// There is no global registry: make one and hand it down. Registering a metric again gives the same family, so parts
/// need not know who came first. All of it may be used from any thread; registering and looking children up take a
/// lock, updating a handle takes none.
///
/// Wrong use of a handle never traps and never throws; it is counted in `…metrics_faults_total` by metric and fault
/// (`refused_update`, `wrong_labels`, `overflow`), which every registry has.
public final class MetricsRegistry: Sendable {
    struct Contents: Sendable {
        var byName: [String: any MetricFamily] = [:]
        var sorted: [any MetricFamily] = []
        var ownerOfSample: [String: String] = [:]
    }

    /// The value of every label of the series that takes what is past the series limit.
    public static let overflowLabelValue = "__overflow__"

    /// The number of series a metric may have besides its overflow series, unless told otherwise.
    public static let defaultSeriesLimit = 1_000

    /// What every name begins with.
    public let prefix: String

    /// Labels that every series carries, for example account and venue.
    public let constantLabels: Labels

    /// The most series that one metric may have besides its overflow series.
    public let seriesLimit: Int

    let contents = Lock(Contents())
    let faults: CounterFamily

    /// Makes a registry with the prefix `seawall_`, no constant labels and the default series limit.
    public convenience init() {
        self.init(checkedPrefix: "seawall_", constantLabels: [:], seriesLimit: Self.defaultSeriesLimit)
    }

    /// Makes a registry.
    ///
    /// - Parameters:
    ///   - prefix: What every name begins with; may be empty.
    ///   - constantLabels: Labels that every series carries. No metric may have a label of the same name.
    ///   - seriesLimit: The most series of one metric besides its overflow series, from 1 on.
    /// - Throws: `MetricsError.Code.invalid` with every argument that is outside its range.
    public convenience init(
        prefix: String, constantLabels: Labels = [:], seriesLimit: Int = MetricsRegistry.defaultSeriesLimit
    ) throws(MetricsError) {
        var problems = NameRules.labelProblems(constantLabels.names, besides: Self.faultLabels)
        if let problem = NameRules.prefixProblem(prefix) { problems.insert(problem, at: 0) }
        if seriesLimit < 1 { problems.append("series limit \(seriesLimit): expected 1 or more") }
        if !problems.isEmpty { throw MetricsError(.invalid, problems) }
        self.init(checkedPrefix: prefix, constantLabels: constantLabels, seriesLimit: seriesLimit)
    }

    private init(checkedPrefix prefix: String, constantLabels: Labels, seriesLimit: Int) {
        self.prefix = prefix
        self.constantLabels = constantLabels
        self.seriesLimit = seriesLimit
        let descriptor = MetricDescriptor(
            name: prefix + "metrics_faults_total", kind: .counter,
            help: "Wrong uses of a metric: refused updates, wrong labels, series past the limit.",
            labelNames: Self.faultLabels, constantLabels: constantLabels, buckets: nil)
        faults = CounterFamily(
            descriptor, limit: Self.defaultSeriesLimit, faults: MetricFaults(metric: descriptor.name, family: nil))
        let family = faults
        contents.withLock { $0.add(family) }
    }

    /// All metrics in the order of their names.
    var families: [any MetricFamily] { contents.withLock { $0.sorted } }

    private static let faultLabels = ["fault", "metric"]
}

extension MetricsRegistry.Contents {
    mutating func add(_ family: any MetricFamily) {
        let name = family.descriptor.name
        byName[name] = family
        for sample in family.descriptor.sampleNames { ownerOfSample[sample] = name }
        let position = sorted.firstIndex { $0.descriptor.name > name } ?? sorted.endIndex
        sorted.insert(family, at: position)
    }
}
