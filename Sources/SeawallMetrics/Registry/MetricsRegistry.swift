public import SeawallTime

/// The metrics of one bot, in one place, and the text that a Prometheus server takes.
///
/// No part uses a global registry: make one and hand it down, or hand down ``shared``. Registering a metric again gives
/// the same family, so parts need not know who came first. All of it may be used from any thread; registering takes a
/// lock, looking up a child that is there and updating a handle take none.
///
/// Wrong use of a handle never traps and never throws; it is counted in `…metrics_faults_total` by metric and fault
/// (`refused_update`, `wrong_labels`, `overflow`), which every registry has.
public final class MetricsRegistry: Sendable {
    struct Contents: Sendable {
        var byName: [String: any AnyFamily] = [:]
        var sorted: [any AnyFamily] = []
        var ownerOfName: [String: String] = [:]
        var collectors: [@Sendable () -> Void] = []
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

    /// A registry for who asks for one of the process; the library itself never does.
    public static let shared = MetricsRegistry()

    let contents = Lock(Contents())
    let faults: CounterFamily
    let time: any TimeSource

    /// Makes a registry with the prefix `seawall_`, no constant labels and the default series limit.
    public convenience init() {
        self.init(
            checkedPrefix: "seawall_", constantLabels: [:], seriesLimit: Self.defaultSeriesLimit, time: SystemTime())
    }

    /// Makes a registry.
    ///
    /// - Parameters:
    ///   - prefix: What every name begins with; may be empty.
    ///   - constantLabels: Labels that every series carries, with values of at most 1,024 bytes. No metric may have a label
    ///     of the same name.
    ///   - seriesLimit: The most series of one metric besides its overflow series, from 1 on.
    ///   - time: Says when a series was made and a summary was taken.
    /// - Throws: `MetricsError.Code.invalid` with every argument that is outside its range.
    public convenience init(
        prefix: String, constantLabels: Labels = [:], seriesLimit: Int = MetricsRegistry.defaultSeriesLimit,
        time: any TimeSource = SystemTime()
    ) throws(MetricsError) {
        var problems = NameRules.labelProblems(constantLabels.names, besides: Self.faultLabels)
        problems += NameRules.valueProblems(constantLabels)
        if let problem = NameRules.prefixProblem(prefix) { problems.insert(problem, at: 0) }
        if seriesLimit < 1 { problems.append("series limit \(seriesLimit): expected 1 or more") }
        if !problems.isEmpty { throw MetricsError(.invalid, problems) }
        self.init(checkedPrefix: prefix, constantLabels: constantLabels, seriesLimit: seriesLimit, time: time)
    }

    private init(
        checkedPrefix prefix: String, constantLabels: Labels, seriesLimit: Int, time: any TimeSource
    ) {
        self.prefix = prefix
        self.constantLabels = constantLabels
        self.seriesLimit = seriesLimit
        self.time = time
        let descriptor = MetricDescriptor(
            name: prefix + "metrics_faults_total", kind: .counter,
            help: "Wrong uses of a metric: refused updates, wrong labels, series past the limit.",
            labelNames: Self.faultLabels, constantLabels: constantLabels)
        let own = MetricFaults(metric: descriptor.name, family: nil)
        faults = CounterFamily(
            SeriesTable(descriptor, limit: Self.defaultSeriesLimit, time: time, faults: own) { Counter(faults: own) })
        let family = faults
        contents.withLock { $0.add(family) }
    }

    /// Has `collect` run before each reading of the metrics, to set what is only worth knowing then.
    ///
    /// It is called on the thread that reads, under no lock, and should be quick.
    public func beforeReading(_ collect: @escaping @Sendable () -> Void) {
        contents.withLock { $0.collectors.append(collect) }
    }

    /// All metrics in the order of their names, after the callbacks have had their turn.
    func readyFamilies() -> [any AnyFamily] {
        for collect in contents.withLock({ $0.collectors }) { collect() }
        let families = contents.withLock { $0.sorted }
        for family in families { family.refresh() }
        return families
    }

    private static let faultLabels = ["fault", "metric"]
}

extension MetricsRegistry.Contents {
    mutating func add(_ family: any AnyFamily) {
        let name = family.descriptor.name
        byName[name] = family
        for claimed in family.descriptor.claimedNames { ownerOfName[claimed] = name }
        let position = sorted.firstIndex { $0.descriptor.name > name } ?? sorted.endIndex
        sorted.insert(family, at: position)
    }
}
