internal import SeawallMetrics

/// A metric of one layer, whose series carry the layer's labels beside their own.
struct ScopedFamily<Handle: Instrument>: Sendable {
    private let family: MetricFamily<Handle>
    private let labels: [(String, String)]

    init(_ family: MetricFamily<Handle>, _ labels: [(String, String)]) {
        self.family = family
        self.labels = labels
    }

    /// The handle of the series with these labels, made at zero if it is new; keep it where it is updated often.
    @discardableResult
    func with(_ own: (String, String)...) -> Handle { with(own) }

    /// The handle of the series with these labels, made at zero if it is new.
    func with(_ own: [(String, String)]) -> Handle { family.with(Labels(own + labels)) }
}
