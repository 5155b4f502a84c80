internal import SeawallTime

/// One update, kept with labels that lead to where it happened.
struct Exemplar: Sendable, Equatable {
    /// The most scalars that OpenMetrics allows in the names and values of an exemplar's labels together.
    static let longest = 128

    let labels: Labels
    let value: HistogramSum
    let time: CivilInstant?

    /// Nil where the labels are too long, or a name is outside the grammar or occurs twice.
    init?(_ labels: Labels, value: HistogramSum, time: CivilInstant?) {
        let lengths = (labels.names + labels.values).map(\.unicodeScalars.count)
        guard lengths.reduce(0, +) <= Self.longest, NameRules.areLabels(labels.names) else { return nil }
        self.labels = labels
        self.value = value
        self.time = time
    }
}
