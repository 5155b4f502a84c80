public import SeawallMetrics

/// Where the metrics of a layer go, and under which names.
public struct LayerMetricsConfiguration: Sendable {
    /// What every name begins with; may be empty.
    ///
    /// Default `seawall_`. Where `registry` is given, its own prefix counts.
    public var prefix = "seawall_"

    /// The value of the label `venue` of every series; nil, the default, for no such label.
    public var venue: String?

    /// The value of the label `account` of every series; nil, the default, for no such label.
    public var account: String?

    /// The registry to register with; nil, the default, for one of the layer's own.
    ///
    /// Several layers may share one if each names another venue or account, all of them the same labels. A metric has as
    /// many series as the registry allows: count with 400 a layer. What the registry keeps of a layer stays as it was last
    /// read when the layer is gone.
    public var registry: MetricsRegistry?

    /// Whether the metrics of the process are registered too, such as its memory.
    ///
    /// Default true. Layers that share a registry register them once.
    public var includesProcess = true

    /// The names of labels besides `phase` that a phase of the bot's work may have, such as `strategy`.
    ///
    /// Default none. `layer.phase(_:labels:_:)` gives their values, few of them, for each set of values is a series; one that
    /// is not given is empty.
    public var phaseLabels: [String] = []

    /// Makes the default configuration.
    public init() {}

    /// The labels that every series of the layer carries.
    var labels: [(String, String)] {
        [("account", account), ("venue", venue)].compactMap { name, value in value.map { (name, $0) } }
    }
}
